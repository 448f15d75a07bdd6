import { UUID } from 'bson';
import { decode, encode } from '../documents/codec.ts';
import { compileFilter } from '../documents/filter.ts';
import {
  type Document,
  documentOf,
  isDocument,
  isTruthy,
  toSafeInteger,
  type Value,
} from '../documents/value.ts';

export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: 1 | -1;
}

/**
 * What the entries of an index turned out to be. Only ever switched on, the moment the first such
 * entry is made (stored beside it), because the planner must never trust an index too much.
 */
export interface IndexFacts {
  /** A bit for each field whose values came out of arrays: one document may have several entries then. */
  multikeyFields: number;
  /** Some value was too long for a key and was cut, so the index's order is not the values' order. */
  shortened: boolean;
  /** All of this is in the store, or with the writes that are on their way there. */
  stored: boolean;
}

export interface Index {
  readonly id: number;
  readonly name: string;
  readonly key: Document;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partialFilter: Document | undefined;
  /** Whether a document belongs into a partial index. */
  readonly covers: ((document: Document) => boolean) | undefined;
  /** As listIndexes shows it. */
  readonly spec: Document;
  /** Being filled: writers keep it up, readers do not know it yet. */
  readonly building: boolean;
  readonly facts: IndexFacts;
}

export interface Collection {
  readonly id: number;
  readonly database: string;
  readonly name: string;
  readonly namespace: string;
  readonly uuid: UUID;
  readonly options: Document;
  /** The first one is `_id_`. */
  readonly indexes: readonly Index[];
  /** Shared by all versions of the collection. Numbers of aborted inserts are not used again. */
  readonly recordIds: { next: number };
}

/** All collections at one moment. Never changed in place: a reader keeps the one that belongs to its snapshot. */
export class Catalog {
  readonly collections: ReadonlyMap<string, Collection>;

  constructor(collections: ReadonlyMap<string, Collection> = new Map()) {
    this.collections = collections;
  }

  get(namespace: string): Collection | undefined {
    return this.collections.get(namespace);
  }

  with(collection: Collection): Catalog {
    return new Catalog(new Map(this.collections).set(collection.namespace, collection));
  }

  without(namespace: string): Catalog {
    const collections = new Map(this.collections);
    collections.delete(namespace);
    return new Catalog(collections);
  }

  ofDatabase(database: string): Collection[] {
    return [...this.collections.values()]
      .filter((collection) => collection.database === database)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  databases(): string[] {
    return [
      ...new Set([...this.collections.values()].map((collection) => collection.database)),
    ].sort();
  }
}

export const indexFromSpec = (
  id: number,
  spec: Document,
  options: { building: boolean; facts?: IndexFacts },
): Index => {
  const key = spec.get('key') as Document;
  const partialFilter = spec.get('partialFilterExpression');
  const partial = isDocument(partialFilter) ? partialFilter : undefined;
  const filter = partial && compileFilter(partial);
  return {
    id,
    name: spec.get('name') as string,
    key,
    fields: [...key].map(([path, direction]) => ({
      path,
      parts: path.split('.'),
      direction: (toSafeInteger(direction) ?? 1) < 0 ? -1 : 1,
    })),
    unique: isTruthy(spec.get('unique')) || isIdKey(key),
    sparse: isTruthy(spec.get('sparse')),
    partialFilter: partial,
    covers: filter && ((document) => filter.matches(document)),
    spec,
    building: options.building,
    facts: options.facts ?? { multikeyFields: 0, shortened: false, stored: true },
  };
};

export const isIdKey = (key: Document): boolean => key.size === 1 && key.has('_id');

export const newIdIndex = (id: number): Index =>
  indexFromSpec(id, documentOf({ v: 2, key: { _id: 1 }, name: '_id_' }), { building: false });

export const encodeCollection = (collection: Collection): Buffer =>
  encode(
    documentOf({
      id: collection.id,
      database: collection.database,
      name: collection.name,
      uuid: collection.uuid,
      options: collection.options,
      indexes: collection.indexes.map(({ id, spec, building }) => ({ id, spec, building })),
    }),
  ) as Buffer;

export const decodeCollection = (
  bytes: Buffer,
  factsOf: (indexId: number) => IndexFacts,
): Collection => {
  const stored = decode(bytes);
  const database = stored.get('database') as string;
  const name = stored.get('name') as string;
  return {
    id: integer(stored.get('id')),
    database,
    name,
    namespace: `${database}.${name}`,
    uuid: new UUID((stored.get('uuid') as UUID).toString('hex')),
    options: stored.get('options') as Document,
    indexes: (stored.get('indexes') as Document[]).map((index) => {
      const id = integer(index.get('id'));
      return indexFromSpec(id, index.get('spec') as Document, {
        building: index.get('building') === true,
        facts: factsOf(id),
      });
    }),
    recordIds: { next: 1 },
  };
};

const integer = (value: Value): number => toSafeInteger(value) ?? 0;
