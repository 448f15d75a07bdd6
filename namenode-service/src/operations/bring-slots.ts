import { catchUp, type Fence } from '@marquee/slot-protocol';
import { inChunks } from './fence-changes.ts';
import { callDeadline, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';
import { isNoAnswer } from './settle-shard.ts';

/** Slots that are caught up at the same time. */
const SLOTS_AT_A_TIME = 4;

/** Writers that help may be faster this often before somebody must be doing something else. */
const ATTEMPTS_MAX = 8;

export interface Bringing {
  readonly slot: number;
  readonly source: string;
  readonly target: string;
}

/**
 * Catches up slots to their sources until nothing is missing.
 *
 * @throws OPERATION_IMPOSSIBLE if a cluster does not answer, or the two do not belong together
 */
export const bringSlots = async (
  context: OperationContext,
  bringings: readonly Bringing[],
  edit: number,
): Promise<void> => {
  await inChunks(bringings, 1, SLOTS_AT_A_TIME, async (chunk) => {
    for (const bringing of chunk) await bringSlot(context, bringing, edit);
  });
};

const bringSlot = async (
  context: OperationContext,
  { slot, source, target }: Bringing,
  edit: number,
): Promise<void> => {
  const [from, to] = await Promise.all([context.cluster(source), context.cluster(target)]);
  for (let attempt = 0; attempt < ATTEMPTS_MAX;) {
    const deadline = callDeadline(context);
    const result = await answered(
      catchUp({ slot, source: from, target: to, edit, deadline }),
      `slot ${slot} of ${target} cannot be brought along`,
    );
    if (result === 'done') return;
    if (result === 'copy') {
      throw new OperationImpossible(`${target} is too far behind in slot ${slot}`);
    }
    if (result === 'forked') {
      throw new OperationImpossible(`${target} has another log of slot ${slot} than ${source}`);
    }
    // A piece of several is progress, not an attempt that failed.
    if (result === 'changed') attempt += 1;
  }
  throw new OperationImpossible(`slot ${slot} of ${target} does not follow ${source}`);
};

/** @throws OPERATION_IMPOSSIBLE instead of a cluster's silence */
export const answered = async <Result>(
  work: Promise<Result>,
  otherwise: string,
): Promise<Result> => {
  try {
    return await work;
  } catch (cause) {
    if (!isNoAnswer(cause)) throw cause;
    throw new OperationImpossible(otherwise, { cause });
  }
};

/** The fences of these slots there, in one or few snapshots. @throws OPERATION_IMPOSSIBLE */
export const readFences = async (
  context: OperationContext,
  clusterName: string,
  slots: readonly number[],
): Promise<Map<number, Fence>> => {
  const cluster = await context.cluster(clusterName);
  const fences = await answered(
    cluster.transaction((transaction) => transaction.fences(slots), callDeadline(context)),
    `${clusterName} does not answer`,
  );
  return new Map(fences.map((fence) => [fence.slot, fence]));
};

/** What `target` lacks of the slots that `source` has as these fences say. */
export const missingAt = (
  source: string,
  at: ReadonlyMap<number, Fence>,
  target: string,
  targetAt: ReadonlyMap<number, Fence>,
): Bringing[] =>
  [...at.values()]
    .filter(({ slot, sequence }) => targetAt.get(slot)?.sequence !== sequence)
    .map(({ slot }) => ({ slot, source, target }));
