import { MarqueeError } from '@marquee/errors';
import { slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import type { Document } from 'mongodb';
import type { ClusterTransaction } from './data-cluster.ts';
import { asStored, storedSizeBytes } from './mongo/stored-forms.ts';
import type { DocumentRef } from './operation-record.ts';
import type { SlotTransaction } from './slot-operation.ts';
import type { DocumentVersion, NewDocument, StoredDocument } from './stored-document.ts';

/** Largest document: MongoDB's 16 MiB, less room for what a command adds around it. */
export const DOCUMENT_MAX_BYTES = 16 * 1024 * 1024 - 64 * 1024;

/** Largest result of an operation: it is kept in the record, and in memory until it is pushed. */
export const RESULT_MAX_BYTES = 64 * 1024;

/** @throws DOCUMENT_TOO_LARGE */
export const checkSize = (value: Document, maxBytes: number, facts: object): void => {
  const sizeBytes = storedSizeBytes(value);
  if (sizeBytes <= maxBytes) return;
  throw new MarqueeError('DOCUMENT_TOO_LARGE', { ...facts, sizeBytes, maxBytes });
};

/**
 * The documents of a transaction as the operations of a batch see them: what was read, covered by what
 * earlier operations put. Nothing is written here; `written` is what the transaction has to write.
 */
export class SlotOverlay {
  readonly #transaction: ClusterTransaction;
  readonly #seen = new Map<string, StoredDocument | null>();
  readonly #written = new Map<string, { ref: DocumentRef; document: StoredDocument }>();

  constructor(transaction: ClusterTransaction) {
    this.#transaction = transaction;
  }

  async load(refs: readonly DocumentRef[]): Promise<void> {
    const wanted = new Map<CollectionName, Set<string>>();
    for (const { collection, id } of refs) {
      if (this.#seen.has(keyOf(collection, id))) continue;
      const ids = wanted.get(collection) ?? new Set();
      wanted.set(collection, ids.add(id));
    }
    for (const [collection, ids] of wanted) {
      for (const id of ids) this.#seen.set(keyOf(collection, id), null);
      for (const found of await this.#transaction.documents(collection, [...ids])) {
        this.#seen.set(keyOf(collection, found._id), found);
      }
    }
  }

  async find(collection: CollectionName, id: string): Promise<StoredDocument | null> {
    await this.load([{ collection, id }]);
    return this.#seen.get(keyOf(collection, id)) ?? null;
  }

  put(collection: CollectionName, document: StoredDocument): void {
    const key = keyOf(collection, document._id);
    this.#seen.set(key, document);
    this.#written.set(key, { ref: { collection, id: document._id }, document });
  }

  get written(): { ref: DocumentRef; document: StoredDocument }[] {
    return [...this.#written.values()];
  }
}

/**
 * What one operation sees and puts; its puts join the overlay only once it has succeeded. A failure of
 * the cluster is remembered, so that it is not taken for a refusal by the operation.
 */
export class OperationView implements SlotTransaction {
  readonly #slot: number;
  readonly #version: DocumentVersion;
  readonly #overlay: SlotOverlay;
  readonly #puts = new Map<string, { collection: CollectionName; document: StoredDocument }>();
  clusterFailure: Error | undefined;

  constructor(slot: number, version: DocumentVersion, overlay: SlotOverlay) {
    this.#slot = slot;
    this.#version = version;
    this.#overlay = overlay;
  }

  async find(collection: CollectionName, id: string): Promise<StoredDocument | null> {
    this.#checkSlot(collection, id);
    const own = this.#puts.get(keyOf(collection, id));
    if (own !== undefined) return own.document;
    try {
      return await this.#overlay.find(collection, id);
    } catch (error) {
      this.clusterFailure = error as Error;
      throw error;
    }
  }

  put(collection: CollectionName, document: NewDocument): void {
    this.#checkSlot(collection, document._id);
    const whole: StoredDocument = {
      ...document,
      slot: this.#slot,
      version: this.#version,
      revision: document.revision ?? 1,
      deleted: document.deleted ?? false,
    };
    checkSize(whole, DOCUMENT_MAX_BYTES, { collection, id: document._id });
    const key = keyOf(collection, document._id);
    this.#puts.set(key, { collection, document: asStored(whole) });
  }

  /** Makes the puts part of the batch and answers what the operation touched. */
  accept(): DocumentRef[] {
    const puts = [...this.#puts.values()];
    for (const { collection, document } of puts) this.#overlay.put(collection, document);
    return puts.map(({ collection, document }) => ({ collection, id: document._id }));
  }

  #checkSlot(collection: CollectionName, id: string): void {
    if (slotOf(slotKeyOf(collection, id)) === this.#slot) return;
    throw new TypeError(`${collection} ${id} is not of slot ${this.#slot}`);
  }
}

const keyOf = (collection: CollectionName, id: string): string => `${collection}/${id}`;
