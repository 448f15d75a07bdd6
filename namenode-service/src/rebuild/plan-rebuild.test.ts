import { PROTOCOL_VERSION, type Fence, type FenceState } from '@marquee/slot-protocol';
import { SLOT_COUNT } from '@marquee/topology';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import { LOG_MARGIN_EDITS, planRebuild, type FencedCluster } from './plan-rebuild.ts';

type FenceOf = (slot: number) => Partial<Fence> & { readonly state: FenceState };

const cluster = (
  name: string,
  shard: string,
  fenceOf: FenceOf,
  role: FencedCluster['role'] = 'replica',
): FencedCluster => ({
  name,
  shard,
  role,
  fences: Array.from({ length: SLOT_COUNT }, (_, slot): Fence => ({
    slot,
    protocol: PROTOCOL_VERSION,
    edit: 5,
    epoch: 1,
    sequence: 10,
    lastTransaction: 't10',
    pushTo: [],
    purgedThrough: 0,
    refuseIdsBefore: '',
    ...fenceOf(slot),
  })),
});

const isA = (slot: number) => slot < 512;
const open = (pushTo: string[]) => ({ state: 'open', pushTo }) as const;

/** Two shards of an owner and a replica, at rest. */
const atRest = () => [
  cluster('a0', 'a', (slot) => (isA(slot) ? open(['a1']) : { state: 'moved', epoch: 0 })),
  cluster('a1', 'a', (slot) => ({ state: isA(slot) ? 'follower' : 'moved' })),
  cluster('b0', 'b', (slot) => (isA(slot) ? { state: 'moved', epoch: 0 } : open(['b1']))),
  cluster('b1', 'b', (slot) => ({ state: isA(slot) ? 'moved' : 'follower' })),
];

const changed = (
  clusters: FencedCluster[],
  name: string,
  change: (fence: Fence) => Partial<Fence>,
) =>
  clusters.map((each) =>
    each.name === name
      ? { ...each, fences: each.fences.map((fence) => ({ ...fence, ...change(fence) })) }
      : each,
  );

const plan = (clusters: readonly FencedCluster[]): FoundedDirectory =>
  planRebuild('11111111-1111-4111-8111-111111111111', clusters);

const shardA = (clusters: readonly FencedCluster[]) => plan(clusters).shards[0];

describe('a directory made of fences', () => {
  it('is what it was, paused, with a log that begins far above every edit', () => {
    const clusters = changed(atRest(), 'b1', ({ slot }) => ({ edit: slot }));
    const state = plan(clusters);
    expect(state.shards.map(({ name, owner, members }) => [name, owner, members])).toEqual([
      ['a', 'a0', ['a0', 'a1'].map((each) => ({ cluster: each, status: 'in-sync' }))],
      ['b', 'b0', ['b0', 'b1'].map((each) => ({ cluster: each, status: 'in-sync' }))],
    ]);
    expect(state.slots[0]).toMatchObject({ shard: 'a', epoch: 1 });
    expect(state.slots[1023]).toMatchObject({ shard: 'b', epoch: 1 });
    expect(state.lastEdit).toBe(1023 + LOG_MARGIN_EDITS);
    expect(state.automation).toEqual({ status: 'paused', sinceEdit: state.lastEdit });
  });

  it('keeps a replica in sync that is only a write behind: its owner pushes to it', () => {
    const clusters = changed(atRest(), 'a1', () => ({ sequence: 9, lastTransaction: 't9' }));
    expect(shardA(clusters)?.members).toMatchObject([{}, { cluster: 'a1', status: 'in-sync' }]);
  });

  it('makes a learner of a member that its owner did not wait for', () => {
    const alone = changed(atRest(), 'a0', ({ state }) => (state === 'open' ? { pushTo: [] } : {}));
    const behind = changed(alone, 'a1', () => ({ sequence: 9, lastTransaction: 't9' }));
    expect(shardA(behind)?.members).toMatchObject([
      { cluster: 'a0' },
      { cluster: 'a1', status: 'learner', wasMember: true },
    ]);
  });

  it('completes a failover of which a fence tells, with an epoch of its own where nobody has opened', () => {
    // The new owner has opened slot 0; slot 1 has its epoch; all else is as before the decision.
    const sealed = changed(atRest(), 'a0', ({ slot, state }) => {
      if (state !== 'open') return {};
      return slot < 2 ? { state: 'follower', epoch: 8, pushTo: [] } : { state: 'sealed' };
    });
    const clusters = changed(sealed, 'a1', ({ slot }) => {
      if (slot === 0) return { state: 'open', epoch: 8, pushTo: ['a0'] };
      return slot === 1 ? { epoch: 8 } : {};
    });
    const { shards, slots, lastEdit } = plan(clusters);
    expect(shards[0]).toMatchObject({
      owner: 'a1',
      members: [{}, { cluster: 'a0', status: 'in-sync' }],
    });
    expect(slots.slice(0, 3).map(({ epoch }) => epoch)).toEqual([8, lastEdit, lastEdit]);
  });

  it('undoes a failover of which none tells', () => {
    const clusters = changed(atRest(), 'a1', ({ state }) =>
      state === 'follower' ? { state: 'sealed' } : {},
    );
    expect(shardA(clusters)).toMatchObject({ owner: 'a0' });
  });

  it('leaves a slot that was being moved where it was, and takes one that was moved', () => {
    const moving = changed(atRest(), 'b0', ({ slot }) => {
      if (slot === 3) return { state: 'importing', epoch: 1 };
      return slot === 4 ? { state: 'open', epoch: 9 } : {};
    });
    const clusters = changed(moving, 'a0', ({ slot }) => (slot === 4 ? { state: 'sealed' } : {}));
    const { slots } = plan(clusters);
    expect(slots.slice(3, 5)).toMatchObject([
      { shard: 'a', epoch: 1 },
      { shard: 'b', epoch: 9 },
    ]);
  });

  it('takes the owner of a shard without slots from the clusters file', () => {
    const empty = [
      cluster('c0', 'c', () => ({ state: 'moved', epoch: 0 })),
      cluster('c1', 'c', () => ({ state: 'moved', epoch: 0 }), 'owner'),
    ];
    expect(plan([...atRest(), ...empty]).shards[2]).toMatchObject({
      owner: 'c1',
      members: [{}, { cluster: 'c0', status: 'learner' }],
    });
  });

  it.each<[string, (clusters: FencedCluster[]) => FencedCluster[], RegExp]>([
    [
      'a slot that nobody holds',
      (all) => all.filter(({ shard }) => shard === 'a'),
      /no cluster holds slot 512/,
    ],
    [
      'a slot that two shards hold at one epoch',
      (all) => changed(all, 'b0', ({ slot }) => (slot === 7 ? { state: 'open', epoch: 1 } : {})),
      /shards a and b both hold slot 7/,
    ],
    [
      'a replica that knows more of one slot than its owner',
      (all) => changed(all, 'a1', ({ slot }) => (slot === 9 ? { sequence: 11 } : {})),
      /a0 owns slot 0, and a1 knows more of shard a/,
    ],
    [
      'clusters of which each knows more of another slot',
      (all) =>
        changed(
          changed(all, 'a1', ({ slot }) => (slot === 9 ? { sequence: 11 } : {})),
          'a0',
          ({ slot }) => (slot === 10 ? { sequence: 11 } : {}),
        ),
      /no cluster of shard a has everything/,
    ],
    [
      'fences of another protocol',
      (all) => changed(all, 'b1', ({ slot }) => (slot === 0 ? { protocol: 2 } : {})),
      /b1 has fences of another version/,
    ],
  ])('is refused for %s', (_, spoil, message) => {
    expect(() => plan(spoil(atRest()))).toThrow(
      expect.objectContaining({
        code: 'REBUILD_IMPOSSIBLE',
        message: expect.stringMatching(message),
      }),
    );
  });
});
