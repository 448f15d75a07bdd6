import { findShard, slotsOfShard, type OperationPlan } from '../directory/directory-state.ts';
import { answered, bringSlots, type Bringing } from './bring-slots.ts';
import { copySlots } from './copy-slots.ts';
import { changeFences } from './fence-changes.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';
import { runOperation, type OperationOrder, type OperationResult } from './run-operation.ts';

type Plan = Extract<OperationPlan, { kind: 'join' }>;

/** Slots that are taken through all steps together; a cluster that fails holds up writes of these. */
const SLOTS_PER_ROUND = 16;

/**
 * Makes a learner, new or returned, a replica: copies every slot, brings it close, lets it follow and
 * the owner push to it, and catches up past what the owner had given out by then.
 */
export const join = (
  context: OperationContext,
  order: OperationOrder<Plan>,
): Promise<OperationResult> =>
  runOperation(context, order, async (edit, decide) => {
    const { plan } = order;
    const state = directoryOf(context);
    const shard = findShard(state, plan.shard);
    if (shard === undefined) throw new OperationImpossible(`no shard ${plan.shard}`);
    const slots = slotsOfShard(state, plan.shard);
    const epochOf = (slot: number) => state.slots[slot]?.epoch ?? 0;
    const member = shard.members.find(({ cluster }) => cluster === plan.cluster);
    const wasMember =
      member?.status === 'learner' && (member.unreadableSinceEdit > 0 || member.wasMember === true);
    const { owner } = shard;
    const round: Round = { context, edit, owner, target: plan.cluster, epochOf, wasMember };
    for (let done = 0; done < slots.length; done += SLOTS_PER_ROUND) {
      order.checkpoint();
      order.journal(`copy to ${plan.cluster}`, { done, total: slots.length });
      await joinSlots(round, slots.slice(done, done + SLOTS_PER_ROUND));
    }
    await decide({ kind: 'replica-joined', operationId: order.id });
  });

interface Round {
  readonly context: OperationContext;
  readonly edit: number;
  readonly owner: string;
  readonly target: string;
  readonly epochOf: (slot: number) => number;
  /** It may hold what the owner has not: that is kept for people to look at. */
  readonly wasMember: boolean;
}

const joinSlots = async (round: Round, slots: readonly number[]): Promise<void> => {
  const { context, edit, owner, target, epochOf, wasMember } = round;
  await change(round, target, slots, () => ({ state: 'importing', pushTo: [] }));
  await copySlots(context, { slots, source: owner, target, edit, keepRejected: wasMember });
  await change(round, target, slots, (fence) =>
    fence.epoch === epochOf(fence.slot) ? { state: 'follower' } : null,
  );
  const at = await change(round, owner, slots, (fence) =>
    fence.state === 'open'
      ? { pushTo: [...fence.pushTo.filter((name) => name !== target), target] }
      : null,
  );
  // Later operations are pushed there before they are acknowledged; earlier ones may be missing.
  const needed = [...at.keys()].map((slot): Bringing => ({ slot, source: owner, target }));
  await bringSlots(context, needed, edit);
};

const change = async (
  { context, edit }: Round,
  clusterName: string,
  slots: readonly number[],
  rule: Parameters<typeof changeFences>[3],
) => {
  const cluster = await context.cluster(clusterName);
  const { changed, refused } = await answered(
    changeFences(cluster, slots, edit, rule, callDeadline(context)),
    `${clusterName} does not answer`,
  );
  if (refused.length > 0) {
    throw new OperationImpossible(`slots ${refused.join(', ')} of ${clusterName} do not fit`);
  }
  return changed;
};
