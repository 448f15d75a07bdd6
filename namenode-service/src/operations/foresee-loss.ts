import type { Fence } from '@marquee/slot-protocol';
import { MarqueeError } from '@marquee/errors';
import { findShard, slotsOfShard, type OperationPlan } from '../directory/directory-state.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

/** For a look at the fences of a cluster of which most are not expected to answer. */
const LOOK_MAX_MS = 3_000;

/** What an unclean failover loses, as far as the clusters that answer tell. */
export interface ForeseenLoss {
  /** Slots in which another cluster is further than the one that is to be the owner. */
  readonly slots: readonly SlotLoss[];
  /** Operations that are lost, at least. */
  readonly operations: number;
  /** They did not answer: what only they have is lost too, and nobody knows how much that is. */
  readonly silent: readonly string[];
}

export interface SlotLoss {
  readonly slot: number;
  readonly target: LogEnd;
  /** The furthest that is known of. */
  readonly known: LogEnd & { readonly cluster: string };
}

interface LogEnd {
  readonly epoch: number;
  readonly sequence: number;
}

type Plan = Extract<OperationPlan, { kind: 'unclean-failover' }>;

/**
 * Compares the fences of the cluster that is to be the owner with those of the others. Reads only.
 *
 * @throws BAD_USER_INPUT if it does not answer, or holds slots only in part: it can never be the owner then
 */
export const foreseeLoss = async (
  context: Pick<OperationContext, 'cluster' | 'follower' | 'clock'>,
  { shard: name, to }: Plan,
): Promise<ForeseenLoss> => {
  const state = directoryOf(context);
  const slots = slotsOfShard(state, name);
  const members = findShard(state, name)?.members ?? [];
  const looks = await Promise.all(
    members.map(async ({ cluster }) => ({ cluster, fences: await look(context, cluster) })),
  );
  const target = looks.find(({ cluster }) => cluster === to)?.fences;
  if (target === undefined) throw refusal(`${to} does not answer`);
  const partial = slots.filter((slot) => !isWhole(target.get(slot)));
  if (partial.length > 0) {
    const some = partial.slice(0, 16).join(', ');
    throw refusal(`${to} holds ${partial.length} slots only in part: ${some}`);
  }
  const losses = slots.flatMap((slot): SlotLoss[] => {
    const mine = endOf(target.get(slot));
    let known = { cluster: to, ...mine };
    for (const { cluster, fences } of looks) {
      const other = fences?.get(slot);
      if (isWhole(other) && isFurther(endOf(other), known)) known = { cluster, ...endOf(other) };
    }
    return known.cluster === to ? [] : [{ slot, target: mine, known }];
  });
  return {
    slots: losses,
    operations: losses.reduce((sum, loss) => sum + operationsOf(loss), 0),
    silent: looks.flatMap(({ cluster, fences }) => (fences === undefined ? [cluster] : [])),
  };
};

const look = async (
  context: Pick<OperationContext, 'cluster' | 'clock'>,
  name: string,
): Promise<ReadonlyMap<number, Fence> | undefined> => {
  try {
    const cluster = await context.cluster(name);
    const fences = await cluster.fences('all', callDeadline(context, LOOK_MAX_MS));
    return new Map(fences.map((fence) => [fence.slot, fence]));
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return undefined;
  }
};

const isWhole = (fence: Fence | undefined): fence is Fence =>
  fence !== undefined && fence.state !== 'importing' && fence.state !== 'moved';

const endOf = (fence: Fence | undefined): LogEnd => ({
  epoch: fence?.epoch ?? 0,
  sequence: fence?.sequence ?? 0,
});

const isFurther = (one: LogEnd, other: LogEnd): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.sequence > other.sequence);

/** A change of owner alone loses nothing, but what an older epoch has beyond it was undone. */
const operationsOf = ({ target, known }: SlotLoss): number =>
  Math.max(0, known.sequence - target.sequence);

const refusal = (message: string): MarqueeError =>
  new MarqueeError('BAD_USER_INPUT', { argument: 'to' }, { message });
