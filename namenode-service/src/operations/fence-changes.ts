import { hasCode } from '@marquee/errors';
import type { DataCluster, Deadline, Fence, FenceChange } from '@marquee/slot-protocol';
import { deposed } from './operation-failure.ts';

/**
 * Fences of one transaction. Writers change the fences too, one at a time: a transaction over many
 * would meet a conflict each time it is tried.
 */
const FENCES_PER_TRANSACTION = 16;

/** Transactions under way at one cluster; they wait for the same disk anyway. */
const TRANSACTIONS_AT_A_TIME = 4;

/**
 * How long several fences are tried together. Where one of them is written so busily that this meets a
 * conflict each time, they are changed one by one, each as soon as nobody else is at it.
 */
export const TOGETHER_MAX_MS = 500;

/** What becomes of a fence; null: it is not what it must be, and stays as it is. */
export type FenceRule = (fence: Fence) => FenceChange | null;

export interface FenceOutcome {
  /** As they are now, by slot. */
  readonly changed: ReadonlyMap<number, Fence>;
  /** Slots whose fence did not fit, or that have none. */
  readonly refused: readonly number[];
}

/**
 * Changes fences of one cluster by a rule, each carrying `edit`, and only those whose own edit is
 * not higher: a higher one means that another leader is at work (PROTOCOL.md section 4). A fence
 * that the rule leaves as it is carries the new edit all the same.
 *
 * @throws NOT_READY (deposed), or what the cluster's transactions reject with; then some of the
 * fences may have been changed
 */
export const changeFences = async (
  cluster: DataCluster,
  slots: readonly number[],
  edit: number,
  rule: FenceRule,
  deadline: Deadline,
): Promise<FenceOutcome> => {
  const changed = new Map<number, Fence>();
  const refused: number[] = [];
  await inChunks(slots, FENCES_PER_TRANSACTION, TRANSACTIONS_AT_A_TIME, async (chunk) => {
    let outcome: readonly Fence[];
    try {
      outcome = await changeTogether(cluster, chunk, edit, rule, deadline.sooner(TOGETHER_MAX_MS));
    } catch (error) {
      // It may have been committed all the same: a rule that is applied again changes nothing more.
      if (!hasCode(error, 'DEADLINE_EXCEEDED') || deadline.expired) throw error;
      outcome = await changeOneByOne(cluster, chunk, edit, rule, deadline);
    }
    for (const fence of outcome) changed.set(fence.slot, fence);
    const fitting = new Set(outcome.map(({ slot }) => slot));
    refused.push(...chunk.filter((slot) => !fitting.has(slot)));
  });
  return { changed, refused };
};

const changeTogether = (
  cluster: DataCluster,
  slots: readonly number[],
  edit: number,
  rule: FenceRule,
  deadline: Deadline,
): Promise<Fence[]> =>
  cluster.transaction(async (transaction) => {
    const found = await transaction.fences(slots);
    const edits = found.flatMap((fence) => {
      if (fence.edit > edit) throw deposed({ cluster: cluster.name, slot: fence.slot });
      const change = rule(fence);
      return change === null ? [] : [{ fence, change: { ...change, edit } }];
    });
    const matched = await transaction.changeFences(
      edits.map(({ fence, change }) => ({
        slot: fence.slot,
        match: { edit: fence.edit, epoch: fence.epoch, state: fence.state },
        change,
      })),
    );
    if (matched !== edits.length) throw new Error('a fence changed within a transaction');
    return edits.map(({ fence, change }): Fence => ({ ...fence, ...change }));
  }, deadline);

const changeOneByOne = async (
  cluster: DataCluster,
  slots: readonly number[],
  edit: number,
  rule: FenceRule,
  deadline: Deadline,
): Promise<Fence[]> => {
  const changed: Fence[] = [];
  for (const slot of slots) {
    const fence = await changeOne(cluster, slot, edit, rule, deadline);
    if (fence !== null) changed.push(fence);
  }
  return changed;
};

/**
 * Written before it is looked at: so it conflicts only with who is at it at this very moment, and not
 * with everybody who was since it was looked at.
 */
const changeOne = async (
  cluster: DataCluster,
  slot: number,
  edit: number,
  rule: FenceRule,
  deadline: Deadline,
): Promise<Fence | null> => {
  try {
    return await cluster.transaction(async (transaction) => {
      const match = { editAtMost: edit };
      const before = await transaction.changeFence({ slot, match, change: { edit } });
      if (before === null) {
        const [fence] = await transaction.fences([slot]);
        if (fence !== undefined) throw deposed({ cluster: cluster.name, slot });
        return null;
      }
      const change = rule(before);
      if (change === null) throw NOT_FITTING;
      await transaction.changeFences([{ slot, match, change: { ...change, edit } }]);
      return { ...before, ...change, edit };
    }, deadline);
  } catch (error) {
    if (error === NOT_FITTING) return null;
    throw error;
  }
};

// Thrown to abort the transaction; never leaves this file.
const NOT_FITTING = new Error('the fence is not what it must be');

/** Runs `work` on pieces of a list, a few at a time; the first failure is thrown once all have ended. */
export const inChunks = async <Item>(
  items: readonly Item[],
  chunkSize: number,
  atATime: number,
  work: (chunk: readonly Item[]) => Promise<void>,
): Promise<void> => {
  const chunks: (readonly Item[])[] = [];
  for (let from = 0; from < items.length; from += chunkSize) {
    chunks.push(items.slice(from, from + chunkSize));
  }
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (;;) {
      const chunk = chunks.shift();
      if (chunk === undefined || failures.length > 0) return;
      try {
        await work(chunk);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  if (failures.length > 0) throw failures[0];
};
