import { SLOT_COUNT, SlotTable } from '@marquee/topology';
import fc from 'fast-check';
import { applyEdit } from './apply-edit.ts';
import {
  EMPTY_DIRECTORY,
  findShard,
  inSyncClusters,
  type DirectoryState,
  type FoundedDirectory,
  type OperationPlan,
} from './directory-state.ts';
import { Edit, type Change } from './edit.ts';
import { toShardMap } from './to-shard-map.ts';

const DEPLOYMENT = '0b7e6a52-6d2c-4a2e-9c5e-0f4a3a1d2b3c';

const founding = (shardCount: number, replicaCount: number): Change => ({
  kind: 'deployment-founded',
  deployment: DEPLOYMENT,
  shards: Array.from({ length: shardCount }, (_, shard) => ({
    name: `s${String(shard)}`,
    owner: `s${String(shard)}-0`,
    replicas: Array.from({ length: replicaCount }, (_r, i) => `s${String(shard)}-${String(i + 1)}`),
  })),
});

const editOf = (state: DirectoryState, change: Change, atMs = 1_000): Edit => ({
  number: state.lastEdit + 1,
  atMs,
  by: 'test',
  why: 'test',
  change,
});

const apply = (state: DirectoryState, ...changes: Change[]): FoundedDirectory => {
  let next = state;
  for (const change of changes) next = applyEdit(next, editOf(next, change));
  return next as FoundedDirectory;
};

const running = (shardCount: number, replicaCount: number): FoundedDirectory =>
  apply(EMPTY_DIRECTORY, founding(shardCount, replicaCount), { kind: 'founding-completed' });

const begun = (plan: OperationPlan): Change => ({
  kind: 'operation-begun',
  operationId: 'op',
  plan,
});

const refused = (state: DirectoryState, change: Change): boolean => {
  try {
    apply(state, change);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'INTERNAL' });
    return true;
  }
};

describe('a new directory', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 1],
    [8, 2],
  ])('of %i shards with %i replicas splits the slots evenly', (shardCount, replicaCount) => {
    const map = toShardMap(running(shardCount, replicaCount));
    const table = new SlotTable(map);
    const sizes = map.shards.map((shard) => table.slotsOf(shard.name).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(map.slots).toHaveLength(shardCount);
    expect(map.shards.every((shard) => shard.replicas.length === replicaCount)).toBe(true);
    expect(map).toMatchObject({ deployment: DEPLOYMENT, version: 2 });
  });

  it('takes no cluster into two shards', () => {
    const shards = ['a', 'b'].map((name) => ({ name, owner: 'same', replicas: [] }));
    expect(
      refused(EMPTY_DIRECTORY, { kind: 'deployment-founded', deployment: DEPLOYMENT, shards }),
    ).toBe(true);
  });

  it('is founded once', () => {
    expect(refused(running(2, 1), founding(2, 1))).toBe(true);
    expect(refused(EMPTY_DIRECTORY, { kind: 'founding-completed' })).toBe(true);
  });
});

describe('an edit', () => {
  it('is refused out of its turn', () => {
    const state = running(2, 1);
    for (const number of [state.lastEdit, state.lastEdit + 2]) {
      const edit = { ...editOf(state, { kind: 'automation-paused' }), number };
      expect(() => applyEdit(state, edit)).toThrow(/expected number 3/);
    }
  });
});

describe('a replica', () => {
  it('under suspicion is not read but may be promoted; after it left, neither', () => {
    const replica = { shard: 's0', cluster: 's0-1' };
    const suspected = apply(running(2, 1), { kind: 'replica-suspected', ...replica });
    expect(toShardMap(suspected).shards[0]?.replicas).toEqual([
      { cluster: 's0-1', readable: false, promotable: true },
    ]);
    const left = apply(suspected, { kind: 'replica-left', ...replica });
    expect(toShardMap(left).shards[0]?.replicas).toEqual([
      { cluster: 's0-1', readable: false, promotable: false },
    ]);
  });

  it('does not leave below the number that must stay in sync', () => {
    const state = apply(running(1, 1), { kind: 'shard-configured', shard: 's0', minInSync: 2 });
    expect(refused(state, { kind: 'replica-left', shard: 's0', cluster: 's0-1' })).toBe(true);
  });

  it('does not leave while an operation counts on it, and joins by its decision only', () => {
    const left = apply(running(1, 2), { kind: 'replica-left', shard: 's0', cluster: 's0-1' });
    const joining = apply(left, begun({ kind: 'join', shard: 's0', cluster: 's0-1' }));
    expect(refused(joining, { kind: 'replica-left', shard: 's0', cluster: 's0-2' })).toBe(true);
    expect(toShardMap(joining).shards[0]?.replicas[0]?.readable).toBe(false);
    const joined = apply(joining, { kind: 'replica-joined', operationId: 'op' });
    expect(toShardMap(joined).shards[0]?.replicas[0]).toMatchObject({
      readable: true,
      promotable: true,
    });
    expect(joined.operations).toEqual([]);
  });
});

describe('a failover', () => {
  const failover = begun({ kind: 'failover', shard: 's0', automatic: true });

  it('gives all slots of the shard, and no others, the deciding edit as epoch', () => {
    const state = apply(running(2, 2), { kind: 'owner-suspected', shard: 's0' }, failover);
    expect(toShardMap(state).shards[0]).toMatchObject({ owner: 's0-0', strongReadsOnly: true });
    const after = apply(state, {
      kind: 'owner-changed',
      operationId: 'op',
      owner: 's0-2',
      inSync: ['s0-2', 's0-1'],
    });
    const table = new SlotTable(toShardMap(after));
    expect(table.placementOf(0)).toMatchObject({ epoch: after.lastEdit, strongReadsOnly: false });
    expect(table.placementOf(0).shard.owner).toBe('s0-2');
    expect(table.placementOf(1023).epoch).toBe(1);
    expect(inSyncClusters(after.shards[0]!)).toEqual(['s0-2', 's0-1']);
    expect(after.shards[0]?.lastAutomaticFailoverAtMs).toBe(1_000);
  });

  it('never promotes a learner, unless a person orders it unclean', () => {
    const left = apply(running(1, 2), { kind: 'replica-left', shard: 's0', cluster: 's0-1' });
    const decision: Change = {
      kind: 'owner-changed',
      operationId: 'op',
      owner: 's0-1',
      inSync: ['s0-1'],
    };
    expect(refused(apply(left, failover), decision)).toBe(true);
    expect(refused(left, begun({ kind: 'planned-failover', shard: 's0', to: 's0-1' }))).toBe(true);
    const unclean = begun({ kind: 'unclean-failover', shard: 's0', to: 's0-1' });
    expect(apply(left, unclean, decision).shards[0]?.owner).toBe('s0-1');
  });

  it('undone when planned, reopens the old owner under a fresh epoch', () => {
    const planned = begun({ kind: 'planned-failover', shard: 's0', to: 's0-1' });
    const undone = apply(running(2, 1), planned, { kind: 'operation-undone', operationId: 'op' });
    const table = new SlotTable(toShardMap(undone));
    expect(table.placementOf(0)).toMatchObject({ epoch: undone.lastEdit });
    expect(table.placementOf(0).shard.owner).toBe('s0-0');
    expect(table.placementOf(1023).epoch).toBe(1);
  });

  it('keeps its shard to itself', () => {
    const state = apply(running(2, 1), failover);
    const migration: OperationPlan = { kind: 'migration', from: 's1', to: 's0', slots: [1000] };
    expect(refused(state, { kind: 'operation-begun', operationId: 'other', plan: migration })).toBe(
      true,
    );
  });
});

describe('a migration', () => {
  const plan: OperationPlan = { kind: 'migration', from: 's0', to: 's1', slots: [3, 4, 7] };

  it('demands strong reads of its slots until each is decided', () => {
    const state = apply(running(2, 1), begun(plan));
    const rule = (of: FoundedDirectory, slot: number) =>
      new SlotTable(toShardMap(of)).placementOf(slot);
    expect([3, 4, 5, 7].map((slot) => rule(state, slot).strongReadsOnly)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    const some = apply(state, { kind: 'slots-moved', operationId: 'op', slots: [4] });
    expect(rule(some, 4)).toMatchObject({ strongReadsOnly: false, epoch: some.lastEdit });
    expect(rule(some, 4).shard.name).toBe('s1');
    expect(rule(some, 3).shard.name).toBe('s0');
    const all = apply(some, { kind: 'slots-moved', operationId: 'op', slots: [3, 7] });
    expect(all.operations).toEqual([]);
    const undone = apply(some, { kind: 'operation-undone', operationId: 'op' });
    expect(rule(undone, 3)).toMatchObject({ strongReadsOnly: false, epoch: undone.lastEdit });
    expect(rule(undone, 4).epoch).toBe(some.lastEdit);
  });

  it('is refused to the same shard, and of slots that the shard does not have', () => {
    const state = running(2, 1);
    expect(refused(state, begun({ ...plan, to: 's0' }))).toBe(true);
    expect(refused(state, begun({ ...plan, slots: [1023] }))).toBe(true);
  });
});

describe('shards and clusters', () => {
  it('are added without slots, and removed only without', () => {
    const shard = { name: 's9', owner: 's9-0', replicas: ['s9-1'] };
    const added = apply(running(2, 1), { kind: 'shard-added', shard });
    expect(findShard(added, 's9')?.owner).toBe('s9-0');
    expect(refused(added, { kind: 'shard-removed', shard: 's0' })).toBe(true);
    expect(apply(added, { kind: 'shard-removed', shard: 's9' }).shards).toHaveLength(2);
    expect(refused(added, { kind: 'cluster-added', shard: 's0', cluster: 's9-1' })).toBe(true);
    const learner = apply(added, { kind: 'cluster-added', shard: 's0', cluster: 'new' });
    expect(toShardMap(learner).shards[0]?.replicas.at(-1)).toEqual({
      cluster: 'new',
      readable: false,
      promotable: false,
    });
  });
});

describe('data that is left over', () => {
  const slots = [600, 601];
  const migration = begun({ kind: 'migration', from: 's1', to: 's0', slots });
  const found = (cluster: string, of: number[]): Change => ({
    kind: 'leftovers-found',
    cluster,
    slots: of,
  });
  const leftAt = (state: FoundedDirectory, cluster: string) =>
    state.leftovers.filter((each) => each.cluster === cluster).flatMap((each) => each.slots);

  it('is never of slots that the shard of the cluster has, or is about to get', () => {
    const state = running(2, 1);
    expect(leftAt(apply(state, found('s0-1', [3, 600, 700])), 's0-1')).toEqual([600, 700]);
    const moving = apply(state, migration);
    expect(leftAt(apply(moving, found('s0-1', [3, 600, 700])), 's0-1')).toEqual([700]);
    const moved = apply(moving, { kind: 'slots-moved', operationId: 'op', slots });
    expect(apply(moved, found('s0-0', slots)).leftovers).toEqual(moved.leftovers);
    expect(leftAt(moved, 's1-1')).toEqual(slots);
  });

  it('is forgotten with a cluster that is removed, and is none where it is added next', () => {
    const moved = apply(running(2, 2), migration, {
      kind: 'slots-moved',
      operationId: 'op',
      slots,
    });
    const removed = apply(
      moved,
      { kind: 'replica-left', shard: 's1', cluster: 's1-2' },
      { kind: 'cluster-removed', shard: 's1', cluster: 's1-2' },
    );
    expect(leftAt(removed, 's1-2')).toEqual([]);
    expect(leftAt(removed, 's1-1')).toEqual(slots);
    const added = apply(removed, { kind: 'cluster-added', shard: 's0', cluster: 's1-2' });
    expect(leftAt(added, 's1-2')).toEqual([]);
  });
});

// Any change at all over a small set of names; those that the state refuses are left out of the log.
const anyChange = (): fc.Arbitrary<Change> => {
  const shard = fc.constantFrom('s0', 's1', 's2', 'extra');
  const cluster = fc.constantFrom('s0-0', 's0-1', 's0-2', 's1-0', 's1-1', 's2-1', 'new', 'newer');
  const operationId = fc.constantFrom('op1', 'op2');
  const slots = fc.uniqueArray(fc.integer({ min: 0, max: 1023 }), { minLength: 1, maxLength: 4 });
  const plan: fc.Arbitrary<OperationPlan> = fc.oneof(
    fc.record({ kind: fc.constant('join' as const), shard, cluster }),
    fc.record({ kind: fc.constant('planned-failover' as const), shard, to: cluster }),
    fc.record({ kind: fc.constant('unclean-failover' as const), shard, to: cluster }),
    fc.record({ kind: fc.constant('failover' as const), shard, automatic: fc.boolean() }),
    fc.record({ kind: fc.constant('migration' as const), from: shard, to: shard, slots }),
  );
  const kinds = <Kind extends string>(...names: Kind[]) => fc.constantFrom(...names);
  return fc.oneof(
    fc.record({ kind: kinds('owner-suspected', 'owner-trusted', 'shard-removed'), shard }),
    fc.record({
      kind: kinds(
        'replica-suspected',
        'replica-trusted',
        'replica-left',
        'cluster-added',
        'cluster-removed',
      ),
      shard,
      cluster,
    }),
    fc.record({ kind: kinds('operation-begun'), operationId, plan }),
    fc.record({ kind: kinds('operation-undone', 'replica-joined'), operationId }),
    fc.record({
      kind: kinds('owner-changed'),
      operationId,
      owner: cluster,
      inSync: fc.uniqueArray(cluster, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: kinds('slots-moved'), operationId, slots }),
    fc.record({ kind: kinds('leftovers-found', 'leftovers-cleared'), cluster, slots }),
    fc.record({
      kind: kinds('shard-added'),
      shard: fc.constant({ name: 'extra', owner: 'new', replicas: ['newer'] }),
    }),
    fc.record({
      kind: kinds('leader-elected'),
      instance: fc.constantFrom('n1', 'n2'),
      detectionTimeMs: fc.constantFrom(1_000, 15_000),
    }),
    fc.record({ kind: kinds('automation-paused', 'automation-resumed') }),
  ) as fc.Arbitrary<Change>;
};

const checkInvariants = (state: FoundedDirectory): void => {
  expect(state.slots).toHaveLength(SLOT_COUNT);
  const names = new Set(state.shards.map(({ name }) => name));
  for (const slot of state.slots) {
    if (!names.has(slot.shard) || slot.epoch > state.lastEdit) throw new Error('a slot is lost');
  }
  const clusters = state.shards.flatMap(({ members }) => members.map((member) => member.cluster));
  expect(new Set(clusters).size).toBe(clusters.length);
  for (const shard of state.shards) {
    const owner = shard.members.find((member) => member.cluster === shard.owner);
    expect(owner?.status).toBe('in-sync');
    expect(inSyncClusters(shard).length).toBeGreaterThanOrEqual(1);
  }
  for (const { cluster, slots } of state.leftovers) {
    const shard = state.shards.find(({ members }) => members.some((m) => m.cluster === cluster));
    if (shard === undefined) throw new Error('left over at no member');
    if (slots.some((slot) => state.slots[slot]?.shard === shard.name)) throw new Error('in use');
  }
  // The constructor refuses a map with a gap, an overlap or an unknown shard.
  expect(new SlotTable(toShardMap(state)).map.version).toBe(state.lastEdit);
};

describe('any sequence of edits', () => {
  it('keeps 1,024 slots, each with exactly one shard, and one in-sync owner a shard', () => {
    let applied = 0;
    fc.assert(
      fc.property(fc.array(anyChange(), { minLength: 40, maxLength: 100 }), (changes) => {
        let state = running(3, 2);
        const log: Edit[] = [];
        for (const change of changes) {
          const edit = editOf(state, change);
          try {
            state = applyEdit(state, edit);
          } catch {
            continue;
          }
          log.push(edit);
          applied += 1;
          checkInvariants(state);
        }
        // What is stored and read again, replayed, is the same directory.
        const stored = log.map((edit) => Edit.parse(structuredClone(edit)));
        const replayed = stored.reduce<DirectoryState>(applyEdit, running(3, 2));
        expect(replayed).toEqual(state);
      }),
      { numRuns: 60, seed: 7 },
    );
    expect(applied).toBeGreaterThan(200);
  });

  it('leaves the state before an edit as it was', () => {
    const state = running(2, 2);
    const before = structuredClone(state);
    apply(state, begun({ kind: 'migration', from: 's0', to: 's1', slots: [1] }), {
      kind: 'slots-moved',
      operationId: 'op',
      slots: [1],
    });
    expect(state).toEqual(before);
  });
});
