import { SLOT_COUNT, type ShardMap } from '@marquee/topology';
import type { ShardPlan } from './test-clusters.ts';

/** Number of the edit that all slots of a new test deployment were given away by. */
export const FIRST_EPOCH = 1;

/** The map of a new deployment: the slots in as many even ranges as there are shards. */
export const newTestMap = (shards: ShardPlan): ShardMap => {
  const names = Object.keys(shards);
  const boundary = (index: number): number => Math.floor((index * SLOT_COUNT) / names.length);
  return {
    deployment: 'test',
    version: FIRST_EPOCH,
    shards: Object.entries(shards).map(([name, [owner = name, ...replicas]]) => ({
      name,
      owner,
      replicas: replicas.map((cluster) => ({ cluster, readable: true, promotable: true })),
      strongReadsOnly: false,
    })),
    slots: names.map((shard, index) => ({
      from: boundary(index),
      to: boundary(index + 1) - 1,
      shard,
      epoch: FIRST_EPOCH,
    })),
  };
};
