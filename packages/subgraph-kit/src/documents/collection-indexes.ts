import type { CollectionName } from '@marquee/topology';

/** An index of a collection, in the words of MongoDB's `createIndexes`. */
export interface IndexSpecification {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
}

const index = (key: Readonly<Record<string, 1 | -1>>): IndexSpecification => ({
  name: Object.entries(key)
    .map(([field, direction]) => `${field}_${String(direction)}`)
    .join('_'),
  key,
});

/**
 * Every index that the subgraphs' queries need, by collection; what creates the collections creates
 * these. Orders end in `_id`, in the direction of the field before, as the router's pages do.
 */
export const COLLECTION_INDEXES: Readonly<Record<CollectionName, readonly IndexSpecification[]>> = {
  movies: [
    index({ slot: 1 }),
    index({ search: 1 }),
    index({ typos: 1 }),
    index({ personIds: 1, year: -1, releaseDate: -1, _id: -1 }),
    index({ genres: 1, popularity: -1, _id: -1 }),
    index({ popularity: -1, _id: -1 }),
    index({ titleSort: 1, _id: 1 }),
    index({ year: -1, _id: -1 }),
    index({ rating: -1, _id: -1 }),
  ],
  person: [
    index({ slot: 1 }),
    index({ search: 1 }),
    index({ typos: 1 }),
    index({ nameSort: 1, _id: 1 }),
    index({ popularity: -1, _id: -1 }),
  ],
  users: [index({ slot: 1 }), index({ search: 1 })],
  user_interactions: [
    index({ slot: 1 }),
    index({ handle: 1, updatedAt: -1, _id: -1 }),
    index({ movieId: 1, updatedAt: -1, _id: -1 }),
    index({ kind: 1, updatedAt: -1, _id: -1 }),
    index({ kind: 1, hidden: 1, likeCount: -1, _id: -1 }),
  ],
};
