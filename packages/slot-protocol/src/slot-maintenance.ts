import type { CollectionName } from '@marquee/topology';
import type { OperationRecord } from './operation-record.ts';
import type { SlotTransaction } from './slot-operation.ts';
import type { StoredDocument } from './stored-document.ts';

/** What the slot forgets: records up to a number, and with them the ids below another. */
export interface RecordPurge {
  readonly purgedThrough: number;
  readonly refuseIdsBefore: string;
}

/** What the protocol's own operations may do beside what every operation may. */
export interface SlotMaintenance extends SlotTransaction {
  readonly purgedThrough: number;
  readonly refuseIdsBefore: string;
  findAll(collection: CollectionName): Promise<StoredDocument[]>;
  /** The oldest records that are left, ascending. */
  oldestRecords(limit: number): Promise<OperationRecord[]>;
  /** Removes the document itself; a deletion of the graph puts a tombstone instead. */
  remove(collection: CollectionName, id: string): void;
  purge(purge: RecordPurge): void;
}
