import type { Fence } from '@marquee/slot-protocol';
import {
  findShard,
  inSyncClusters,
  shardsOf,
  type FoundedDirectory,
  type ShardState,
} from '../directory/directory-state.ts';
import type { Finding } from './finding.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';

type CheckContext = Pick<OperationContext, 'cluster' | 'follower' | 'clock'>;

/**
 * Fences of one cluster that are not what the directory says of its slots, and open ones of slots that it
 * does not own. What an operation is under way about is left out. Rejects if it does not answer.
 */
export const lookAtFences = async (
  context: CheckContext,
  shardName: string,
  clusterName: string,
): Promise<Finding[]> => {
  const cluster = await context.cluster(clusterName);
  const fences = await cluster.fences('all', callDeadline(context));
  const state = directoryOf(context);
  const shard = findShard(state, shardName);
  if (shard === undefined) return [];
  const bySlot = new Map(fences.map((fence) => [fence.slot, fence]));
  const busy = busySlots(state);
  return state.slots.flatMap((_each, slot): Finding[] => {
    if (busy.has(slot)) return [];
    return judge(state, shard, clusterName, slot, bySlot.get(slot));
  });
};

const judge = (
  { slots }: FoundedDirectory,
  shard: ShardState,
  cluster: string,
  slot: number,
  fence: Fence | undefined,
): Finding[] => {
  const isOwn = slots[slot]?.shard === shard.name;
  const isOwner = isOwn && shard.owner === cluster;
  if (fence?.state === 'open' && !isOwner) return [{ kind: 'second-owner', cluster, slot }];
  const [, ...followers] = inSyncClusters(shard);
  if (!isOwn || !(isOwner || followers.includes(cluster))) return [];
  const wanted = isOwner ? 'open' : 'follower';
  const fits =
    fence?.state === wanted &&
    fence.epoch === slots[slot]?.epoch &&
    (!isOwner || pushesRight(shard, followers, fence));
  return fits ? [] : [{ kind: 'wrong-fence', cluster, slot, shard: shard.name }];
};

/** A replica that has left is pushed to until no router can be reading it any more. */
const pushesRight = (
  { members }: ShardState,
  followers: readonly string[],
  { pushTo }: Fence,
): boolean =>
  followers.every((cluster) => pushTo.includes(cluster)) &&
  pushTo.every((name) => members.some(({ cluster }) => cluster === name));

/** Slots whose fences an operation may be changing at this moment. */
const busySlots = ({ operations, slots }: FoundedDirectory): Set<number> => {
  const busyShards = new Set(operations.flatMap(({ plan }) => shardsOf(plan)));
  return new Set(slots.flatMap(({ shard }, slot) => (busyShards.has(shard) ? [slot] : [])));
};
