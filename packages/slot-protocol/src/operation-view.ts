import { slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import type { Fence } from './fence.ts';
import { asStored } from './mongo/stored-forms.ts';
import type { DocumentRef, OperationRecord } from './operation-record.ts';
import { checkSize, DOCUMENT_MAX_BYTES } from './size-limits.ts';
import type { RecordPurge, SlotMaintenance } from './slot-maintenance.ts';
import type { SlotOverlay } from './slot-overlay.ts';
import type { NewDocument, StoredDocument } from './stored-document.ts';
import type { WrittenDocument } from './write-documents.ts';

/**
 * What one operation sees and puts; its puts join the overlay only once it has succeeded. A failure of
 * the cluster is remembered, so that it is not taken for a refusal by the operation.
 */
export class OperationView implements SlotMaintenance {
  readonly #fence: Fence;
  readonly #sequence: number;
  readonly #overlay: SlotOverlay;
  readonly #written = new Map<string, Omit<WrittenDocument, 'isNew'>>();
  #purge: RecordPurge | undefined;
  clusterFailure: Error | undefined;

  constructor(fence: Fence, sequence: number, overlay: SlotOverlay) {
    this.#fence = fence;
    this.#sequence = sequence;
    this.#overlay = overlay;
  }

  async find(collection: CollectionName, id: string): Promise<StoredDocument | null> {
    this.#checkSlot(collection, id);
    const own = this.#written.get(keyOf({ collection, id }));
    if (own !== undefined) return own.document;
    return this.#ask(() => this.#overlay.find(collection, id));
  }

  put(collection: CollectionName, document: NewDocument): void {
    this.#checkSlot(collection, document._id);
    const whole: StoredDocument = {
      ...document,
      slot: this.#fence.slot,
      version: { epoch: this.#fence.epoch, sequence: this.#sequence },
      revision: document.revision ?? 1,
      deleted: document.deleted ?? false,
    };
    checkSize(whole, DOCUMENT_MAX_BYTES, { collection, id: document._id });
    this.#write({ collection, id: document._id }, asStored(whole));
  }

  get purgedThrough(): number {
    return this.#fence.purgedThrough;
  }

  get refuseIdsBefore(): string {
    return this.#fence.refuseIdsBefore;
  }

  findAll(collection: CollectionName): Promise<StoredDocument[]> {
    return this.#ask(() => this.#overlay.findAll(this.#fence.slot, collection));
  }

  oldestRecords(limit: number): Promise<OperationRecord[]> {
    const { slot, purgedThrough } = this.#fence;
    return this.#ask(() => this.#overlay.records(slot, purgedThrough, limit));
  }

  remove(collection: CollectionName, id: string): void {
    this.#checkSlot(collection, id);
    this.#write({ collection, id }, null);
  }

  purge(purge: RecordPurge): void {
    this.#purge = purge;
  }

  /** Makes what the operation did part of the batch and answers what it touched. */
  accept(): DocumentRef[] {
    const written = [...this.#written.values()];
    this.#overlay.accept(this.#fence.slot, { written, purge: this.#purge });
    return written.map(({ ref }) => ref);
  }

  #write(ref: DocumentRef, document: StoredDocument | null): void {
    this.#written.set(keyOf(ref), { slot: this.#fence.slot, ref, document });
  }

  async #ask<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      this.clusterFailure = error as Error;
      throw error;
    }
  }

  #checkSlot(collection: CollectionName, id: string): void {
    if (slotOf(slotKeyOf(collection, id)) === this.#fence.slot) return;
    throw new TypeError(`${collection} ${id} is not of slot ${this.#fence.slot}`);
  }
}

const keyOf = ({ collection, id }: DocumentRef): string => `${collection}/${id}`;
