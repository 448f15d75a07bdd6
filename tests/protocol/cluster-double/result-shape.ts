import type { PageRequest, StoredDocument } from '@marquee/slot-protocol';
import { compareValues } from './compare-values.ts';

type Documents = (left: StoredDocument, right: StoredDocument) => number;

/** A comparison of documents by the fields of a sort, none of which may be an array. */
export const inOrder =
  (sort: PageRequest['sort']): Documents =>
  (left, right) => {
    for (const [field, direction] of sort) {
      const order = direction * compareValues(left[field], right[field]);
      if (order !== 0) return order;
    }
    return 0;
  };

/** The document with the fields that a projection names, or without those that it excludes. */
export const projected = (
  document: StoredDocument,
  projection: PageRequest['projection'],
): StoredDocument => {
  if (projection === undefined) return document;
  const named = Object.keys(projection);
  const includes = named.some((field) => field !== '_id' && Boolean(projection[field]));
  const kept = Object.entries(document).filter(([field]) =>
    field === '_id' ? projection['_id'] !== 0 : named.includes(field) === includes,
  );
  return Object.fromEntries(kept) as unknown as StoredDocument;
};
