import type { Shard, ShardMap, SlotRange } from '@marquee/topology';
import type { FoundedDirectory, ShardState, SlotState } from './directory-state.ts';

const toShard = (shard: ShardState): Shard => ({
  name: shard.name,
  owner: shard.owner,
  replicas: shard.members
    .filter(({ cluster }) => cluster !== shard.owner)
    .map(({ cluster, status }) => ({
      cluster,
      readable: status === 'in-sync',
      promotable: status !== 'learner',
    })),
  strongReadsOnly: shard.reads.kind === 'strong-only',
});

const toRange = (slot: SlotState, number: number): SlotRange => ({
  from: number,
  to: number,
  shard: slot.shard,
  epoch: slot.epoch,
  ...(slot.reads.kind === 'strong-only' ? { strongReadsOnly: true } : {}),
});

const continues = (left: SlotRange, right: SlotRange): boolean =>
  left.shard === right.shard &&
  left.epoch === right.epoch &&
  left.strongReadsOnly === right.strongReadsOnly;

/** What routers are told of the directory; its version is the number of the last edit. */
export const toShardMap = (state: FoundedDirectory): ShardMap => {
  const slots: SlotRange[] = [];
  state.slots.forEach((slot, number) => {
    const next = toRange(slot, number);
    const last = slots.at(-1);
    if (last !== undefined && continues(last, next))
      slots[slots.length - 1] = { ...last, to: number };
    else slots.push(next);
  });
  return {
    deployment: state.deployment,
    version: state.lastEdit,
    shards: state.shards.map(toShard),
    slots,
    ...(state.quarantined.length === 0
      ? {}
      : { quarantined: state.quarantined.map(({ cluster }) => cluster) }),
  };
};
