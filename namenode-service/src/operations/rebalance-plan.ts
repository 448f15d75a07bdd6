import { MarqueeError } from '@marquee/errors';
import { slotsOfShard, type FoundedDirectory } from '../directory/directory-state.ts';

/** Slots that go from one shard to another, in one migration. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly slots: readonly number[];
}

interface Load {
  readonly shard: string;
  weight: number;
  /** The heaviest last. */
  readonly slots: number[];
}

/**
 * Moves that even the shards out, by the weight of each slot: always from the heaviest shard to the
 * lightest, always the heaviest slot that makes the two more equal, so that few slots move. Ends when
 * no slot would. Pure; what is moved twice on the way is moved once.
 */
export const planRebalance = (state: FoundedDirectory, weights: readonly number[]): Move[] => {
  const loads = loadsOf(state, weights);
  const destination = new Map<number, string>();
  // A slot moves to a lighter shard each time; more rounds than slots would mean a circle.
  for (let round = 0; round < state.slots.length; round += 1) {
    loads.sort((left, right) => left.weight - right.weight);
    const [lightest, heaviest] = [loads[0], loads.at(-1)];
    if (lightest === undefined || heaviest === undefined || lightest === heaviest) break;
    const gap = heaviest.weight - lightest.weight;
    // Strictly less than the gap: otherwise the two would only change places.
    const index = heaviest.slots.findLastIndex((slot) => 2 * weightOf(weights, slot) <= gap);
    const [slot] = index < 0 ? [] : heaviest.slots.splice(index, 1);
    if (slot === undefined) break;
    moveSlot(slot, lightest, weights, destination);
    heaviest.weight -= weightOf(weights, slot);
  }
  return movesOf(state, destination);
};

/**
 * Moves that leave a shard with no slot: each to the shard that is lightest then.
 *
 * @throws LAST_SHARD if there is no other shard
 */
export const planDrain = (
  state: FoundedDirectory,
  weights: readonly number[],
  shard: string,
): Move[] => {
  const loads = loadsOf(state, weights).filter((load) => load.shard !== shard);
  if (loads.length === 0) {
    const message = `${shard} is the last shard: there is nowhere to drain it to`;
    throw new MarqueeError('LAST_SHARD', { argument: 'shard' }, { message });
  }
  const destination = new Map<number, string>();
  for (const slot of byWeight(slotsOfShard(state, shard), weights).reverse()) {
    loads.sort((left, right) => left.weight - right.weight);
    const [lightest] = loads;
    if (lightest !== undefined) moveSlot(slot, lightest, weights, destination);
  }
  return movesOf(state, destination);
};

const loadsOf = (state: FoundedDirectory, weights: readonly number[]): Load[] =>
  state.shards.map(({ name }) => {
    const slots = byWeight(slotsOfShard(state, name), weights);
    const weight = slots.reduce((sum, slot) => sum + weightOf(weights, slot), 0);
    return { shard: name, weight, slots };
  });

/** An empty slot weighs something too, so that empty shards get slots as well. */
const weightOf = (weights: readonly number[], slot: number): number => (weights[slot] ?? 0) + 1;

const byWeight = (slots: readonly number[], weights: readonly number[]): number[] =>
  [...slots].sort((left, right) => weightOf(weights, left) - weightOf(weights, right));

const moveSlot = (
  slot: number,
  to: Load,
  weights: readonly number[],
  destination: Map<number, string>,
): void => {
  const weight = weightOf(weights, slot);
  const at = to.slots.findIndex((each) => weightOf(weights, each) > weight);
  to.slots.splice(at < 0 ? to.slots.length : at, 0, slot);
  to.weight += weight;
  destination.set(slot, to.shard);
};

const movesOf = (state: FoundedDirectory, destination: ReadonlyMap<number, string>): Move[] => {
  const moves = new Map<string, { from: string; to: string; slots: number[] }>();
  for (const [slot, to] of destination) {
    const from = state.slots[slot]?.shard;
    if (from === undefined || from === to) continue;
    const move = moves.get(`${from} ${to}`) ?? { from, to, slots: [] };
    move.slots.push(slot);
    moves.set(`${from} ${to}`, move);
  }
  return [...moves.values()].map((move) => ({
    ...move,
    slots: move.slots.sort((left, right) => left - right),
  }));
};
