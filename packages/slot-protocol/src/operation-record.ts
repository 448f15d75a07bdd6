import type { CollectionName } from '@marquee/topology';
import type { Document } from 'mongodb';

/** The address of a document inside a cluster. */
export interface DocumentRef {
  readonly collection: CollectionName;
  readonly id: string;
}

/**
 * One operation of a slot's log: what it touched (not the contents) and what it answered, so that the
 * same operation id answers the same again. Unique on (slot, sequence) and on (slot, operationId).
 */
export interface OperationRecord {
  readonly slot: number;
  readonly sequence: number;
  readonly epoch: number;
  readonly operationId: string;
  readonly requestHash: string;
  readonly touched: readonly DocumentRef[];
  readonly result: Document;
  /** The process that wrote it, for people who look into a cluster. */
  readonly by: string;
  /** By the clock of that process; nothing is decided by it. */
  readonly at: Date;
}
