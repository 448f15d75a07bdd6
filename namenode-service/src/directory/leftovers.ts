import {
  slotsOfShard,
  type FoundedDirectory,
  type Leftover,
  type ShardState,
} from './directory-state.ts';
import type { Edit } from './edit.ts';

/** Slots whose data at this cluster must stay: its shard has them, or they are on the way to it. */
export const slotsInUseAt = (state: FoundedDirectory, cluster: string): Set<number> => {
  const shard = shardOf(state, cluster);
  const arriving = state.operations.flatMap(({ plan }) =>
    plan.kind === 'migration' && plan.to === shard?.name ? plan.slots : [],
  );
  return new Set([...ownSlotsAt(state, cluster), ...arriving]);
};

const ownSlotsAt = (state: FoundedDirectory, cluster: string): Set<number> => {
  const shard = shardOf(state, cluster);
  return new Set(shard === undefined ? [] : slotsOfShard(state, shard.name));
};

/** The shard that the cluster is a member of. */
export const shardOf = ({ shards }: FoundedDirectory, cluster: string): ShardState | undefined =>
  shards.find(({ members }) => members.some((member) => member.cluster === cluster));

/**
 * The directory without left-overs that are none: of slots that the cluster's shard has, whatever brought
 * them there, and of clusters that are members no more.
 */
export const withoutFalseLeftovers = (state: FoundedDirectory): FoundedDirectory => {
  if (state.leftovers.length === 0) return state;
  const own = new Map<string, Set<number>>();
  const leftovers = state.leftovers.flatMap((each) => {
    const { cluster } = each;
    if (shardOf(state, cluster) === undefined) return [];
    const mine = own.get(cluster) ?? ownSlotsAt(state, cluster);
    own.set(cluster, mine);
    const slots = each.slots.filter((slot) => !mine.has(slot));
    return slots.length === 0 ? [] : [{ ...each, slots }];
  });
  return { ...state, leftovers };
};

/** The directory with what an operation leaves of these slots at all members of a shard. */
export const withLeftovers = (
  state: FoundedDirectory,
  shard: string,
  slots: readonly number[],
  edit: Edit,
): FoundedDirectory => {
  const members = state.shards.find(({ name }) => name === shard)?.members ?? [];
  const added = members.map(({ cluster }) => ({
    cluster,
    slots,
    sinceEdit: edit.number,
    sinceMs: edit.atMs,
  }));
  return { ...state, leftovers: [...state.leftovers, ...added] };
};

/** What a check has found, but for what is in use there: it may have moved since the check looked. */
export const withFound = (
  state: FoundedDirectory,
  { number, atMs }: Edit,
  { cluster, slots }: { readonly cluster: string; readonly slots: readonly number[] },
): FoundedDirectory => {
  const inUse = slotsInUseAt(state, cluster);
  const left = slots.filter((slot) => !inUse.has(slot));
  const others = withoutLeftovers(state.leftovers, { cluster, slots: left });
  const found = { cluster, slots: left, sinceEdit: number, sinceMs: atMs, mustKeep: true as const };
  return { ...state, leftovers: left.length === 0 ? others : [...others, found] };
};

export const withoutLeftovers = (
  leftovers: readonly Leftover[],
  { cluster, slots }: { readonly cluster: string; readonly slots: readonly number[] },
): Leftover[] => {
  const gone = new Set(slots);
  return leftovers.flatMap((each) => {
    if (each.cluster !== cluster) return [each];
    const kept = each.slots.filter((slot) => !gone.has(slot));
    return kept.length === 0 ? [] : [{ ...each, slots: kept }];
  });
};
