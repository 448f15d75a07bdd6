import { COLLECTIONS } from '@marquee/topology';
import type { ClusterTransaction } from './data-cluster.ts';
import type { DocumentRef } from './operation-record.ts';
import type { RecordPurge } from './slot-maintenance.ts';
import type { StoredDocument } from './stored-document.ts';

/** A document that operations touched, as the last of them left it; null where it was removed. */
export interface WrittenDocument {
  readonly slot: number;
  readonly ref: DocumentRef;
  readonly document: StoredDocument | null;
  /** It was not there before these operations, neither at the owner nor, therefore, at a follower. */
  readonly isNew: boolean;
}

/** Writes and removes documents, in as few statements as it takes. */
export const writeDocuments = async (
  transaction: ClusterTransaction,
  written: readonly WrittenDocument[],
): Promise<void> => {
  for (const collection of COLLECTIONS) {
    const mine = written.filter(({ ref }) => ref.collection === collection);
    if (mine.length === 0) continue;
    await transaction.replaceDocuments(
      collection,
      mine.map(({ document }) => document).filter((document) => document !== null),
      new Set(mine.filter(({ isNew }) => isNew).map(({ ref }) => ref.id)),
    );
    await transaction.deleteDocuments(
      collection,
      mine.filter(({ document }) => document === null).map(({ ref }) => ref.id),
    );
  }
};

/** Drops the records that a purge has made unknown; the fence says so already. */
export const purgeRecords = (
  transaction: ClusterTransaction,
  slot: number,
  { purgedThrough }: RecordPurge,
): Promise<void> => transaction.deleteRecords(slot, { after: -1, through: purgedThrough });
