import { COLLECTIONS, type CollectionName } from '@marquee/topology';
import type { ClusterTransaction } from './data-cluster.ts';
import type { DocumentRef, OperationRecord } from './operation-record.ts';
import type { RecordPurge } from './slot-maintenance.ts';
import type { StoredDocument } from './stored-document.ts';
import type { WrittenDocument } from './write-documents.ts';

/** What one operation leaves to those behind it in its batch, and to the transaction to write. */
export interface OperationEffects {
  readonly written: readonly Omit<WrittenDocument, 'isNew'>[];
  readonly purge: RecordPurge | undefined;
}

/**
 * The documents of a transaction as the operations of a batch see them: what is stored, covered by what
 * earlier operations put. Nothing is written here; `written` is what the transaction has to write.
 */
export class SlotOverlay {
  readonly #transaction: ClusterTransaction;
  readonly #stored = new Map<string, StoredDocument | null>();
  readonly #written = new Map<string, Omit<WrittenDocument, 'isNew'>>();
  readonly #purges = new Map<number, RecordPurge>();

  constructor(transaction: ClusterTransaction) {
    this.#transaction = transaction;
  }

  /** Reads those that have not been read yet, in as few statements as it takes. */
  async load(refs: readonly DocumentRef[]): Promise<void> {
    const unread = refs.filter((ref) => !this.#stored.has(keyOf(ref)));
    for (const collection of COLLECTIONS) {
      const ids = new Set(
        unread.filter((ref) => ref.collection === collection).map(({ id }) => id),
      );
      if (ids.size === 0) continue;
      for (const id of ids) this.#stored.set(keyOf({ collection, id }), null);
      for (const document of await this.#transaction.documents(collection, [...ids])) {
        this.#stored.set(keyOf({ collection, id: document._id }), document);
      }
    }
  }

  async find(collection: CollectionName, id: string): Promise<StoredDocument | null> {
    const written = this.#written.get(keyOf({ collection, id }));
    if (written !== undefined) return written.document;
    await this.load([{ collection, id }]);
    return this.#stored.get(keyOf({ collection, id })) ?? null;
  }

  /** All documents of the slot, as the operations before have left them. */
  async findAll(slot: number, collection: CollectionName): Promise<StoredDocument[]> {
    const stored = await this.#transaction.documentsOfSlot(slot, collection, {});
    const present = new Map(stored.map((document) => [document._id, document]));
    for (const { ref, document } of this.#written.values()) {
      if (ref.collection !== collection) continue;
      if (document === null) present.delete(ref.id);
      else if (document.slot === slot) present.set(ref.id, document);
    }
    return [...present.values()];
  }

  records(slot: number, after: number, limit: number): Promise<OperationRecord[]> {
    return this.#transaction.records(slot, { after, through: Number.MAX_SAFE_INTEGER, limit });
  }

  accept(slot: number, { written, purge }: OperationEffects): void {
    for (const item of written) this.#written.set(keyOf(item.ref), item);
    if (purge !== undefined) this.#purges.set(slot, purge);
  }

  get written(): WrittenDocument[] {
    return [...this.#written].map(([key, item]) => ({
      ...item,
      isNew: this.#stored.get(key) === null,
    }));
  }

  purgeOf(slot: number): RecordPurge | undefined {
    return this.#purges.get(slot);
  }
}

const keyOf = ({ collection, id }: DocumentRef): string => `${collection}/${id}`;
