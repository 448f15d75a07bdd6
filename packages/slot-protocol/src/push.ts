import type { ClusterTransaction, DataCluster } from './data-cluster.ts';
import type { Deadline } from './deadline.ts';
import type { OwnerCommit } from './owner-transaction.ts';
import { purgeRecords, writeDocuments } from './write-documents.ts';

/**
 * - `done`: the follower has it;
 * - `gap`: it lacks operations before it and must be caught up first;
 * - `refused`: it is no follower of that epoch (any more), or its log is another one.
 */
export type PushResult = 'done' | 'gap' | 'refused';

/**
 * Section 2 step 2 of the protocol: one transaction at a follower that applies what the owner
 * committed for one slot, exactly behind what the follower has.
 */
export const push = (
  follower: DataCluster,
  commit: OwnerCommit,
  deadline: Deadline,
): Promise<PushResult> =>
  follower.transaction(async (transaction) => {
    if (commit.records.length > 0) {
      const before = await transaction.changeFence(pushEdit(commit));
      if (before !== null) {
        // One look-up more than inserting what is new, and whatever lies there does not stop the log.
        await writeDocuments(
          transaction,
          commit.documents.map((written) => ({ ...written, isNew: false })),
        );
        await transaction.insertRecords(commit.records);
        if (commit.purge !== undefined) await purgeRecords(transaction, commit.slot, commit.purge);
        return 'done';
      }
    }
    return alreadyThere(transaction, commit);
  }, deadline);

/**
 * The same for several slots at once, all or nothing: false if one of them cannot be applied just so,
 * and nothing was written then.
 */
export const pushTogether = async (
  follower: DataCluster,
  commits: readonly OwnerCommit[],
  deadline: Deadline,
): Promise<boolean> => {
  try {
    await follower.transaction(async (transaction) => {
      if (!(await advanceTogether(transaction, commits))) throw NOT_TOGETHER;
      await writeDocuments(
        transaction,
        commits.flatMap(({ documents }) => documents),
      );
      await transaction.insertRecords(commits.flatMap(({ records }) => records));
      for (const { slot, purge } of commits) {
        if (purge !== undefined) await purgeRecords(transaction, slot, purge);
      }
    }, deadline);
    return true;
  } catch (error) {
    if (error === NOT_TOGETHER || isDuplicateKey(error)) return false;
    throw error;
  }
};

// Thrown to abort the transaction; never leaves this file.
const NOT_TOGETHER = new Error('one of the slots cannot be pushed just so');

// MongoDB's DuplicateKey: something lies where the owner has something new.
const isDuplicateKey = (error: unknown): boolean => (error as { code?: unknown }).code === 11000;

/** Read first, so that the change is the same for all slots with as many operations. */
const advanceTogether = async (
  transaction: ClusterTransaction,
  commits: readonly OwnerCommit[],
): Promise<boolean> => {
  const fences = await transaction.fences(commits.map(({ slot }) => slot));
  const bySlot = new Map(fences.map((fence) => [fence.slot, fence]));
  const isBase = ({ slot, base, baseTransaction }: OwnerCommit): boolean => {
    const fence = bySlot.get(slot);
    return fence?.sequence === base && fence.lastTransaction === baseTransaction;
  };
  if (!commits.every(isBase)) return false;
  const edits = commits.map(({ slot, epoch, records, lastTransaction, purge }) => ({
    slot,
    match: { state: 'follower' as const, epoch },
    change: { advanceBy: records.length, lastTransaction, ...purge },
  }));
  return (await transaction.changeFences(edits)) === commits.length;
};

const pushEdit = ({
  slot,
  epoch,
  base,
  baseTransaction,
  records,
  lastTransaction,
  purge,
}: OwnerCommit) => ({
  slot,
  match: { state: 'follower' as const, epoch, sequence: base, lastTransaction: baseTransaction },
  change: { sequence: base + records.length, lastTransaction, ...purge },
});

const alreadyThere = async (
  transaction: ClusterTransaction,
  { slot, epoch, base, baseTransaction, through, throughOperationId }: OwnerCommit,
): Promise<PushResult> => {
  const [fence] = await transaction.fences([slot]);
  if (fence?.state !== 'follower' || fence.epoch !== epoch) return 'refused';
  if (fence.sequence === base && fence.lastTransaction !== baseTransaction) return 'refused';
  if (fence.sequence < through) return 'gap';
  if (throughOperationId === undefined) return 'done';
  // Of a number that was purged here nobody can say whose it was: sent again, the owner does.
  const [record] = await transaction.records(slot, { after: through - 1, through });
  return record?.operationId === throughOperationId ? 'done' : 'refused';
};
