import type { Fence } from '@marquee/slot-protocol';
import { changeFences } from './fence-changes.ts';
import { callDeadline, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

/**
 * Seals slots at one cluster: it takes no write and no operation of theirs any more.
 *
 * @returns their fences as they are then, or undefined if the cluster did not answer in time or does
 * not hold all of them, or one only in part; some may be sealed all the same
 */
export const sealSlots = async (
  context: OperationContext,
  clusterName: string,
  slots: readonly number[],
  edit: number,
  maxMs?: number,
): Promise<ReadonlyMap<number, Fence> | undefined> => {
  try {
    const cluster = await context.cluster(clusterName);
    const { changed, refused } = await changeFences(
      cluster,
      slots,
      edit,
      ({ state }) => (state === 'moved' || state === 'importing' ? null : { state: 'sealed' }),
      callDeadline(context, maxMs),
    );
    return refused.length === 0 ? changed : undefined;
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return undefined;
  }
};
