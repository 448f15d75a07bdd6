import { Kind, parse, type SelectionSetNode } from 'graphql';

/**
 * A fetch that failed as a whole has an error for every field it was to bring, up to this many: the
 * first ones say it all, and a page of 100 films must not answer with 1,000 errors.
 */
export const FAILED_FIELDS_MAX = 100;

export interface FetchError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface FailedFetch {
  readonly query: string;
  /** How many entities it asked for; undefined for a fetch of root fields. */
  readonly entityCount: number | undefined;
}

/**
 * Spreads an error over the fields that are missing because of it, in the form in which a subgraph
 * gives its own: a path that begins at the fetch's root field or at `_entities`, which the gateway
 * translates into the path in the client's operation. An error without a path is one of the whole
 * fetch; one of an entity is one of each field that the fetch was to bring for it.
 */
export const fieldErrors = (error: FetchError, fetch: FailedFetch): FetchError[] => {
  const { path = [] } = error;
  const isOfEntities = path.length === 0 || path[0] === '_entities';
  if (path.length > 2 || !isOfEntities) return [error];
  const fields = responseNames(fetch.query, fetch.entityCount !== undefined);
  const entities =
    path.length === 2 ? path.slice(1) : Array.from({ length: fetch.entityCount ?? 0 }, (_, i) => i);
  const paths =
    fetch.entityCount === undefined
      ? fields.map((field) => [field])
      : entities.flatMap((entity) => fields.map((field) => ['_entities', entity, field]));
  return paths.slice(0, FAILED_FIELDS_MAX).map((fieldPath) => ({ ...error, path: fieldPath }));
};

// Names that the gateway selects for itself are no fields that the client misses.
const responseNames = (query: string, ofEntities: boolean): string[] => {
  const document = parse(query, { noLocation: true });
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition.selectionSet] as const]
        : [],
    ),
  );
  const namesIn = (selectionSet: SelectionSetNode | undefined): string[] =>
    (selectionSet?.selections ?? []).flatMap((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return namesIn(selection.selectionSet);
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        return namesIn(fragments.get(selection.name.value));
      const name = selection.alias?.value ?? selection.name.value;
      return name === '__typename' ? [] : [name];
    });
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  const [first] = operation.selectionSet.selections;
  if (!ofEntities) return [...new Set(namesIn(operation.selectionSet))];
  return first?.kind === Kind.FIELD ? [...new Set(namesIn(first.selectionSet))] : [];
};
