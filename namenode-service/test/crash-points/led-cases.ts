import { findShard, type ShardState } from '../../src/directory/directory-state.ts';
import type { Change } from '../../src/directory/edit.ts';
import { CLEAR_AFTER_MS } from '../../src/operations/clear-leftovers.ts';
import type { LedCase, Rest } from './led-crash.ts';

const REASON = { by: 'ann', why: 'test' };

const shardOf = ({ state }: Rest, name: string): ShardState | undefined => findShard(state, name);

const membersOf = (rest: Rest, shard: string): string[] =>
  (shardOf(rest, shard)?.members ?? []).map(({ cluster }) => cluster);

/** Everything beyond the operations of the log that a leader does step by step. */
export const LED_CASES: readonly LedCase[] = [
  {
    name: 'ordered planned failover',
    work: async ({ desk }) => {
      await desk.order({ kind: 'failover', shard: 'a', to: 'a1', why: '' }, 'ann', null);
    },
    isDone: (rest) => shardOf(rest, 'a')?.owner === 'a1',
  },
  {
    name: 'leave',
    down: ['a2'],
    waitMs: 6_000,
    isDone: ({ world }) => world.log.edits.some(({ change }) => change.kind === 'replica-left'),
  },
  {
    name: 'remove a cluster',
    work: async ({ desk }) => {
      await desk.order(
        { kind: 'remove-cluster', shard: 'a', cluster: 'a2', why: '' },
        'ann',
        'remove-a2',
      );
    },
    isAtRest: ({ store }) =>
      [...store.entries.values()].every(({ status }) => status === 'completed'),
    isDone: (rest) => !membersOf(rest, 'a').includes('a2'),
  },
  {
    name: 'add a cluster',
    spares: ['new0'],
    work: async ({ maintenance }) => {
      await maintenance.addCluster('b', 'new0', REASON);
    },
    isDone: (rest) => membersOf(rest, 'b').includes('new0'),
  },
  {
    name: 'add a shard',
    spares: ['new0', 'new1'],
    work: async ({ maintenance }) => {
      const shard = { name: 'new', owner: 'new0', replicas: ['new1'] };
      await maintenance.addShard(shard, REASON);
    },
    isDone: (rest) => membersOf(rest, 'new').length === 2,
  },
  {
    name: 'rebalance',
    work: async ({ maintenance }) => {
      const moves = [
        { from: 'a', to: 'b', slots: [2, 3, 4] },
        { from: 'a', to: 'b', slots: [5, 6] },
      ];
      await maintenance.orderMoves(moves, REASON);
    },
    isAtRest: ({ state, store }) =>
      [...store.entries.values()].every(
        ({ plan, status }) =>
          plan.kind === 'migration' &&
          status === 'completed' &&
          plan.slots.every((slot) => state.slots[slot]?.shard === 'b'),
      ),
    isDone: ({ store }) => store.entries.size > 0,
  },
  {
    name: 'clear what is left over',
    prepare: (world, films) => {
      const { documents } = world.at('a0').contents;
      for (const id of films.slice(0, 2)) {
        const film = documents.get('movies')?.get(id);
        if (film !== undefined) world.at('b0').contents.documents.get('movies')?.set(id, film);
      }
      const slots = Array.from({ length: 16 }, (_, slot) => slot);
      const change: Change = { kind: 'leftovers-found', cluster: 'b0', slots };
      const atMs = world.clock.now() - CLEAR_AFTER_MS + 5_000;
      world.log.note(change, atMs);
      return Promise.resolve();
    },
    waitMs: 10_000,
    isAtRest: ({ world, state }) =>
      state.leftovers.length === 0 && world.at('b0').contents.rejected.size === 2,
    isDone: ({ world }) => world.at('b0').contents.documents.get('movies')?.size === 0,
  },
  {
    name: 'repair',
    hasDamage: true,
    prepare: (world, films) => {
      const [one = '', two = '', three = ''] = films;
      const [owner, replica, other] = ['a0', 'a1', 'b0'].map((name) => world.at(name).contents);
      const at = (contents: typeof owner) => contents!.documents.get('movies')!;
      const film = at(owner).get(one)!;
      at(replica).set(one, { ...film, title: 'Another' });
      at(other).set(two, at(owner).get(two)!);
      at(replica).set('nowhere', { ...film, _id: 'nowhere', slot: 4_711 });
      const summary = { ...film, _id: three, slot: at(owner).get(three)!.slot };
      for (const name of ['a0', 'a1', 'a2']) {
        const counts = { kind: 'summary', movieId: three, likeCount: 7, dislikeCount: 0 };
        const interactions = world.at(name).contents.documents.get('user_interactions');
        interactions?.set(three, { ...summary, ...counts });
      }
      return Promise.resolve();
    },
    work: async ({ desk }) => {
      await desk.order({ kind: 'repair', why: '' }, 'ann', 'repair-all');
    },
    isDone: ({ world }) => {
      const rejected = ['a1', 'b0'].map((name) => world.at(name).contents.rejected.size);
      const counted = world.at('a2').contents.documents.get('user_interactions')?.values() ?? [];
      return rejected.join() === '2,1' && [...counted].every(({ likeCount }) => likeCount === 0);
    },
  },
];
