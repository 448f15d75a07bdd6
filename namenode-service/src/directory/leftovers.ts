import type { FoundedDirectory, Leftover } from './directory-state.ts';
import type { Edit } from './edit.ts';

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

export const withFound = (
  leftovers: readonly Leftover[],
  { number, atMs }: Edit,
  { cluster, slots }: { readonly cluster: string; readonly slots: readonly number[] },
): Leftover[] => [
  ...withoutLeftovers(leftovers, { cluster, slots }),
  { cluster, slots, sinceEdit: number, sinceMs: atMs },
];

/** A slot that a shard gets is no left-over there any more. */
export const withoutLeftoversOf = (
  state: FoundedDirectory,
  shard: string,
  slots: readonly number[],
): FoundedDirectory => {
  const members = state.shards.find(({ name }) => name === shard)?.members ?? [];
  const leftovers = members.reduce<readonly Leftover[]>(
    (rest, { cluster }) => withoutLeftovers(rest, { cluster, slots }),
    state.leftovers,
  );
  return { ...state, leftovers };
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
