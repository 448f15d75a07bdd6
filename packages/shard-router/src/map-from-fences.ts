import type { Fence } from '@marquee/slot-protocol';
import { SLOT_COUNT, type Shard, type ShardMap, type SlotRange } from '@marquee/topology';

/** The fences that one cluster answered with. */
export interface ClusterFences {
  readonly cluster: string;
  readonly fences: readonly Fence[];
}

/**
 * A map made of what the clusters themselves say, for when no NameNode answers: per slot the open fence
 * of the highest epoch, where that is newer than what is known. Its owners can be written to and read
 * strongly; nothing says which replicas may be read, so none is.
 *
 * Undefined if the fences know nothing newer, or leave a slot of which nothing is known.
 */
export const mapFromFences = (
  answers: readonly ClusterFences[],
  known: ShardMap | undefined,
): ShardMap | undefined => {
  const owners = openOwners(answers);
  const shards = new Map<string, Shard>(known?.shards.map((shard) => [shard.name, shard]));
  const slots: SlotRange[] = [];
  let isNewer = false;
  for (let slot = 0; slot < SLOT_COUNT; slot += 1) {
    const range = known?.slots.find(({ from, to }) => from <= slot && slot <= to);
    const open = owners.get(slot);
    if (open !== undefined && open.epoch > (range?.epoch ?? -1)) {
      const shard = `at ${open.cluster}`;
      shards.set(shard, {
        name: shard,
        owner: open.cluster,
        replicas: [],
        strongReadsOnly: true,
      });
      slots.push({ from: slot, to: slot, shard, epoch: open.epoch });
      isNewer = true;
    } else if (range !== undefined) {
      slots.push({ ...range, from: slot, to: slot });
    } else {
      return undefined;
    }
  }
  if (!isNewer) return undefined;
  return {
    deployment: known?.deployment ?? '',
    version: known?.version ?? 0,
    shards: [...shards.values()],
    slots,
    ...(known?.quarantined === undefined ? {} : { quarantined: known.quarantined }),
  };
};

const openOwners = (
  answers: readonly ClusterFences[],
): Map<number, { cluster: string; epoch: number }> => {
  const owners = new Map<number, { cluster: string; epoch: number }>();
  for (const { cluster, fences } of answers) {
    for (const { slot, state, epoch } of fences) {
      if (state !== 'open' || epoch <= (owners.get(slot)?.epoch ?? -1)) continue;
      owners.set(slot, { cluster, epoch });
    }
  }
  return owners;
};
