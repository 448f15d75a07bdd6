import { CommandError } from '../command-error.ts';
import { type Catalog, type Collection, encodeCollection } from './catalog.ts';
import { type Holder, writeConflict } from './conflicts.ts';
import type { Entry } from './environment.ts';
import { catalogKey, KIND, ownerIdOf } from './keys.ts';
import { rangeLayered, readLayered } from './layered-read.ts';
import { type KeyText, keyText, Memtable } from './memtable.ts';
import type { SharedSnapshot } from './shared-snapshot.ts';
import type { Store } from './store.ts';
import type { WriteView } from './view.ts';

/** MongoDB keeps a transaction's operations in memory too; its own limit was 16 MB a document of them. */
export const TRANSACTION_MAX_BYTES = 128 * 1024 * 1024;

/** A multi-document transaction: a snapshot, its own changes above it, and the keys that it holds. */
export class OpenTransaction implements WriteView, Holder {
  readonly inTransaction = true;
  readonly snapshotSequence: number;
  readonly ended: Promise<void>;
  readonly #store: Store;
  readonly #snapshot: SharedSnapshot;
  readonly #table = new Memtable();
  readonly #claims = new Set<KeyText>();
  readonly #created = new Map<string, Collection>();
  readonly #written = new Set<number>();
  #catalog: Catalog;
  #open = true;
  #end!: () => void;

  constructor(store: Store) {
    const { snapshot, sequence, catalog } = store.commits.durable;
    this.#store = store;
    this.#snapshot = snapshot.retain();
    this.#catalog = catalog;
    this.snapshotSequence = sequence;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    store.conflicts.open(this);
    store.transactions.add(this);
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  get open(): boolean {
    return this.#open;
  }

  get wrote(): boolean {
    return this.#table.size > 0;
  }

  hasWrittenTo(collectionId: number): boolean {
    return this.#written.has(collectionId);
  }

  /** The collection is this transaction's own, and nobody else can see it yet. */
  hasCreated(namespace: string): boolean {
    return this.#created.has(namespace);
  }

  get(key: Buffer): Buffer | undefined {
    return readLayered([this.#table], this.#snapshot, key, keyText(key));
  }

  range(start: Buffer, end: Buffer, reverse = false): Iterable<Entry> {
    return rangeLayered([this.#table], this.#snapshot, start, end, reverse);
  }

  claim(key: Buffer): void {
    const text = keyText(key);
    this.#store.conflicts.claimFor(this, text);
    this.#claims.add(text);
  }

  put(key: Buffer, value: Buffer): void {
    this.#set(key, value);
  }

  remove(key: Buffer): void {
    this.#set(key, undefined);
  }

  putForAll(collection: Collection, key: Buffer, value: Buffer): void {
    // The sweep takes what belongs to a collection that is not in the shared catalog.
    if (this.#created.has(collection.namespace)) this.put(key, value);
    else this.#store.put(key, value, { majority: false });
  }

  collectionForWrite(namespace: string): Collection | undefined {
    const mine = this.#catalog.get(namespace);
    if (this.#created.has(namespace)) return mine;
    // Its indexes may be other ones by now, and entries must go into exactly those that exist at commit.
    if (this.#store.commits.latestCatalog.get(namespace) !== mine) throw writeConflict();
    return mine;
  }

  saveCollection(collection: Collection): void {
    const key = catalogKey(collection.database, collection.name);
    this.claim(key);
    this.put(key, encodeCollection(collection));
    this.#created.set(collection.namespace, collection);
    this.#catalog = this.#catalog.with(collection);
  }

  /** Hands all changes to the group that collects now. They are on disk once the store has settled. */
  commit(options: { majority: boolean; also?: { key: Buffer; value: Buffer } }): void {
    const { commits, conflicts } = this.#store;
    for (const { key, value } of this.#table.changes()) this.#store.put(key, value, options);
    if (options.also) this.#store.put(options.also.key, options.also.value, options);
    let catalog = commits.latestCatalog;
    for (const collection of this.#created.values()) catalog = catalog.with(collection);
    commits.setLatestCatalog(catalog);
    for (const text of this.#claims) conflicts.wrote(text, commits.sequence);
    this.#close();
  }

  abort(): void {
    if (this.#open) this.#close();
  }

  #set(key: Buffer, value: Buffer | undefined): void {
    if (!this.#open) throw new CommandError('NoSuchTransaction', 'Transaction has been aborted.');
    if (key[0] === KIND.document) this.#written.add(ownerIdOf(key));
    this.#table.set(key, value);
    if (this.#table.bytes > TRANSACTION_MAX_BYTES) {
      throw new CommandError(
        'TransactionTooLarge',
        `Total size of all transaction operations must be less than ${TRANSACTION_MAX_BYTES.toString()} bytes`,
      );
    }
  }

  #close(): void {
    this.#open = false;
    this.#store.transactions.delete(this);
    this.#store.conflicts.close(this, this.#claims, this.#store.commits.durable.sequence);
    this.#snapshot.release();
    this.#end();
  }
}
