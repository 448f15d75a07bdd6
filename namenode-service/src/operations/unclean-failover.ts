import { findShard, slotsOfShard, type OperationPlan } from '../directory/directory-state.ts';
import { directoryOf, waitOutLease, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';
import { runOperation, type OperationOrder, type OperationResult } from './run-operation.ts';
import { sealSlots } from './seal-slots.ts';

type Plan = Extract<OperationPlan, { kind: 'unclean-failover' }>;

/** It is expected not to answer. */
const SEAL_OLD_OWNER_MAX_MS = 3_000;

/**
 * Gives a shard to a cluster that may lack acknowledged writes: only on the order of a person who was
 * shown what is lost. Whoever else is in the shard joins anew, and what it holds beyond that is kept
 * among its rejected documents.
 */
export const uncleanFailover = async (
  context: OperationContext,
  order: OperationOrder<Plan>,
): Promise<OperationResult> => {
  const { plan, reason } = order;
  const reads = findShard(directoryOf(context), plan.shard)?.reads;
  const suspectedBy =
    reads?.kind === 'strong-only'
      ? reads.sinceEdit
      : (await context.leadership.append({ kind: 'owner-suspected', shard: plan.shard }, reason))
          .number;
  return runOperation(context, order, async (edit, decide) => {
    const state = directoryOf(context);
    const slots = slotsOfShard(state, plan.shard);
    const owner = findShard(state, plan.shard)?.owner ?? plan.to;
    order.journal(`seal ${plan.to}`);
    if ((await sealSlots(context, plan.to, slots, edit)) === undefined) {
      throw new OperationImpossible(`${plan.to} cannot be sealed`);
    }
    // Where the old owner can be reached, it must not go on acknowledging what will be rejected.
    await sealSlots(context, owner, slots, edit, SEAL_OLD_OWNER_MAX_MS);
    order.journal('wait until no router trusts an older map');
    await waitOutLease(context, suspectedBy);
    await decide({
      kind: 'owner-changed',
      operationId: order.id,
      owner: plan.to,
      inSync: [plan.to],
    });
  });
};
