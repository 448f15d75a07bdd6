import type { OperationPlan } from '../../../namenode-service/src/directory/directory-state.ts';
import type { DirectoryTruth } from '../oracle/directory-truth.ts';
import type { NameNodeProcess } from '../processes/name-node-process.ts';
import type { World } from '../world/world.ts';
import type { PlannedOrder, TimedOrder } from './walk-plan.ts';

/** Lets people order what they have planned, of whoever believes to lead then. */
export const giveOrders = (
  orders: readonly TimedOrder[],
  world: World,
  truth: DirectoryTruth,
  nameNodes: ReadonlyMap<string, NameNodeProcess>,
): void => {
  for (const order of orders) {
    world.scheduler.after(order.atMs, () => {
      if (order.kind === 'give-up') {
        if (truth.shards.get(order.shard)?.owner === order.cluster) return;
        world.note(() => `order ${JSON.stringify(order)}`);
        for (const nameNode of nameNodes.values()) nameNode.giveUp(order.shard, order.cluster);
        return;
      }
      const plan = planOf(order, truth);
      if (plan === undefined) return;
      world.note(() => `order ${JSON.stringify(plan)}`);
      for (const nameNode of nameNodes.values()) nameNode.order(plan);
    });
  }
};

/** What has to be done for it as things are now; undefined: nothing, or it is nonsense now. */
const planOf = (
  order: Exclude<PlannedOrder, { kind: 'give-up' }>,
  truth: DirectoryTruth,
): OperationPlan | undefined => {
  if (order.kind === 'planned-failover') {
    const shard = truth.shards.get(order.shard);
    if (shard === undefined || shard.owner === order.to) return undefined;
    return { kind: 'planned-failover', shard: order.shard, to: order.to };
  }
  const [first] = order.slots;
  const from = first === undefined ? undefined : truth.nameOfShard(first);
  if (from === undefined || from === order.to) return undefined;
  const slots = order.slots.filter((slot) => truth.nameOfShard(slot) === from);
  return { kind: 'migration', from, to: order.to, slots };
};
