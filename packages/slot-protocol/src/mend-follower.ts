import { COLLECTIONS } from '@marquee/topology';
import type { ClusterTransaction, DataCluster } from './data-cluster.ts';
import type { Deadline } from './deadline.ts';
import type { Fence } from './fence.ts';
import {
  writeDocumentDifferences,
  writeRecordDifferences,
  type Differences,
} from './slot-differences.ts';
import type { OperationRecord } from './operation-record.ts';
import type { StoredDocument } from './stored-document.ts';

/** Differences that one transaction mends; a follower that has more of them in a slot is none. */
export const MEND_ITEMS_MAX = 2_000;

export interface MendRequest {
  readonly slot: number;
  /** The owner. */
  readonly source: DataCluster;
  /** A follower of the same epoch. */
  readonly target: DataCluster;
  /** The last that the leader appended: fences with a higher one are left alone. */
  readonly edit: number;
  readonly deadline: Deadline;
}

/**
 * - `mended`: the follower is exactly what the owner was;
 * - `changed`: somebody was faster, or the two do not belong together;
 * - `copy`: too much differs for one transaction.
 */
export type MendResult =
  | ({ readonly status: 'mended' } & Differences)
  | { readonly status: 'changed' }
  | { readonly status: 'copy' };

/**
 * As a catch-up, but by comparing everything: makes one slot of a follower exactly the owner's state, as
 * one snapshot shows it, in one transaction. What that replaces is kept among the rejected documents. The
 * follower stays what it is all the while, and writes go on.
 */
export const mendFollower = async ({
  slot,
  source,
  target,
  edit,
  deadline,
}: MendRequest): Promise<MendResult> => {
  const wanted = await source.transaction((transaction) => readSlot(transaction, slot), deadline);
  if (wanted === undefined) return { status: 'changed' };
  try {
    const differences = await target.transaction(
      (transaction) => takeOver(transaction, wanted, edit),
      deadline,
    );
    return differences === undefined ? { status: 'changed' } : { status: 'mended', ...differences };
  } catch (error) {
    if (error === TOO_MUCH) return { status: 'copy' };
    throw error;
  }
};

// Thrown to abort the transaction; never leaves this file.
const TOO_MUCH = new Error('too much differs');

interface WholeSlot {
  readonly fence: Fence;
  readonly documents: ReadonlyMap<(typeof COLLECTIONS)[number], readonly StoredDocument[]>;
  readonly records: readonly OperationRecord[];
}

const EVERYTHING = { after: -1, through: Number.MAX_SAFE_INTEGER };

const readSlot = async (
  transaction: ClusterTransaction,
  slot: number,
): Promise<WholeSlot | undefined> => {
  const [fence] = await transaction.fences([slot]);
  if (fence?.state !== 'open') return undefined;
  const documents = new Map<(typeof COLLECTIONS)[number], readonly StoredDocument[]>();
  for (const collection of COLLECTIONS) {
    documents.set(collection, await transaction.documentsOfSlot(slot, collection, {}));
  }
  return { fence, documents, records: await transaction.records(slot, EVERYTHING) };
};

/** Undefined if the target is no follower of that epoch, or ahead of the snapshot by now. */
const takeOver = async (
  transaction: ClusterTransaction,
  { fence, documents, records }: WholeSlot,
  edit: number,
): Promise<Differences | undefined> => {
  const { slot, epoch, sequence, lastTransaction, purgedThrough, refuseIdsBefore } = fence;
  const before = await transaction.changeFence({
    slot,
    match: { state: 'follower', epoch, editAtMost: edit, sequenceBelow: sequence + 1 },
    change: { edit, sequence, lastTransaction, purgedThrough, refuseIdsBefore },
  });
  if (before === null) return undefined;
  const rule = { slot, edit, keepRejected: true };
  let [written, rejected] = [0, 0];
  const add = (differences: Differences): void => {
    written += differences.written;
    rejected += differences.rejected;
    if (written + rejected > MEND_ITEMS_MAX) throw TOO_MUCH;
  };
  for (const [collection, each] of documents) {
    add(await writeDocumentDifferences(transaction, rule, { collection, documents: each }));
  }
  add(await writeRecordDifferences(transaction, rule, { ...EVERYTHING, records }));
  return { written, rejected };
};
