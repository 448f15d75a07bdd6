import { MarqueeError } from '@marquee/errors';

/** The four collections of every data cluster's main database, and no others. */
export const COLLECTIONS = ['movies', 'person', 'users', 'user_interactions'] as const;

export type CollectionName = (typeof COLLECTIONS)[number];

/** A key's size limit in UTF-8 bytes: well under what an index entry may hold, far over any real id. */
export const KEY_MAX_BYTES = 512;

/** Separates the movie from the handle in an interaction's id; neither of them may contain it. */
export const INTERACTION_ID_SEPARATOR = ':';

export const isCollectionName = (value: unknown): value is CollectionName =>
  (COLLECTIONS as readonly unknown[]).includes(value);

/** @throws UNKNOWN_COLLECTION */
export const parseCollectionName = (value: unknown): CollectionName => {
  if (isCollectionName(value)) return value;
  throw new MarqueeError('UNKNOWN_COLLECTION', { collection: String(value).slice(0, 64) });
};

/**
 * The slot key of a document: what decides its slot. A movie's interactions (`movieId:handle`) and
 * their counts (`movieId`) share the movie's slot, so that they can share a transaction.
 *
 * @throws KEY_INVALID if `id` is not a well-formed string of 1 to 512 UTF-8 bytes without NUL.
 */
export const slotKeyOf = (collection: CollectionName, id: unknown): string => {
  if (typeof id !== 'string') {
    throw new MarqueeError('KEY_INVALID', { collection, expected: 'a string', got: typeof id });
  }
  const sizeBytes = Buffer.byteLength(id, 'utf8');
  if (sizeBytes === 0 || sizeBytes > KEY_MAX_BYTES || id.includes('\0') || !id.isWellFormed()) {
    throw new MarqueeError('KEY_INVALID', {
      collection,
      expected: `1 to ${String(KEY_MAX_BYTES)} bytes of UTF-8 without NUL`,
      sizeBytes,
    });
  }
  if (collection !== 'user_interactions') return id;
  const end = id.indexOf(INTERACTION_ID_SEPARATOR);
  if (end === 0) throw new MarqueeError('KEY_INVALID', { collection, expected: 'movieId:handle' });
  return end === -1 ? id : id.slice(0, end);
};
