import {
  findShard,
  inSyncClusters,
  slotsOfShard,
  type OperationPlan,
} from '../directory/directory-state.ts';
import { bringSlots, missingAt, readFences } from './bring-slots.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';
import { runOperation, type OperationOrder, type OperationResult } from './run-operation.ts';
import { sealSlots } from './seal-slots.ts';

type Plan = Extract<OperationPlan, { kind: 'planned-failover' }>;

/**
 * Hands a shard over to one of its replicas while everything is well: nothing is copied, nobody
 * reads stale data, and writers wait for the time of a drain.
 */
export const plannedFailover = (
  context: OperationContext,
  order: OperationOrder<Plan>,
): Promise<OperationResult> =>
  runOperation(context, order, async (edit, decide) => {
    const { journal, plan } = order;
    const state = directoryOf(context);
    const shard = findShard(state, plan.shard);
    if (shard === undefined) throw new OperationImpossible(`no shard ${plan.shard}`);
    const slots = slotsOfShard(state, plan.shard);
    const inSync = inSyncClusters(shard);
    const { owner } = shard;

    journal(`seal ${owner}`);
    const sealed = await sealSlots(context, owner, slots, edit);
    if (sealed === undefined) throw new OperationImpossible(`${owner} cannot be sealed`);
    for (const target of inSync.filter((cluster) => cluster !== owner)) {
      journal(`bring ${target} to where ${owner} ended`);
      const at = await readFences(context, target, slots);
      await bringSlots(context, missingAt(owner, sealed, target, at), edit);
    }
    await decide({ kind: 'owner-changed', operationId: order.id, owner: plan.to, inSync });
  });
