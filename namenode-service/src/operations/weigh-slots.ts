import { COLLECTIONS } from '@marquee/topology';
import { findShard } from '../directory/directory-state.ts';
import { answered } from './bring-slots.ts';
import { inChunks } from './fence-changes.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';

/** Counts under way at a time: they are answered from an index, but there are four for each slot. */
const COUNTS_AT_A_TIME = 8;

/**
 * How many documents each slot holds, tombstones included, as its owner counts them.
 *
 * @throws OPERATION_IMPOSSIBLE if an owner does not answer
 */
export const weighSlots = async (
  context: Pick<OperationContext, 'cluster' | 'follower' | 'clock'>,
): Promise<number[]> => {
  const state = directoryOf(context);
  const weights = new Array<number>(state.slots.length).fill(0);
  const slots = state.slots.map(({ shard }, slot) => ({ slot, shard }));
  await inChunks(slots, 1, COUNTS_AT_A_TIME, async (chunk) => {
    for (const { slot, shard } of chunk) {
      const owner = findShard(state, shard)?.owner ?? '';
      const cluster = await context.cluster(owner);
      for (const collection of COLLECTIONS) {
        const counting = cluster.count(collection, { slot }, callDeadline(context));
        weights[slot] = (weights[slot] ?? 0) + (await answered(counting, `${owner} is silent`));
      }
    }
  });
  return weights;
};
