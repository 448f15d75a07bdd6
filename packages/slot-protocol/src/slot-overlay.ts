import type { CollectionName } from '@marquee/topology';
import type { ClusterTransaction } from './data-cluster.ts';
import type { DocumentRef, OperationRecord } from './operation-record.ts';
import type { RecordPurge } from './slot-maintenance.ts';
import type { StoredDocument } from './stored-document.ts';
import type { WrittenDocument } from './write-documents.ts';

/** What one operation leaves to those behind it in its batch, and to the transaction to write. */
export interface OperationEffects {
  readonly written: readonly WrittenDocument[];
  readonly purge: RecordPurge | undefined;
}

/**
 * The documents of a transaction as the operations of a batch see them: what was read, covered by what
 * earlier operations put. Nothing is written here; `written` is what the transaction has to write.
 */
export class SlotOverlay {
  readonly #transaction: ClusterTransaction;
  readonly #seen = new Map<string, StoredDocument | null>();
  readonly #written = new Map<string, WrittenDocument>();
  readonly #purges = new Map<number, RecordPurge>();

  constructor(transaction: ClusterTransaction) {
    this.#transaction = transaction;
  }

  async load(refs: readonly DocumentRef[]): Promise<void> {
    const wanted = new Map<CollectionName, Set<string>>();
    for (const { collection, id } of refs) {
      if (this.#seen.has(keyOf({ collection, id }))) continue;
      const ids = wanted.get(collection) ?? new Set();
      wanted.set(collection, ids.add(id));
    }
    for (const [collection, ids] of wanted) {
      for (const id of ids) this.#seen.set(keyOf({ collection, id }), null);
      for (const found of await this.#transaction.documents(collection, [...ids])) {
        this.#seen.set(keyOf({ collection, id: found._id }), found);
      }
    }
  }

  async find(collection: CollectionName, id: string): Promise<StoredDocument | null> {
    await this.load([{ collection, id }]);
    return this.#seen.get(keyOf({ collection, id })) ?? null;
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
    for (const item of written) {
      this.#seen.set(keyOf(item.ref), item.document);
      this.#written.set(keyOf(item.ref), item);
    }
    if (purge !== undefined) this.#purges.set(slot, purge);
  }

  get written(): WrittenDocument[] {
    return [...this.#written.values()];
  }

  purgeOf(slot: number): RecordPurge | undefined {
    return this.#purges.get(slot);
  }
}

const keyOf = ({ collection, id }: DocumentRef): string => `${collection}/${id}`;
