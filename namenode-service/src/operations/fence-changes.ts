import type { DataCluster, Deadline, Fence, FenceChange } from '@marquee/slot-protocol';
import { deposed } from './operation-failure.ts';

/**
 * Fences of one transaction. Writers change the fences too, one at a time: a transaction over many
 * would meet a conflict each time it is tried.
 */
const FENCES_PER_TRANSACTION = 16;

/** Transactions under way at one cluster; they wait for the same disk anyway. */
const TRANSACTIONS_AT_A_TIME = 4;

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
    const outcome = await cluster.transaction(async (transaction) => {
      const found = await transaction.fences(chunk);
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
    for (const fence of outcome) changed.set(fence.slot, fence);
    const fitting = new Set(outcome.map(({ slot }) => slot));
    refused.push(...chunk.filter((slot) => !fitting.has(slot)));
  });
  return { changed, refused };
};

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
