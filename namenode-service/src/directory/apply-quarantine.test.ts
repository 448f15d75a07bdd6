import { applyEdit } from './apply-edit.ts';
import {
  EMPTY_DIRECTORY,
  findShard,
  inSyncClusters,
  type DirectoryState,
  type FoundedDirectory,
} from './directory-state.ts';
import type { Change } from './edit.ts';
import { toShardMap } from './to-shard-map.ts';

const apply = (state: DirectoryState, ...changes: Change[]): FoundedDirectory =>
  changes.reduce<DirectoryState>(
    (before, change) =>
      applyEdit(before, {
        number: before.lastEdit + 1,
        atMs: 1_000,
        by: 'test',
        why: 'test',
        change,
      }),
    state,
  ) as FoundedDirectory;

const running = apply(
  EMPTY_DIRECTORY,
  {
    kind: 'deployment-founded',
    deployment: '0b7e6a52-6d2c-4a2e-9c5e-0f4a3a1d2b3c',
    shards: [
      { name: 'a', owner: 'a0', replicas: ['a1', 'a2'] },
      { name: 'b', owner: 'b0', replicas: [] },
    ],
  },
  { kind: 'founding-completed' },
);

const quarantined = (cluster: string): Change => ({
  kind: 'cluster-quarantined',
  cluster,
  why: 'restored',
});
const begun = (plan: Extract<Change, { kind: 'operation-begun' }>['plan']): Change => ({
  kind: 'operation-begun',
  operationId: 'op',
  plan,
});

const ofShard = (state: FoundedDirectory, name: string) => findShard(state, name)!;

describe('a quarantined replica', () => {
  const state = apply(running, quarantined('a1'));

  it('is neither readable nor promotable, even if fewer stay in sync than should', () => {
    expect(inSyncClusters(ofShard(state, 'a'))).toEqual(['a0', 'a2']);
    const map = toShardMap(state);
    expect(map.quarantined).toEqual(['a1']);
    expect(map.shards[0]?.replicas[0]).toMatchObject({ readable: false, promotable: false });
    const cautious = apply(running, { kind: 'shard-configured', shard: 'a', minInSync: 3 });
    expect(inSyncClusters(ofShard(apply(cautious, quarantined('a1')), 'a'))).toHaveLength(2);
  });

  it('begins anew with a join', () => {
    const joining = apply(state, begun({ kind: 'join', shard: 'a', cluster: 'a1' }));
    expect(joining.quarantined).toEqual([]);
    expect(toShardMap(joining).quarantined).toBeUndefined();
  });

  it('is a learner like any other once it is released, or gone with its membership', () => {
    const released = apply(state, { kind: 'cluster-released', cluster: 'a1' });
    expect(released.quarantined).toEqual([]);
    expect(ofShard(released, 'a').members[1]).toMatchObject({ status: 'learner' });
    const removed = apply(state, { kind: 'cluster-removed', shard: 'a', cluster: 'a1' });
    expect(removed.quarantined).toEqual([]);
  });
});

describe('a quarantined owner', () => {
  const state = apply(running, quarantined('a0'));

  it('is read by nobody under a lease, and gives way to a failover without it', () => {
    expect(ofShard(state, 'a').reads).toMatchObject({ kind: 'strong-only' });
    const failing = apply(state, begun({ kind: 'failover', shard: 'a', automatic: true }));
    const decided = (inSync: string[]) =>
      apply(failing, { kind: 'owner-changed', operationId: 'op', owner: 'a2', inSync });
    expect(() => decided(['a2', 'a0'])).toThrow('a0 is quarantined');
    const after = decided(['a2', 'a1']);
    expect(ofShard(after, 'a').members[0]).toMatchObject({ cluster: 'a0', status: 'learner' });
    expect(after.quarantined).toMatchObject([{ cluster: 'a0' }]);
  });

  it('decides nothing by what it holds: no join of another, no migration', () => {
    const left = apply(running, { kind: 'replica-left', shard: 'a', cluster: 'a1' });
    const joining = apply(
      left,
      begun({ kind: 'join', shard: 'a', cluster: 'a1' }),
      quarantined('a0'),
    );
    expect(() => apply(joining, { kind: 'replica-joined', operationId: 'op' })).toThrow(
      'a0 is quarantined',
    );
    const plan = { kind: 'migration', from: 'a', to: 'b', slots: [3] } as const;
    const moving = apply(running, begun(plan), quarantined('a0'));
    expect(() => apply(moving, { kind: 'slots-moved', operationId: 'op', slots: [3] })).toThrow(
      'a0 is quarantined',
    );
    apply(moving, { kind: 'operation-undone', operationId: 'op' });
  });
});

it('nobody is released who was not quarantined, and no stranger is quarantined', () => {
  expect(() => apply(running, { kind: 'cluster-released', cluster: 'a0' })).toThrow();
  expect(() => apply(running, quarantined('nobody'))).toThrow();
});
