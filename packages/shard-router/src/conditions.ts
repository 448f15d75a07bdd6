import type { DocumentFilter } from './shard-router.ts';

/** All of the conditions; in one level where no two speak of the same field. */
export const allOf = (conditions: readonly DocumentFilter[]): DocumentFilter => {
  const fields = conditions.flatMap((condition) => Object.keys(condition));
  return new Set(fields).size === fields.length
    ? Object.fromEntries(conditions.flatMap((condition) => Object.entries(condition)))
    : { $and: conditions.filter((condition) => Object.keys(condition).length > 0) };
};

/** What a caller asks for, tombstones left out unless they are wanted. */
export const conditionsOf = (
  filter: DocumentFilter,
  includeDeleted: boolean | undefined,
): DocumentFilter[] => [filter, ...(includeDeleted === true ? [] : [{ deleted: false }])];
