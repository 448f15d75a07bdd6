import { COLLECTIONS } from '@marquee/topology';
import type { ClusterTransaction, DataCluster } from './data-cluster.ts';
import type { Deadline } from './deadline.ts';
import type { Fence } from './fence.ts';
import type { OperationRecord } from './operation-record.ts';
import type { StoredDocument } from './stored-document.ts';

/** A follower that is more records behind is none: it leaves and joins again (section 3). */
export const CATCH_UP_RECORDS_MAX = 1_000;

/**
 * - `done`: the target has everything that the source had;
 * - `more`: one piece of several was brought over;
 * - `changed`: somebody else was faster, or the two do not belong together;
 * - `copy`: the records that are needed were purged, or are too many;
 * - `forked`: the target has other operations than the source under the same numbers, or more of them.
 *   The source was restored from a backup: nothing may be taken from it, least of all a copy.
 */
export type CatchUpResult = 'done' | 'more' | 'changed' | 'copy' | 'forked';

export interface CatchUpRequest {
  readonly slot: number;
  readonly source: DataCluster;
  readonly target: DataCluster;
  /** Of the NameNode's own operation: only with it may a sealed or importing target be caught up. */
  readonly edit?: number;
  readonly deadline: Deadline;
}

/**
 * Section 3 of the protocol: brings one slot of `target` to exactly the source's state, by the records
 * that it misses and the documents that those touched. Anyone may do it to a follower.
 *
 * An `importing` target may be more than 1,000 records behind: it is brought along in pieces, and
 * is a state of the source only after `done`.
 */
export const catchUp = async ({
  slot,
  source,
  target,
  edit,
  deadline,
}: CatchUpRequest): Promise<CatchUpResult> => {
  const [before] = await target.fences([slot], deadline);
  if (before === undefined || !mayBeCaughtUp(before, edit)) return 'changed';
  const log = await source.transaction((transaction) => readLog(transaction, before), deadline);
  if (typeof log === 'string') return log;
  if (log.through <= before.sequence) return isForked(before, log.fence) ? 'forked' : 'done';
  const applied = await target
    .transaction((transaction) => applyLog(transaction, before, log), deadline)
    .catch((error: unknown) => {
      if (error === FORKED) return 'forked' as const;
      throw error;
    });
  if (applied !== 'applied') return applied;
  return log.through < log.fence.sequence ? 'more' : 'done';
};

/**
 * Whether a follower has another log than its owner, or more of it, as these fences of one epoch tell.
 * The follower's must have been read first.
 */
export const isForked = (follower: Fence, owner: Fence): boolean =>
  follower.epoch === owner.epoch &&
  (follower.sequence > owner.sequence ||
    (follower.sequence === owner.sequence && follower.lastTransaction !== owner.lastTransaction));

const mayBeCaughtUp = (fence: Fence, edit: number | undefined): boolean =>
  fence.state === 'follower' ||
  (edit !== undefined &&
    fence.edit === edit &&
    (fence.state === 'sealed' || fence.state === 'importing'));

/** What a target misses, read in one snapshot of the source. */
interface MissingLog {
  /** The source's. */
  readonly fence: Fence;
  /** Number of the last record here; short of the source's sequence only in a piece. */
  readonly through: number;
  /** The records that the target lacks, and the one before them, unless that was purged. */
  readonly records: readonly OperationRecord[];
  readonly touched: readonly TouchedDocuments[];
}

interface TouchedDocuments {
  readonly collection: (typeof COLLECTIONS)[number];
  readonly ids: readonly string[];
  /** Those of them that the source has; the others were purged. */
  readonly documents: readonly StoredDocument[];
}

const readLog = async (
  transaction: ClusterTransaction,
  target: Fence,
): Promise<MissingLog | 'changed' | 'copy'> => {
  const { slot } = target;
  const [fence] = await transaction.fences([slot]);
  if (fence === undefined || (fence.state !== 'open' && fence.state !== 'sealed')) return 'changed';
  if (fence.epoch !== target.epoch) return 'changed';
  if (target.sequence < fence.purgedThrough) return 'copy';
  const inPieces = target.state === 'importing';
  if (!inPieces && fence.sequence - target.sequence > CATCH_UP_RECORDS_MAX) return 'copy';
  const through = Math.min(fence.sequence, target.sequence + CATCH_UP_RECORDS_MAX);
  const range = { after: target.sequence - 1, through };
  const records = await transaction.records(slot, range);
  const missing = records.filter(({ sequence }) => sequence > target.sequence);
  if (missing.length !== Math.max(0, through - target.sequence)) {
    throw new Error(`the log of slot ${slot} has a gap after ${target.sequence}`);
  }
  const touched: TouchedDocuments[] = [];
  for (const collection of COLLECTIONS) {
    const refs = missing.flatMap((record) => record.touched);
    const ids = [
      ...new Set(refs.filter((ref) => ref.collection === collection).map(({ id }) => id)),
    ];
    if (ids.length === 0) continue;
    touched.push({ collection, ids, documents: await transaction.documents(collection, ids) });
  }
  return { fence, through, records, touched };
};

// Thrown to abort the transaction; never leaves this file.
const FORKED = new Error('the target has another log');

/** `applied`: the target is now at least where the log ends. */
const applyLog = async (
  transaction: ClusterTransaction,
  seen: Fence,
  { fence: source, through, records, touched }: MissingLog,
): Promise<'applied' | 'changed'> => {
  const { slot, state, edit, epoch } = seen;
  const before = await transaction.changeFence({
    slot,
    match: { state, edit, epoch, sequenceBelow: through },
    change: {
      sequence: through,
      // In a piece nobody looks at it: an importing cluster follows nobody yet.
      lastTransaction: source.lastTransaction,
      purgedThrough: source.purgedThrough,
      refuseIdsBefore: source.refuseIdsBefore,
    },
  });
  if (before === null) {
    const [now] = await transaction.fences([slot]);
    const isThere = now !== undefined && now.epoch === epoch && now.sequence >= through;
    return isThere ? 'applied' : 'changed';
  }
  const theirs = records.find(({ sequence }) => sequence === before.sequence);
  const [mine] = await transaction.records(slot, {
    after: before.sequence - 1,
    through: before.sequence,
  });
  if (theirs !== undefined && mine !== undefined && !isSameRecord(theirs, mine)) throw FORKED;
  for (const { collection, ids, documents } of touched) {
    const kept = new Set(documents.map(({ _id }) => _id));
    await transaction.replaceDocuments(collection, documents);
    await transaction.deleteDocuments(
      collection,
      ids.filter((id) => !kept.has(id)),
    );
  }
  // A writer may have brought some of them meanwhile.
  await transaction.insertRecords(records.filter(({ sequence }) => sequence > before.sequence));
  if (source.purgedThrough > before.purgedThrough) {
    await transaction.deleteRecords(slot, { after: -1, through: source.purgedThrough });
  }
  return 'applied';
};

/** The same operation that was done again, after the owner had lost it, is another record. */
const isSameRecord = (left: OperationRecord, right: OperationRecord): boolean =>
  left.operationId === right.operationId &&
  left.by === right.by &&
  left.at.getTime() === right.at.getTime();
