import { SLOT_COUNT } from '@marquee/topology';
import type { SeededRandom } from '../world/seeded-random.ts';
import type { Scenario } from './scenarios.ts';
import type { Deployment, PlannedOrder, TimedOrder } from './walk-plan.ts';

export const makeOrders = (
  scenario: Scenario,
  { shards }: Deployment,
  random: SeededRandom,
): TimedOrder[] => {
  const orders: TimedOrder[] = [];
  let atMs = random.exponential(scenario.orderEveryMs);
  while (atMs < scenario.durationMs) {
    orders.push({ ...makeOrder(scenario, shards, random), atMs });
    atMs += random.exponential(scenario.orderEveryMs);
  }
  return orders;
};

const makeOrder = (
  { orders }: Scenario,
  shards: Deployment['shards'],
  random: SeededRandom,
): PlannedOrder => {
  const shard = random.pick(Object.keys(shards));
  const kind = random.weighted(orders);
  if (kind === 'give-up') {
    return { kind, shard, cluster: random.pick(shards[shard] ?? []) };
  }
  if (kind === 'planned-failover') {
    return { kind, shard, to: random.pick(shards[shard] ?? []) };
  }
  const first = random.integer(0, SLOT_COUNT - 1);
  const slots = random.chance(0.5) ? [first] : [first, (first + 1) % SLOT_COUNT];
  return { kind, slots, to: shard };
};
