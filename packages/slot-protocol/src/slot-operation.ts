import type { CollectionName } from '@marquee/topology';
import type { Document } from 'mongodb';
import type { DocumentRef } from './operation-record.ts';
import type { NewDocument, StoredDocument } from './stored-document.ts';

/** What an operation sees and changes of its slot, inside the owner's transaction. */
export interface SlotTransaction {
  /** The document as earlier operations left it, tombstones included: the caller decides. */
  find(collection: CollectionName, id: string): Promise<StoredDocument | null>;
  /**
   * Writes the whole document; the protocol adds `slot` and `version`. Fields that are undefined are
   * left out; `deleted` is false and `revision` 1 where absent. Deleting is a put with
   * `deleted: true`.
   *
   * @throws TypeError if the document does not belong to this slot; KEY_INVALID; DOCUMENT_TOO_LARGE.
   */
  put(collection: CollectionName, document: NewDocument): void;
}

/** One operation on one slot: numbered, atomic, and done once however often it is sent. */
export interface SlotOperation<Result extends Document = Document> {
  /** Decides the slot (`slotKeyOf`). */
  readonly slotKey: string;
  /** A UUIDv7 scoped by who sends it: `handle/uuid`. */
  readonly operationId: string;
  /** Hash of the payload: the same id with another hash is OPERATION_ID_REUSED. */
  readonly requestHash: string;
  /** What `apply` will probably look at: loaded beforehand, for all operations of a batch at once. */
  readonly prefetch?: readonly DocumentRef[];
  /**
   * Does it. May run several times, must have no effect but by `slot`. What it throws refuses this
   * operation: nothing of it is written, and the caller gets the error. What it answers is kept in
   * the operation's record and must be small.
   */
  apply(slot: SlotTransaction): Promise<Result>;
}
