import { MarqueeError } from '@marquee/errors';
import { SLOT_COUNT } from '@marquee/topology';
import { z } from 'zod';
import {
  findShard,
  inSyncClusters,
  shardsOf,
  type FoundedDirectory,
  type OperationPlan,
  type ShardState,
} from '../directory/directory-state.ts';
import { lockedShardsOf, type EntryPlan } from './maintenance-plan.ts';
import { orderRefusal } from './order-refusal.ts';

const Name = z.string().min(1).max(64);
const Why = z.string().max(500).default('ordered by a person');

/** What a person may order; the leader makes a plan of it. */
export const OrderRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('failover'),
    shard: Name,
    to: Name.optional().describe('By default a healthy replica that is in sync'),
    why: Why,
  }),
  z.object({
    kind: z.literal('unclean-failover'),
    shard: Name,
    to: Name,
    confirmShard: Name.optional().describe('The name of the shard again: writes may be lost'),
    why: Why,
  }),
  z.object({ kind: z.literal('join'), shard: Name, cluster: Name, why: Why }),
  z.object({ kind: z.literal('remove-cluster'), shard: Name, cluster: Name, why: Why }),
  z.object({ kind: z.literal('repair'), why: Why }),
  z.object({
    kind: z.literal('migrate'),
    to: Name,
    slots: z
      .array(
        z
          .int()
          .min(0)
          .max(SLOT_COUNT - 1),
      )
      .min(1)
      .max(SLOT_COUNT)
      .describe('All of them of one shard'),
    why: Why,
  }),
]);

export type OrderRequest = z.output<typeof OrderRequest>;

export interface PlanningOptions {
  readonly isHealthy: (cluster: string) => boolean;
  /** Nothing will be done: what is lost can be shown before anybody agrees to it. */
  readonly isDryRun: boolean;
}

/**
 * What the order comes down to in the present directory.
 *
 * @throws BAD_USER_INPUT, NOT_FOUND, ALREADY_THERE, NOT_IN_SYNC
 */
export const planOf = (
  state: FoundedDirectory,
  request: OrderRequest,
  { isHealthy, isDryRun }: PlanningOptions,
): EntryPlan => {
  switch (request.kind) {
    case 'failover':
      return failoverPlan(requireShard(state, request.shard), request.to, isHealthy);
    case 'unclean-failover':
      return uncleanPlan(requireShard(state, request.shard), request, isDryRun);
    case 'join':
      return joinPlan(requireShard(state, request.shard), request.cluster);
    case 'remove-cluster':
      return removalPlan(requireShard(state, request.shard), request.cluster);
    case 'repair':
      return { kind: 'repair' };
    case 'migrate':
      return migrationPlan(state, request);
  }
};

/** @throws SHARD_BUSY if one of the shards of the plan has an operation under way */
export const requireFree = (state: FoundedDirectory, plan: EntryPlan): void => {
  const wanted = lockedShardsOf(plan);
  const busy = state.operations.find((each) => shardsOf(each.plan).some((s) => wanted.includes(s)));
  if (busy === undefined) return;
  throw new MarqueeError(
    'SHARD_BUSY',
    { operation: busy.id, shards: shardsOf(busy.plan) },
    { message: `operation ${busy.id} is under way there` },
  );
};

export const requireShard = (state: FoundedDirectory, name: string): ShardState => {
  const shard = findShard(state, name);
  if (shard === undefined) throw new MarqueeError('NOT_FOUND', { shard: name });
  return shard;
};

const failoverPlan = (
  shard: ShardState,
  to: string | undefined,
  isHealthy: (cluster: string) => boolean,
): OperationPlan => {
  const replicas = inSyncClusters(shard).filter((cluster) => cluster !== shard.owner);
  if (!isHealthy(shard.owner)) {
    // It cannot be asked to hand over; and which replica is best is found when they are sealed.
    return { kind: 'failover', shard: shard.name, automatic: false };
  }
  const chosen = to ?? replicas.find(isHealthy);
  if (chosen === undefined)
    throw orderRefusal('NOT_IN_SYNC', 'shard', `${shard.name} has no healthy replica in sync`);
  if (chosen === shard.owner) throw orderRefusal('ALREADY_THERE', 'to', `${chosen} is the owner`);
  if (!replicas.includes(chosen))
    throw orderRefusal('NOT_IN_SYNC', 'to', `${chosen} is not in sync in ${shard.name}`);
  return { kind: 'planned-failover', shard: shard.name, to: chosen };
};

const uncleanPlan = (
  shard: ShardState,
  { to, confirmShard }: Extract<OrderRequest, { kind: 'unclean-failover' }>,
  isDryRun: boolean,
): OperationPlan => {
  if (!isDryRun && confirmShard !== shard.name) {
    throw orderRefusal(
      'BAD_USER_INPUT',
      'confirmShard',
      `acknowledged writes may be lost: repeat the name ${shard.name}`,
    );
  }
  const isReplica = shard.members.some(({ cluster }) => cluster === to) && to !== shard.owner;
  if (!isReplica)
    throw orderRefusal('BAD_USER_INPUT', 'to', `${to} is no replica of ${shard.name}`);
  return { kind: 'unclean-failover', shard: shard.name, to };
};

const joinPlan = (shard: ShardState, cluster: string): OperationPlan => {
  const member = shard.members.find((each) => each.cluster === cluster);
  if (member === undefined) {
    throw orderRefusal('BAD_USER_INPUT', 'cluster', `${cluster} is no member of ${shard.name}`);
  }
  if (member.status !== 'learner') {
    throw orderRefusal('ALREADY_THERE', 'cluster', `${cluster} is in sync in ${shard.name}`);
  }
  return { kind: 'join', shard: shard.name, cluster };
};

const removalPlan = (shard: ShardState, cluster: string): EntryPlan => {
  if (shard.owner === cluster)
    throw orderRefusal('BAD_USER_INPUT', 'cluster', `${cluster} is the owner: fail over first`);
  if (!shard.members.some((member) => member.cluster === cluster)) {
    throw new MarqueeError('NOT_FOUND', { shard: shard.name, cluster });
  }
  const inSync = inSyncClusters(shard);
  if (inSync.includes(cluster) && inSync.length <= shard.minInSync) {
    throw orderRefusal(
      'NOT_IN_SYNC',
      'cluster',
      `${shard.name} must keep ${shard.minInSync} clusters in sync`,
    );
  }
  return { kind: 'remove-cluster', shard: shard.name, cluster };
};

const migrationPlan = (
  state: FoundedDirectory,
  { to, slots }: Extract<OrderRequest, { kind: 'migrate' }>,
): OperationPlan => {
  requireShard(state, to);
  const wanted = [...new Set(slots)].sort((left, right) => left - right);
  const sources = new Set(wanted.map((slot) => state.slots[slot]?.shard));
  const [from] = sources;
  if (sources.size > 1 || from === undefined)
    throw orderRefusal('BAD_USER_INPUT', 'slots', 'they are of several shards');
  if (from === to) throw orderRefusal('ALREADY_THERE', 'to', `${to} has these slots already`);
  return { kind: 'migration', from, to, slots: wanted };
};
