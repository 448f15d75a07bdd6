import type { Catalog, Collection } from './catalog.ts';
import type { Entry } from './environment.ts';

export interface ReadView {
  readonly catalog: Catalog;
  get(key: Buffer): Buffer | undefined;
  /** Entries of [start, end), or the same ones backwards; writes made while iterating do not show. */
  range(start: Buffer, end: Buffer, reverse?: boolean): Iterable<Entry>;
}

/** Where documents, index entries and the catalog change: all at once or, in a transaction, at its commit. */
export interface WriteView extends ReadView {
  /** Of an open transaction: what it wrote. */
  readonly inTransaction: boolean;
  /**
   * Must precede any change of a document, unique entry or catalog entry. Outside of a transaction it
   * throws HeldByTransaction, inside of one WriteConflict.
   */
  claim(key: Buffer): void;
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
  /**
   * What everybody believes from now on, whatever becomes of this transaction: stored with the writes
   * that are on their way, except about a collection that nobody else can see.
   */
  putForAll(collection: Collection, key: Buffer, value: Buffer): void;
  /** The collection as the newest committed catalog has it, or as this transaction made it. Throws WriteConflict if the two differ. */
  collectionForWrite(namespace: string): Collection | undefined;
  saveCollection(collection: Collection): void;
}
