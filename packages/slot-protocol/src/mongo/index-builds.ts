import { COLLECTIONS } from '@marquee/topology';
import { MongoServerError, type Collection, type IndexDescription } from 'mongodb';
import { DOMAIN_INDEXES, RECORD_INDEXES } from '../indexes.ts';
import { RECORDS } from '../stored-names.ts';
import type { ClusterCollections } from './cluster-collections.ts';

/** MongoDB's NamespaceNotFound: no collection, no indexes. */
const NAMESPACE_NOT_FOUND = 26;

/** What is needed of a collection, whatever its documents are. */
type Indexed = Pick<Collection, 'createIndexes' | 'listIndexes'>;

interface DeclaredIndex {
  /** As people read it, and as it is kept: `movies {"slot":1,"_id":1}`. */
  readonly name: string;
  readonly collection: Indexed;
  readonly description: IndexDescription;
}

const declared = (collections: ClusterCollections): DeclaredIndex[] => {
  const of = (name: string, collection: unknown, descriptions: readonly IndexDescription[]) =>
    descriptions.map((description) => ({
      name: `${name} ${JSON.stringify(description.key)}`,
      collection: collection as Indexed,
      description,
    }));
  return [
    ...COLLECTIONS.flatMap((name) => of(name, collections.documents[name], DOMAIN_INDEXES[name])),
    ...of(RECORDS, collections.records, RECORD_INDEXES),
  ];
};

/**
 * Builds every declared index that is missing, and keeps in the cluster which ones are built: MongoDB
 * lists an index from the moment its build begins, and only the answer to `createIndexes` says that it
 * has ended.
 */
export const buildIndexes = async (collections: ClusterCollections): Promise<void> => {
  const all = declared(collections);
  const names = (indexes: readonly DeclaredIndex[]) => indexes.map(({ name }) => name);
  const unlisted = await withoutListed(all);
  if (unlisted.length > 0) {
    await collections.built.updateOne(
      { _id: 'indexes' },
      { $pull: { built: { $in: names(unlisted) } } },
    );
  }
  for (const [collection, indexes] of byCollection(all)) {
    await collection.createIndexes(indexes.map(({ description }) => description));
  }
  await collections.built.updateOne(
    { _id: 'indexes' },
    { $addToSet: { built: { $each: names(all) } } },
    { upsert: true },
  );
};

/** Declared indexes that are not there, or whose build has not ended. */
export const missingIndexes = async (collections: ClusterCollections): Promise<string[]> => {
  const all = declared(collections);
  const kept = await collections.built.findOne({ _id: 'indexes' });
  const built = new Set(kept?.built);
  const unlisted = new Set(await withoutListed(all));
  return all.filter((index) => unlisted.has(index) || !built.has(index.name)).map((i) => i.name);
};

const withoutListed = async (all: readonly DeclaredIndex[]): Promise<DeclaredIndex[]> => {
  const missing: DeclaredIndex[] = [];
  for (const [collection, indexes] of byCollection(all)) {
    const listed = await list(collection);
    missing.push(
      ...indexes.filter(({ description }) => !listed.some((each) => isSame(each, description))),
    );
  }
  return missing;
};

const byCollection = (all: readonly DeclaredIndex[]): Map<Indexed, DeclaredIndex[]> => {
  const grouped = new Map<Indexed, DeclaredIndex[]>();
  for (const index of all) {
    grouped.set(index.collection, [...(grouped.get(index.collection) ?? []), index]);
  }
  return grouped;
};

const list = async (collection: Indexed): Promise<IndexDescription[]> => {
  try {
    return (await collection.listIndexes().toArray()) as IndexDescription[];
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
};

// Another index of the same fields in the same order would do other things.
const isSame = (left: IndexDescription, right: IndexDescription): boolean =>
  identity(left) === identity(right);

const identity = (index: IndexDescription): string =>
  JSON.stringify([
    index.key,
    index.unique ?? false,
    index.sparse ?? false,
    index.partialFilterExpression ?? null,
    index.expireAfterSeconds ?? null,
  ]);
