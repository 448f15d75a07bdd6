import type { CollectionName } from '@marquee/topology';
import type { IndexDescription } from 'mongodb';

/** Every collection is walked slot by slot when a slot is copied, compared or cleared. */
const BY_SLOT: IndexDescription = { key: { slot: 1, _id: 1 } };

/**
 * What the graph asks for, as indexes, in the one place where they are declared. Each list's order ends
 * in `_id`, as the router's cursors do; a descending list walks the index backwards.
 */
export const DOMAIN_INDEXES: Readonly<Record<CollectionName, readonly IndexDescription[]>> = {
  movies: [
    BY_SLOT,
    { key: { titleSort: 1, _id: 1 } },
    { key: { popularity: 1, _id: 1 } },
    { key: { year: 1, _id: 1 } },
    { key: { rating: 1, _id: 1 } },
    { key: { runtimeMinutes: 1, _id: 1 } },
    { key: { genres: 1, popularity: 1, _id: 1 } },
    { key: { languages: 1, popularity: 1, _id: 1 } },
    { key: { countries: 1, popularity: 1, _id: 1 } },
    { key: { personIds: 1, year: 1, releaseDate: 1, _id: 1 } },
    { key: { search: 1 } },
    { key: { typos: 1 } },
  ],
  person: [
    BY_SLOT,
    { key: { nameSort: 1, _id: 1 } },
    { key: { popularity: 1, _id: 1 } },
    { key: { search: 1 } },
    { key: { typos: 1 } },
  ],
  users: [BY_SLOT, { key: { search: 1 } }, { key: { 'erasure.state': 1 }, sparse: true }],
  user_interactions: [
    BY_SLOT,
    { key: { handle: 1, updatedAt: 1, _id: 1 } },
    { key: { movieId: 1, updatedAt: 1, _id: 1 } },
    { key: { kind: 1, updatedAt: 1, _id: 1 } },
    { key: { kind: 1, hidden: 1, likeCount: 1, _id: 1 } },
  ],
};

/**
 * What the protocol itself needs of `records`; numbers are their `_id`. The operation id comes first:
 * a bulk write looks for many ids in many slots, and each is in one of them.
 */
export const RECORD_INDEXES: readonly IndexDescription[] = [
  { key: { operationId: 1, slot: 1 }, unique: true },
];
