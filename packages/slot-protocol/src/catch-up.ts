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
 * - `copy`: the records that are needed were purged, or are too many.
 */
export type CatchUpResult = 'done' | 'more' | 'changed' | 'copy';

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
  if (log.through <= before.sequence) return 'done';
  const applied = await target.transaction(
    (transaction) => applyLog(transaction, before, log),
    deadline,
  );
  if (!applied) return 'changed';
  return log.through < log.fence.sequence ? 'more' : 'done';
};

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
  const range = { after: target.sequence, through };
  const records = await transaction.records(slot, range);
  if (records.length !== Math.max(0, through - target.sequence)) {
    throw new Error(`the log of slot ${slot} has a gap after ${target.sequence}`);
  }
  const touched: TouchedDocuments[] = [];
  for (const collection of COLLECTIONS) {
    const refs = records.flatMap((record) => record.touched);
    const ids = [
      ...new Set(refs.filter((ref) => ref.collection === collection).map(({ id }) => id)),
    ];
    if (ids.length === 0) continue;
    touched.push({ collection, ids, documents: await transaction.documents(collection, ids) });
  }
  return { fence, through, records, touched };
};

/** Whether the target is now at least where the log ends. */
const applyLog = async (
  transaction: ClusterTransaction,
  seen: Fence,
  { fence: source, through, records, touched }: MissingLog,
): Promise<boolean> => {
  const { slot, state, edit, epoch } = seen;
  const before = await transaction.changeFence({
    slot,
    match: { state, edit, epoch, sequenceBelow: through },
    change: {
      sequence: through,
      purgedThrough: source.purgedThrough,
      refuseIdsBefore: source.refuseIdsBefore,
    },
  });
  if (before === null) {
    const [now] = await transaction.fences([slot]);
    return now !== undefined && now.epoch === epoch && now.sequence >= through;
  }
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
  return true;
};
