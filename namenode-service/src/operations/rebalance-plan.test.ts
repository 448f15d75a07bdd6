import fc from 'fast-check';
import { applyEdit } from '../directory/apply-edit.ts';
import {
  EMPTY_DIRECTORY,
  slotsOfShard,
  type FoundedDirectory,
} from '../directory/directory-state.ts';
import { planDrain, planRebalance, type Move } from './rebalance-plan.ts';

const stamp = { atMs: 0, by: 'test', why: 'test' };

const directory = (shardCount: number): FoundedDirectory => {
  const shards = Array.from({ length: shardCount }, (_, i) => ({
    name: `s${i}`,
    owner: `s${i}-0`,
    replicas: [],
  }));
  return applyEdit(EMPTY_DIRECTORY, {
    number: 1,
    ...stamp,
    change: { kind: 'deployment-founded', deployment: crypto.randomUUID(), shards },
  });
};

const withEmptyShard = (state: FoundedDirectory): FoundedDirectory =>
  applyEdit(state, {
    number: state.lastEdit + 1,
    ...stamp,
    change: { kind: 'shard-added', shard: { name: 'new', owner: 'new-0', replicas: [] } },
  });

const after = (state: FoundedDirectory, moves: readonly Move[]): Map<string, number[]> => {
  const owner = state.slots.map(({ shard }) => shard);
  for (const { from, to, slots } of moves) {
    for (const slot of slots) {
      expect(owner[slot]).toBe(from);
      owner[slot] = to;
    }
  }
  const result = new Map(state.shards.map(({ name }) => [name, [] as number[]]));
  owner.forEach((shard, slot) => result.get(shard)?.push(slot));
  return result;
};

const even = Array.from({ length: 1024 }, () => 10);

describe('a rebalance', () => {
  it('moves nothing where nothing is uneven', () => {
    expect(planRebalance(directory(4), even)).toEqual([]);
  });

  it('gives a new shard its share, and moves no slot more than that', () => {
    const state = withEmptyShard(directory(2));
    const moves = planRebalance(state, even);
    const sizes = [...after(state, moves).values()].map((slots) => slots.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(moves.every(({ to }) => to === 'new')).toBe(true);
    expect(moves.flatMap(({ slots }) => slots).length).toBeLessThanOrEqual(342);
  });

  it('makes no shard heavier than the heaviest was, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1024, maxLength: 1024 }),
        fc.integer({ min: 2, max: 9 }),
        (weights, shardCount) => {
          const state = withEmptyShard(directory(shardCount));
          const loadOf = (slots: readonly number[]) =>
            slots.reduce((sum, slot) => sum + (weights[slot] ?? 0) + 1, 0);
          const before = state.shards.map(({ name }) => loadOf(slotsOfShard(state, name)));
          const loads = [...after(state, planRebalance(state, weights)).values()].map(loadOf);
          const spread = (of: number[]) => Math.max(...of) - Math.min(...of);
          if (Math.max(...loads) > Math.max(...before)) throw new Error('heavier');
          if (spread(loads) > spread(before)) throw new Error('more uneven');
        },
      ),
      { numRuns: 30, seed: 5 },
    );
  });
});

describe('a drain', () => {
  it('leaves the shard empty and the others even', () => {
    const state = directory(4);
    const left = after(state, planDrain(state, even, 's1'));
    expect(left.get('s1')).toEqual([]);
    const sizes = ['s0', 's2', 's3'].map((name) => left.get(name)?.length ?? 0);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('of the last shard is refused', () => {
    expect(() => planDrain(directory(1), even, 's0')).toThrow(/last shard/);
  });
});
