import type { Fence, FenceState } from './fence.ts';

/** Sums over all fences of one cluster that share a state and a list of clusters to push to. */
export interface FenceGroup {
  readonly state: FenceState;
  /** Ascending. */
  readonly pushTo: readonly string[];
  readonly count: number;
  /** Sums of slot, epoch and sequence; weighted by the slot and its square they tell slots apart. */
  readonly slots: number;
  readonly slotsSquared: number;
  readonly epochs: number;
  readonly epochsBySlot: number;
  readonly epochsBySlotSquared: number;
  readonly sequences: number;
  readonly sequencesBySlot: number;
  readonly sequencesBySlotSquared: number;
}

/**
 * What a thousand fences come to, in a hundred bytes: enough to see that nothing has changed. Fences
 * that are `moved` are left out. Two that differ may in theory have the same sums, if three slots or
 * more differ by just the right amounts; equal ones always have.
 */
export type FenceDigest = readonly FenceGroup[];

const SUMS = {
  count: () => 1,
  slots: ({ slot }) => slot,
  slotsSquared: ({ slot }) => slot ** 2,
  epochs: ({ epoch }) => epoch,
  epochsBySlot: ({ slot, epoch }) => epoch * slot,
  epochsBySlotSquared: ({ slot, epoch }) => epoch * slot ** 2,
  sequences: ({ sequence }) => sequence,
  sequencesBySlot: ({ slot, sequence }) => sequence * slot,
  sequencesBySlotSquared: ({ slot, sequence }) => sequence * slot ** 2,
} as const satisfies Record<string, (fence: Fence) => number>;

type Sums = Record<keyof typeof SUMS, number>;

const NOTHING = Object.fromEntries(Object.keys(SUMS).map((name) => [name, 0])) as Sums;

/** The digest of these fences, as a cluster that holds them answers it. */
export const digestOf = (fences: readonly Fence[]): FenceDigest =>
  mergeGroups(
    fences
      .filter(({ state }) => state !== 'moved')
      .map((fence) => ({
        state: fence.state,
        pushTo: fence.pushTo,
        ...(Object.fromEntries(
          Object.entries(SUMS).map(([name, of]) => [name, of(fence)]),
        ) as Sums),
      })),
  );

/** Adds up groups whose lists of clusters name the same ones, in whatever order. */
export const mergeGroups = (groups: readonly FenceGroup[]): FenceDigest => {
  const merged = new Map<string, FenceGroup>();
  for (const group of groups) {
    const { state } = group;
    const pushTo = [...group.pushTo].sort();
    const key = `${state} ${pushTo.join()}`;
    const before: Sums = merged.get(key) ?? NOTHING;
    const sums = Object.fromEntries(
      Object.keys(SUMS).map((name) => {
        const sum = name as keyof Sums;
        return [sum, before[sum] + group[sum]];
      }),
    ) as Sums;
    merged.set(key, { state, pushTo, ...sums });
  }
  return [...merged.values()];
};
