import type { StoredDocument } from '@marquee/slot-protocol';
import { compareValues } from './bson-order.ts';
import type { DocumentFilter, ListQuery } from './shard-router.ts';

/** A value that documents may be sorted by. */
export type SortValue = null | number | string | boolean | Date;

/** A place in an order: the values of a document there, its id last. */
export type SortKey = readonly SortValue[];

/**
 * A total order of documents: the fields asked for, then `_id` in the last of their directions, so that
 * one index serves an order and its reverse.
 */
export class ListOrder {
  readonly fields: readonly (readonly [field: string, direction: 1 | -1])[];

  constructor(sort: ListQuery['sort']) {
    const direction = sort.at(-1)?.direction ?? 1;
    this.fields = [
      ...sort.map(({ field, direction: own }) => [field, own] as const),
      ['_id', direction],
    ];
  }

  keyOf(document: StoredDocument): SortKey {
    return this.fields.map(([field]) => valueAt(document, field));
  }

  compare(left: SortKey, right: SortKey): number {
    for (const [index, [, direction]] of this.fields.entries()) {
      const order = compareValues(left[index], right[index]);
      if (order !== 0) return order * direction;
    }
    return 0;
  }

  /** What holds for exactly the documents behind `key`. */
  behind(key: SortKey): DocumentFilter {
    const alternatives = this.fields.flatMap(([field, direction], index) => {
      const beyond = beyondValue(field, direction, key[index] ?? null);
      if (beyond === undefined) return [];
      const equal = this.fields
        .slice(0, index)
        .map(([before], i) => ({ [before]: key[i] ?? null }));
      return [equal.length === 0 ? beyond : { $and: [...equal, beyond] }];
    });
    return { $or: alternatives };
  }
}

/**
 * Documents whose value comes later. Comparisons of MongoDB see only values of the same type, and a
 * field has one type or is absent, which sorts first.
 */
const beyondValue = (
  field: string,
  direction: 1 | -1,
  value: SortValue,
): DocumentFilter | undefined => {
  if (direction === 1) return { [field]: value === null ? { $ne: null } : { $gt: value } };
  if (value === null) return undefined;
  const lower = { [field]: { $lt: value } };
  return field === '_id' ? lower : { $or: [lower, { [field]: null }] };
};

const valueAt = (document: StoredDocument, path: string): SortValue => {
  let value: unknown = document;
  for (const name of path.split('.')) {
    value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  }
  return (value ?? null) as SortValue;
};
