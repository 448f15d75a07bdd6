import {
  addFilm,
  DETECTION_TIME_MS,
  filmsOf,
  findFaults,
  OperationWorld,
} from '../../test/doubles/operation-world.ts';
import { MarqueeError } from '@marquee/errors';
import { newOperationId } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import { ClusterUnreachable } from '@marquee/slot-protocol';
import { MemoryOperationStore } from '../../test/doubles/memory-operation-store.ts';
import { inSyncClusters } from '../directory/directory-state.ts';
import type { Change } from '../directory/edit.ts';
import type { ClusterHealth } from '../health/cluster-health.ts';
import { CLEAR_AFTER_MS } from './clear-leftovers.ts';
import { DeploymentSteward } from './deployment-steward.ts';
import type { OperationEntry } from './operation-entry.ts';
import { outcomeInLog } from './outcome-in-log.ts';

const HOUR_MS = 3_600_000;

/** A deployment with a leader that looks after it; the test says who is healthy. */
const newDeployment = async (shards = { a: ['a0', 'a1', 'a2'], b: ['b0', 'b1'] }) => {
  const world = new OperationWorld(shards);
  await world.found();
  const writer = await world.writer();
  const films = filmsOf(await world.directory(), 'a', 6);
  for (const id of films) await world.drive(writer.write(addFilm(id)));
  const store = new MemoryOperationStore();
  const health = new Map<string, ClusterHealth['status']>();
  let ids = 0;
  const log = { error: [] as object[], warn: [] as object[] };
  const logger = {
    info: () => undefined,
    warn: (about: object) => log.warn.push(about),
    error: (about: object) => log.error.push(about),
  };
  const healthOf = (cluster: string): ClusterHealth => {
    const status = health.get(cluster) ?? 'healthy';
    const atMs = world.clock.monotonicNow();
    return status === 'healthy'
      ? { status, lastSeenAtMs: atMs, missedProbes: 0 }
      : { status, sinceMs: atMs, lastSeenAtMs: 0, answersInARow: 0 };
  };
  const lead = async (instance: string) => {
    const leader = await world.lead(instance);
    const steward = new DeploymentSteward({
      context: leader.context,
      store,
      healthOf,
      newOperationId: () => `op-${++ids}`,
      instance,
      outcomeInLog: (id) => outcomeInLog(world.log, id),
      logger: logger as never,
      automaticFailoverIntervalMs: HOUR_MS,
      write: (operation) => writer.write(operation),
      newUuid: newOperationId,
      onDeposed: () => leader.leadership.stepDown(),
    });
    const running = steward.run();
    running.catch(() => undefined);
    const die = async () => {
      leader.leadership.stepDown();
      await leader.kill();
      await world.drive(running);
    };
    return { leader, steward, die };
  };
  /** The NameNode's probes find the cluster silent, or back. */
  const set = (cluster: string, status: ClusterHealth['status']) => {
    world.at(cluster).down = status !== 'healthy';
    health.set(cluster, status);
  };
  const shard = async (name: string) =>
    (await world.directory()).shards.find((each) => each.name === name)!;
  const kinds = () => world.log.edits.map(({ change }) => change.kind);
  return { world, writer, films, store, lead, set, shard, kinds, log };
};

type Deployment = Awaited<ReturnType<typeof newDeployment>>;

const until = async (world: OperationWorld, holds: () => Promise<boolean>): Promise<void> => {
  for (let turn = 0; !(await holds()); turn += 1) {
    if (turn > 5_000) throw new Error('it never came');
    await world.clock.advance(20);
  }
};

const settled = ({ world }: Deployment) =>
  until(world, async () => {
    const state = await world.directory();
    const isWhole = state.shards.every(({ members }) =>
      members.every(({ status }) => status === 'in-sync'),
    );
    return isWhole && state.operations.length === 0 && findFaults(world, state).length === 0;
  });

const filmsAt = (world: OperationWorld, cluster: string) =>
  [...(world.at(cluster).contents.documents.get('movies')?.keys() ?? [])].sort();

const entryOf = (plan: OperationEntry['plan'], id = 'ordered'): OperationEntry => ({
  id,
  plan,
  request: null,
  status: 'queued',
  by: 'ann',
  why: 'she wants it',
  orderedAtMs: 0,
  endedAtMs: null,
  outcome: null,
  steps: [],
  idempotencyKey: null,
  cancelRequested: false,
});

describe('a replica that dies', () => {
  it('leaves, so that writes go on without it, and joins again with everything', async () => {
    const deployment = await newDeployment();
    const { world, writer, set, shard } = deployment;
    const { die } = await deployment.lead('one');
    set('a1', 'suspect');
    await until(world, async () =>
      (await shard('a')).members.some(({ status }) => status === 'suspected'),
    );
    set('a1', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    const more = filmsOf(await world.directory(), 'a', 40);
    for (const id of more) await world.drive(writer.write(addFilm(id)).catch(() => undefined));
    set('a1', 'healthy');
    await settled(deployment);
    expect(filmsAt(world, 'a1')).toEqual(filmsAt(world, 'a0'));
    expect(filmsAt(world, 'a1').length).toBeGreaterThanOrEqual(40);
    await die();
  });

  it('is read again when it was only a moment away, and never left', async () => {
    const deployment = await newDeployment();
    const { world, set, kinds } = deployment;
    const { die } = await deployment.lead('one');
    set('a1', 'suspect');
    await until(world, async () => kinds().includes('replica-suspected'));
    set('a1', 'healthy');
    await until(world, async () => kinds().includes('replica-trusted'));
    await settled(deployment);
    expect(kinds()).not.toContain('replica-left');
    await die();
  });
});

describe('a replica that was given up', () => {
  it('joins again, also when it had left before', async () => {
    const deployment = await newDeployment();
    const { world, set, shard, kinds } = deployment;
    const { die, steward } = await deployment.lead('one');
    set('a1', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    steward.giveUp('a', 'a1');
    steward.giveUp('a', 'a2');
    set('a1', 'healthy');
    await until(world, async () => kinds().filter((kind) => kind === 'replica-left').length === 2);
    await settled(deployment);
    await die();
  });
});

describe('an owner that was given up as a replica, and made owner all the same', () => {
  it('is the owner, and its replicas go on joining', async () => {
    const deployment = await newDeployment();
    const { world, set, shard } = deployment;
    const { die, steward } = await deployment.lead('one');
    await settled(deployment);
    steward.order(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a2' }));
    steward.giveUp('a', 'a2');
    await until(world, async () => (await shard('a')).owner === 'a2');
    set('a1', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    set('a1', 'healthy');
    await settled(deployment);
    expect((await shard('a')).owner).toBe('a2');
    await die();
  });
});

describe('an owner that dies', () => {
  it('is replaced after the read lease, comes back as a replica, and nothing is lost', async () => {
    const deployment = await newDeployment();
    const { world, films, writer, set, shard, kinds } = deployment;
    const { die } = await deployment.lead('one');
    await settled(deployment);
    set('a0', 'suspect');
    await until(world, async () => kinds().includes('owner-suspected'));
    set('a0', 'down');
    await until(world, async () => (await shard('a')).owner !== 'a0');
    const ids = filmsOf(await world.directory(), 'a', 20).filter((id) => !films.includes(id));
    for (const id of ids) await world.drive(writer.write(addFilm(id)).catch(() => undefined));
    set('a0', 'healthy');
    await settled(deployment);
    const { owner } = await shard('a');
    expect(filmsAt(world, 'a0')).toEqual(filmsAt(world, owner));
    expect(filmsAt(world, owner)).toEqual(expect.arrayContaining([...films, ...ids]));
    await die();
  });

  it('is settled again when its fences could not be changed and nobody can replace it', async () => {
    const deployment = await newDeployment();
    const { world, writer, set, shard } = deployment;
    const { die } = await deployment.lead('one');
    await settled(deployment);
    for (const replica of ['a1', 'a2']) set(replica, 'down');
    // The probes reach the owner, the transactions do not.
    const owner = world.at('a0');
    owner.onCall = () => {
      throw new ClusterUnreachable('a0');
    };
    await until(world, async () => (await shard('a')).reads.kind === 'strong-only');
    owner.onCall = () => undefined;
    await until(world, async () => (await shard('a')).reads.kind === 'leased');
    const [next = ''] = filmsOf(await world.directory(), 'a', 20).slice(10);
    await world.drive(writer.write(addFilm(next)));
    for (const replica of ['a1', 'a2']) set(replica, 'healthy');
    await settled(deployment);
    expect((await shard('a')).owner).toBe('a0');
    await die();
  });

  it('is replaced without a person once an hour only', async () => {
    const deployment = await newDeployment();
    const { world, set, shard, log } = deployment;
    const { die } = await deployment.lead('one');
    set('a0', 'down');
    await until(world, async () => (await shard('a')).owner !== 'a0');
    set('a0', 'healthy');
    await settled(deployment);
    const { owner: second } = await shard('a');
    set(second, 'down');
    await until(world, async () => log.error.length > 0);
    expect(log.error[0]).toMatchObject({ event: 'failover-held-back', shard: 'a' });
    expect((await shard('a')).owner).toBe(second);
    await die();
  });

  it('is not replaced while automation is paused', async () => {
    const deployment = await newDeployment();
    const { world, set, shard } = deployment;
    const { leader, die } = await deployment.lead('one');
    await leader.leadership.append({ kind: 'automation-paused' }, { by: 'ann', why: 'test' });
    set('a0', 'down');
    await world.clock.advance(DETECTION_TIME_MS * 5);
    expect((await shard('a')).owner).toBe('a0');
    await leader.leadership.append({ kind: 'automation-resumed' }, { by: 'ann', why: 'test' });
    await until(world, async () => (await shard('a')).owner !== 'a0');
    await die();
  });
});

describe('an order', () => {
  it('to fail over is carried out, and its steps are kept', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    const { steward, die } = await deployment.lead('one');
    const entry = entryOf({ kind: 'planned-failover', shard: 'a', to: 'a2' });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    expect((await shard('a')).owner).toBe('a2');
    expect(store.entries.get('ordered')?.steps.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['begin', 'seal a0', 'decide', 'carry out']),
    );
    await settled(deployment);
    await die();
  });

  it('that the directory does not allow is undone with the reason', async () => {
    const deployment = await newDeployment();
    const { world, store } = deployment;
    const { steward, die } = await deployment.lead('one');
    const entry = entryOf({ kind: 'planned-failover', shard: 'a', to: 'b1' });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'undone');
    expect(store.entries.get('ordered')?.outcome).toMatch(/b1 is not promotable in a/);
    await die();
  });

  it('that was taken and not begun is carried out by the next leader', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    await store.insert(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' }));
    const { die } = await deployment.lead('one');
    await until(world, async () => (await shard('a')).owner === 'a1');
    await settled(deployment);
    await die();
  });

  it('to move slots moves them with their data while they are written, and clears what was left', async () => {
    const deployment = await newDeployment();
    const { world, store, writer, films } = deployment;
    const { steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.order(entry);
    const ids = filmsOf(await world.directory(), 'a', 30).filter((id) => !films.includes(id));
    await world.drive(Promise.all(ids.map((id) => writer.write(addFilm(id)))));
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    await settled(deployment);
    const state = await world.directory();
    expect(state.slots.slice(0, 40).every(({ shard }) => shard === 'b')).toBe(true);
    expect(filmsAt(world, 'b1')).toEqual(expect.arrayContaining([...films, ...ids]));
    await world.clock.advance(CLEAR_AFTER_MS);
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    expect(filmsAt(world, 'a0')).toEqual([]);
    expect(filmsAt(world, 'b0')).toEqual(expect.arrayContaining([...films, ...ids]));
    await settled(deployment);
    await die();
  });

  it('leaves nothing to be cleared at a cluster that is a member of the shard by then', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const { leader, steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    const removal = entryOf({ kind: 'remove-cluster', shard: 'a', cluster: 'a1' }, 'removal');
    await store.insert(removal);
    steward.order(removal);
    await until(world, async () => store.entries.get('removal')?.status === 'completed');
    const added = { kind: 'cluster-added', shard: 'b', cluster: 'a1' } as const;
    await leader.leadership.append(added, { by: 'ann', why: 'she wants it' });
    await settled(deployment);
    await world.clock.advance(CLEAR_AFTER_MS);
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    expect(filmsAt(world, 'a1')).toEqual([...films].sort());
    await settled(deployment);
    await die();
  });

  it('to move slots is undone when it is cancelled, and nothing has changed', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const { steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 100 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.cancel(entry.id);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'undone');
    const state = await world.directory();
    expect(state.slots.every(({ shard }, slot) => shard === (slot < 512 ? 'a' : 'b'))).toBe(true);
    await settled(deployment);
    expect(filmsAt(world, 'a0')).toEqual([...films].sort());
    await die();
  });
});

describe('what a migration has left', () => {
  it('is cleared wherever a cluster answers, while another is silent, and there later', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const { steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    await settled(deployment);
    // Only what it is asked for from here on stays without an answer, for as long as a deadline is.
    const { transaction } = world.at('a0');
    let calls = 0;
    world.at('a0').transaction = async () => {
      calls += 1;
      await new Promise<void>((resolve) => world.clock.setTimer(resolve, 2_000));
      throw new ClusterUnreachable('a0');
    };
    await world.clock.advance(CLEAR_AFTER_MS);
    await until(world, async () => filmsAt(world, 'a1').length + filmsAt(world, 'a2').length === 0);
    expect(filmsAt(world, 'a0')).toEqual([...films].sort());
    calls = 0;
    await world.clock.advance(600_000);
    expect(calls).toBeLessThan(40);
    world.at('a0').transaction = transaction;
    await world.clock.advance(300_000);
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    expect(filmsAt(world, 'a0')).toEqual([]);
    await settled(deployment);
    await die();
  });
});

describe('a replica that is removed', () => {
  const plan = { kind: 'remove-cluster', shard: 'a', cluster: 'a1' } as const;
  const membersOf = async ({ shard }: Deployment) =>
    (await shard('a')).members.map(({ cluster }) => cluster);

  it('stays a learner while the owner cannot be told that it is gone', async () => {
    const deployment = await newDeployment();
    const { world, store, writer } = deployment;
    const { steward, die } = await deployment.lead('one');
    await settled(deployment);
    world.at('a0').onCall = () => {
      throw new ClusterUnreachable('a0');
    };
    const entry = entryOf(plan);
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')).toMatchObject({
      status: 'undone',
      outcome: expect.stringContaining('a0'),
    });
    expect(await membersOf(deployment)).toContain('a1');
    world.at('a0').onCall = () => undefined;
    const again = entryOf(plan, 'again');
    await store.insert(again);
    steward.order(again);
    await until(world, async () => store.entries.get('again')?.endedAtMs !== null);
    expect(await membersOf(deployment)).toEqual(['a0', 'a2']);
    world.at('a1').down = true;
    const [next = ''] = filmsOf(await world.directory(), 'a', 20).slice(10);
    await world.drive(writer.write(addFilm(next)));
    await settled(deployment);
    await die();
  });

  it('is removed by the next leader if the first one dies on the way', async () => {
    const deployment = await newDeployment();
    const { world, store, kinds } = deployment;
    await store.insert(entryOf(plan));
    const first = await deployment.lead('one');
    world.onStep = (what) => {
      if (what === 'append replica-left') first.leader.leadership.stepDown();
    };
    await until(world, async () => kinds().includes('replica-left'));
    await first.die();
    expect(await membersOf(deployment)).toContain('a1');
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    expect(await membersOf(deployment)).toEqual(['a0', 'a2']);
    await settled(deployment);
    await die();
  });
});

describe('an ordered repair', () => {
  it('goes on under the next leader, and its entry tells of every change', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const [one = '', two = '', three = ''] = films;
    for (const id of [one, two, three]) {
      const movies = world.at('a1').contents.documents.get('movies')!;
      movies.set(id, { ...movies.get(id)!, title: 'Another' });
    }
    await store.insert(entryOf({ kind: 'repair' }));
    const first = await deployment.lead('one');
    const { addToReport } = store;
    store.addToReport = async (id, repair) => {
      first.leader.leadership.stepDown();
      return addToReport.call(store, id, repair);
    };
    await until(world, async () => (store.entries.get('ordered')?.report?.length ?? 0) > 0);
    await first.die();
    expect(store.entries.get('ordered')?.status).toBe('running');
    expect(world.at('a1').contents.rejected.size).toBe(1);
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    const { report = [] } = store.entries.get('ordered')!;
    expect(report.map(({ finding, isMended }) => ({ ...finding, isMended }))).toEqual(
      expect.arrayContaining(
        [one, two, three].map((id) => ({
          kind: 'diverged',
          cluster: 'a1',
          shard: 'a',
          slot: slotOf(id),
          isMended: true,
        })),
      ),
    );
    const kept = [...world.at('a1').contents.rejected.values()].map(({ document }) => document);
    expect(kept.map(({ title }) => title)).toEqual(['Another', 'Another', 'Another']);
    await settled(deployment);
    await die();
  });
});

describe('an order that is cancelled', () => {
  it.each([
    ['planned-failover', { kind: 'planned-failover', shard: 'a', to: 'a2' }],
    ['failover', { kind: 'failover', shard: 'a', automatic: false }],
    ['unclean-failover', { kind: 'unclean-failover', shard: 'a', to: 'a2' }],
  ] as const)('before it has begun never begins: %s', async (_kind, plan) => {
    const deployment = await newDeployment();
    const { world, store, shard, kinds } = deployment;
    const { steward, die } = await deployment.lead('one');
    await settled(deployment);
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const before = entryOf({ kind: 'migration', from: 'a', to: 'b', slots }, 'before');
    const entry = entryOf(plan);
    for (const each of [before, entry]) {
      await store.insert(each);
      steward.order(each);
    }
    await until(world, async () => kinds().includes('operation-begun'));
    steward.cancel('ordered');
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')).toMatchObject({
      status: 'undone',
      outcome: 'it was cancelled before it began',
    });
    expect((await shard('a')).owner).toBe('a0');
    expect(kinds().filter((kind) => kind === 'operation-begun')).toHaveLength(1);
    await settled(deployment);
    await die();
  });

  it('while it compares, or waits for the read lease, is undone at once', async () => {
    for (const step of ['compare both sides', 'wait until no router trusts an older map']) {
      const deployment = await newDeployment();
      const { world, store, kinds } = deployment;
      const { steward, die } = await deployment.lead('one');
      await settled(deployment);
      const slots = Array.from({ length: 40 }, (_, slot) => slot);
      const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
      await store.insert(entry);
      const { addStep } = store;
      let atMs = 0;
      store.addStep = async (id, added) => {
        if (added.what === step) {
          steward.cancel('ordered');
          atMs = world.clock.now();
        }
        return addStep.call(store, id, added);
      };
      steward.order(entry);
      await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
      expect(store.entries.get('ordered')?.status).toBe('undone');
      expect((store.entries.get('ordered')?.endedAtMs ?? 0) - atMs).toBeLessThan(1_000);
      expect(kinds()).not.toContain('slots-moved');
      await settled(deployment);
      await die();
    }
  });
});

const MIGRATE = { kind: 'migrate' as const, to: 'b', slots: [], why: 'she wants it' };

describe('a leader that died', () => {
  it('in the midst of an ordered migration: its successor undoes it and moves the rest', async () => {
    const deployment = await newDeployment();
    const { world, store, kinds } = deployment;
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert({ ...entry, request: MIGRATE });
    const first = await deployment.lead('one');
    world.onStep = (what) => {
      if (what === 'append slots-moved') first.leader.leadership.stepDown();
    };
    await until(world, async () => kinds().includes('slots-moved'));
    await first.die();
    world.onStep = () => undefined;
    const moved = (await world.directory()).slots.filter(({ shard }, n) => n < 40 && shard === 'b');
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThan(40);

    const told: string[] = [];
    const { update } = store;
    store.update = async (id, change) => {
      if (change.status !== undefined) told.push(change.status);
      return update.call(store, id, change);
    };
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    expect(told).toEqual(['queued', 'running', 'completed']);
    expect(kinds()).toContain('operation-undone');
    const state = await world.directory();
    expect(state.slots.slice(0, 40).every(({ shard }) => shard === 'b')).toBe(true);
    await settled(deployment);
    await die();
  });

  it('does not make its successor refuse what waits behind: that begins when it is undone', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    const first = await deployment.lead('one');
    await settled(deployment);
    const plan = { kind: 'migration', from: 'a', to: 'b', slots: [1, 2, 3] } as const;
    const begun = { kind: 'operation-begun', operationId: 'left', plan } as const;
    await first.leader.leadership.append(begun, { by: 'one', why: 'test' });
    await first.die();
    await store.insert(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' }));
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')?.status).toBe('completed');
    expect((await shard('a')).owner).toBe('a1');
    await settled(deployment);
    await die();
  });

  it('leaves orders that are found also when the metadata cluster is silent at first', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    await store.insert(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' }));
    const { unfinished } = store;
    let silences = 3;
    store.unfinished = async () => {
      if (silences-- > 0) throw new MarqueeError('METADATA_UNAVAILABLE');
      return unfinished.call(store);
    };
    const { die } = await deployment.lead('two');
    await until(world, async () => (await shard('a')).owner === 'a1');
    await settled(deployment);
    await die();
  });
});

describe('an operation during which the log could not be written', () => {
  it('is undone once it can, and its entry ends', async () => {
    const deployment = await newDeployment();
    const { world, store, log: logged } = deployment;
    const { steward, die } = await deployment.lead('one');
    await settled(deployment);
    const entry = entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' });
    await store.insert(entry);
    world.onStep = (what) => {
      if (what === 'append owner-changed') world.log.down = true;
    };
    steward.order(entry);
    await until(world, async () => logged.warn.length > 0);
    world.onStep = () => undefined;
    world.log.down = false;
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')?.status).toBe('undone');
    await settled(deployment);
    await die();
  });
});

describe('safe mode', () => {
  const newerFence = (world: OperationWorld, cluster: string) => {
    const fence = world.at(cluster).contents.fences.get(5)!;
    world.at(cluster).contents.fences.set(5, { ...fence, edit: 900 });
    return () => world.at(cluster).contents.fences.set(5, fence);
  };

  it('holds orders, comparisons and clearing off the shard, and nothing else', async () => {
    const deployment = await newDeployment();
    const { world, store, shard, log } = deployment;
    const mend = newerFence(world, 'a1');
    const before = [...world.at('a0').contents.fences.values()];
    const held = entryOf({ kind: 'planned-failover', shard: 'a', to: 'a2' }, 'held');
    await store.insert(held);
    const other = entryOf({ kind: 'planned-failover', shard: 'b', to: 'b1' }, 'other');
    await store.insert(other);
    const { die, leader, steward } = await deployment.lead('one');
    const left: Change = { kind: 'leftovers-found', cluster: 'a1', slots: [900] };
    await leader.leadership.append(left, { by: 'ann', why: 'test' });
    steward.compareSoon('a');
    await until(world, async () => (await shard('b')).owner === 'b1');
    await world.clock.advance(CLEAR_AFTER_MS + 60_000);
    expect(leader.leadership.isLeader).toBe(true);
    expect(steward.safeModeOf('a')).toBe('held');
    expect(steward.safeModeOf('b')).toBe('over');
    expect(store.entries.get('held')?.status).toBe('queued');
    expect((await world.directory()).leftovers).toHaveLength(1);
    expect([...world.at('a0').contents.fences.values()]).toEqual(before);
    expect(
      log.error.filter((about) => 'event' in about && about.event === 'safe-mode'),
    ).toHaveLength(1);

    mend();
    await until(world, async () => (await shard('a')).owner === 'a2');
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    await settled(deployment);
    await die();
  });

  it('looks at the fences rarely while it holds a shard', async () => {
    const deployment = await newDeployment();
    const { world } = deployment;
    newerFence(world, 'a1');
    const { die, steward } = await deployment.lead('one');
    await until(world, async () => steward.safeModeOf('a') === 'held');
    let calls = 0;
    world.onStep = (what) => {
      if (what === 'call a0') calls += 1;
    };
    await world.clock.advance(600_000);
    expect(calls).toBeLessThan(20);
    await die();
  });

  it('does not keep a person from giving the shard to the only cluster that answers', async () => {
    const deployment = await newDeployment();
    const { world, store, set, shard } = deployment;
    const first = await deployment.lead('one');
    set('a2', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    set('a0', 'down');
    set('a1', 'down');
    await first.die();
    world.at('a2').down = false;
    await store.insert(entryOf({ kind: 'unclean-failover', shard: 'a', to: 'a2' }));
    const { die } = await deployment.lead('two');
    await until(world, async () => (await shard('a')).owner === 'a2');
    for (const cluster of ['a0', 'a1', 'a2']) set(cluster, 'healthy');
    await settled(deployment);
    await die();
  });

  it('holds a shard whose fences are newer than the log: nothing is touched', async () => {
    const deployment = await newDeployment();
    const { world, log } = deployment;
    const fence = world.at('a1').contents.fences.get(5)!;
    world.at('a1').contents.fences.set(5, { ...fence, edit: 900 });
    const { die, leader } = await deployment.lead('one');
    await until(world, async () => log.error.length > 0);
    expect(log.error[0]).toMatchObject({
      event: 'safe-mode',
      shard: 'a',
      cluster: 'a1',
      edit: 900,
    });
    expect(world.at('a0').contents.fences.get(0)?.edit).toBe(1);
    expect(leader.leadership.isLeader).toBe(true);
    await die();
  });
});

describe('a comparison of the fences', () => {
  it('finds an owner that pushes to others than the replicas that are in sync', async () => {
    const deployment = await newDeployment();
    const { world, steward, die } = { ...deployment, ...(await deployment.lead('one')) };
    // The first look settles all fences, whatever they are.
    await world.clock.advance(5_000);
    const { fences } = world.at('a0').contents;
    fences.set(3, { ...fences.get(3)!, pushTo: ['a1'] });
    fences.set(4, { ...fences.get(4)!, pushTo: ['a1', 'a2', 'gone'] });
    steward.compareSoon('a');
    await settled(deployment);
    await die();
  });

  it('brings along what a writer that died has left behind', async () => {
    const deployment = await newDeployment();
    const { world, steward } = { ...deployment, ...(await deployment.lead('one')) };
    await settled(deployment);
    const { contents } = world.at('a2');
    const film = deployment.films[0]!;
    const { slot } = contents.documents.get('movies')!.get(film)!;
    contents.documents.get('movies')!.delete(film);
    contents.records.delete(slot);
    contents.fences.set(slot, { ...contents.fences.get(slot)!, sequence: 0 });
    steward.compareSoon('a');
    await settled(deployment);
    expect(filmsAt(world, 'a2')).toContain(film);
    expect(steward.comparisonOf('a')?.lag.get('a2')).toBe(1);
  });
});
