import type { Fence, OperationRecord, StoredDocument } from '@marquee/slot-protocol';
import { COLLECTIONS, type CollectionName } from '@marquee/topology';
import type { RejectedDocument } from './rejected-document.ts';
import { VersionedTable } from './versioned-table.ts';

/** Everything that one cluster stores. */
export interface ClusterTables {
  /** Raised by leaders, beside the stamp. */
  heartbeat: number;
  /** By slot. */
  readonly fences: VersionedTable<Fence>;
  /** By slot and sequence. */
  readonly records: VersionedTable<OperationRecord>;
  /** The unique index on slot and operation id: the sequence of the record that has them. */
  readonly operationIds: VersionedTable<number>;
  /** By an arbitrary number. */
  readonly rejected: VersionedTable<RejectedDocument>;
  readonly documents: Readonly<Record<CollectionName, VersionedTable<StoredDocument>>>;
}

export const emptyTables = (): ClusterTables => ({
  heartbeat: 0,
  fences: new VersionedTable(),
  records: new VersionedTable(),
  operationIds: new VersionedTable(),
  rejected: new VersionedTable(),
  documents: Object.fromEntries(
    COLLECTIONS.map((name) => [name, new VersionedTable<StoredDocument>()]),
  ) as ClusterTables['documents'],
});

export const fenceKey = (slot: number): string => String(slot);
export const recordKey = (slot: number, sequence: number): string => `${slot}/${sequence}`;
export const operationIdKey = (slot: number, operationId: string): string =>
  `${slot}/${operationId}`;
