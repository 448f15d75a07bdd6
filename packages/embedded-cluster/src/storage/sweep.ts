import type { Catalog } from './catalog.ts';
import {
  afterPrefix,
  collectionPrefix,
  indexFactsKey,
  indexPrefix,
  KIND,
  ownerIdOf,
} from './keys.ts';
import type { Store } from './store.ts';

/** Small enough that a batch neither holds up the event loop nor makes a group slow to sync. */
const BATCH_KEYS = 500;

/** Deletes the keys of collections and indexes that no catalog knows any more. */
export const sweepDropped = async (store: Store, stopped: () => boolean): Promise<void> => {
  for (const [kind, prefixOf] of [
    [KIND.document, collectionPrefix],
    [KIND.index, indexPrefix],
    [KIND.indexFacts, indexFactsKey],
  ] as const) {
    let from: Buffer = Buffer.of(kind);
    while (!stopped()) {
      const known = knownIds(store);
      const view = store.latest({ majority: false });
      let removed = 0;
      let next: Buffer | undefined;
      for (const { key } of view.range(from, Buffer.of(kind + 1))) {
        const id = ownerIdOf(key);
        if (known.has(id)) {
          next = afterPrefix(prefixOf(id));
          break;
        }
        view.remove(key);
        if (++removed === BATCH_KEYS) {
          next = key;
          break;
        }
      }
      if (removed > 0) await store.commits.settled();
      if (!next) break;
      from = next;
    }
  }
};

/** A transaction's new collection is not in any shared catalog yet, nor are its keys; those on disk alone matter here. */
const knownIds = (store: Store): Set<number> => {
  const ids = new Set<number>();
  const catalogs: Catalog[] = [store.commits.latestCatalog, store.commits.durable.catalog];
  for (const catalog of catalogs) {
    for (const collection of catalog.collections.values()) {
      ids.add(collection.id);
      for (const index of collection.indexes) ids.add(index.id);
    }
  }
  return ids;
};
