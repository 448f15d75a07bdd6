import { type Catalog, type Collection, encodeCollection } from './catalog.ts';
import type { Entry } from './environment.ts';
import { catalogKey } from './keys.ts';
import { rangeLayered, readLayered } from './layered-read.ts';
import { keyText } from './memtable.ts';
import type { Store } from './store.ts';
import type { WriteView } from './view.ts';

/**
 * The newest state, on disk or not, for writes outside of transactions. Between two awaits nothing
 * else runs, so what is read and then changed without awaiting is one atomic step.
 */
export class LatestView implements WriteView {
  readonly inTransaction = false;
  readonly #store: Store;
  readonly #majority: boolean;

  constructor(store: Store, options: { majority: boolean }) {
    this.#store = store;
    this.#majority = options.majority;
  }

  get catalog(): Catalog {
    return this.#store.commits.latestCatalog;
  }

  get(key: Buffer): Buffer | undefined {
    const { tables, durable } = this.#store.commits;
    return readLayered(tables, durable.snapshot, key, keyText(key));
  }

  range(start: Buffer, end: Buffer, reverse = false): Iterable<Entry> {
    const { tables, durable } = this.#store.commits;
    return rangeLayered(tables, durable.snapshot, start, end, reverse);
  }

  claim(key: Buffer): void {
    this.#store.conflicts.claim(keyText(key), this.#store.commits.sequence);
  }

  put(key: Buffer, value: Buffer): void {
    this.#store.put(key, value, { majority: this.#majority });
  }

  remove(key: Buffer): void {
    this.#store.put(key, undefined, { majority: this.#majority });
  }

  putForAll(_collection: Collection, key: Buffer, value: Buffer): void {
    this.put(key, value);
  }

  collectionForWrite(namespace: string): Collection | undefined {
    return this.catalog.get(namespace);
  }

  saveCollection(collection: Collection): void {
    this.put(catalogKey(collection.database, collection.name), encodeCollection(collection));
    this.#store.commits.setLatestCatalog(this.catalog.with(collection));
  }

  removeCollection(collection: Collection): void {
    this.remove(catalogKey(collection.database, collection.name));
    this.#store.commits.setLatestCatalog(this.catalog.without(collection.namespace));
  }
}
