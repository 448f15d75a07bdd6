import { ClusterUnreachable } from '@marquee/slot-protocol';
import {
  addFilm,
  DETECTION_TIME_MS,
  filmsOf,
  findFaults,
  OperationWorld,
} from '../../test/doubles/operation-world.ts';
import { inSyncClusters, type FoundedDirectory } from '../directory/directory-state.ts';
import { failOver } from './failover.ts';
import { leave } from './leave.ts';
import { plannedFailover } from './planned-failover.ts';
import { undoOperation, type OperationOrder } from './run-operation.ts';

const REASON = { by: 'test', why: 'test' };
const order = <Plan extends OperationOrder['plan']>(plan: Plan): OperationOrder<Plan> => ({
  id: 'op',
  plan,
  reason: REASON,
  journal: () => undefined,
  checkpoint: () => undefined,
});

const newWorld = async () => {
  const world = new OperationWorld({ a: ['a0', 'a1', 'a2'], b: ['b0', 'b1'] });
  await world.found();
  const writer = await world.writer();
  const films = filmsOf(await world.directory(), 'a', 6);
  for (const id of films) await world.drive(writer.write(addFilm(id)));
  return { world, writer, films };
};

/** A film that its owner and some replicas have, and `missing` has not: its writer died between. */
const halfWritten = async (world: OperationWorld, missing: string): Promise<string> => {
  const router = { dead: false };
  const writer = await world.writer(router);
  const id = await anotherFilm(world);
  const cluster = world.at(missing);
  const transaction = cluster.transaction.bind(cluster);
  cluster.transaction = async () => {
    router.dead = true;
    throw new ClusterUnreachable(missing);
  };
  const write = writer.write(addFilm(id), { deadlineMs: 500 });
  await expect(world.drive(write)).rejects.toMatchObject({ code: 'WRITE_OUTCOME_UNKNOWN' });
  cluster.transaction = transaction;
  expect(filmsAt(world, missing)).not.toContain(id);
  return id;
};

const anotherFilm = async (world: OperationWorld): Promise<string> => {
  const all = filmsOf(await world.directory(), 'a', 20);
  return all.find((id) => !filmsAt(world, 'a0').includes(id))!;
};

const filmsAt = (world: OperationWorld, cluster: string) => [
  ...(world.at(cluster).contents.documents.get('movies')?.keys() ?? []),
];

const shardOf = (state: FoundedDirectory, name: string) =>
  state.shards.find((shard) => shard.name === name)!;

describe('a planned failover', () => {
  it('hands every slot over with everything written, and all clusters stay in sync', async () => {
    const { world, films } = await newWorld();
    const { context } = await world.lead();
    const plan = { kind: 'planned-failover', shard: 'a', to: 'a2' } as const;
    const result = await world.drive(plannedFailover(context, order(plan)));
    expect(result).toEqual({ status: 'completed', trouble: [] });
    const state = await world.directory();
    expect(shardOf(state, 'a').owner).toBe('a2');
    expect(inSyncClusters(shardOf(state, 'a')).sort()).toEqual(['a0', 'a1', 'a2']);
    expect(findFaults(world, state)).toEqual([]);
    expect(filmsAt(world, 'a2').sort()).toEqual([...films].sort());
  });

  it('brings along what a writer that died has left at the owner alone', async () => {
    const { world } = await newWorld();
    const { context } = await world.lead();
    const last = await halfWritten(world, 'a1');
    const plan = { kind: 'planned-failover', shard: 'a', to: 'a1' } as const;
    await world.drive(plannedFailover(context, order(plan)));
    expect(filmsAt(world, 'a1')).toContain(last);
    expect(findFaults(world, await world.directory())).toEqual([]);
  });

  it('fails no write that comes meanwhile', async () => {
    const { world, writer } = await newWorld();
    const { context } = await world.lead();
    const plan = { kind: 'planned-failover', shard: 'a', to: 'a1' } as const;
    const ids = filmsOf(await world.directory(), 'a', 60).filter(
      (id) => !filmsAt(world, 'a0').includes(id),
    );
    const writes = Promise.all(ids.map((id) => writer.write(addFilm(id))));
    const failover = plannedFailover(context, order(plan));
    await world.drive(Promise.all([writes, failover]));
    expect(findFaults(world, await world.directory())).toEqual([]);
    expect(filmsAt(world, 'a1')).toEqual(expect.arrayContaining(ids));
  });

  it('is undone when a replica cannot be brought along, and the old owner goes on', async () => {
    const { world, writer } = await newWorld();
    const { context } = await world.lead();
    world.at('a2').down = true;
    const plan = { kind: 'planned-failover', shard: 'a', to: 'a1' } as const;
    const result = await world.drive(plannedFailover(context, order(plan)));
    expect(result).toMatchObject({ status: 'undone', trouble: ['a2'] });
    world.at('a2').down = false;
    await world.drive(leave(context, 'a', 'a2', REASON));
    const state = await world.directory();
    expect(shardOf(state, 'a').owner).toBe('a0');
    expect(findFaults(world, state)).toEqual([]);
    const next = await anotherFilm(world);
    await world.drive(writer.write(addFilm(next)));
  });
});

describe('an unplanned failover', () => {
  const plan = { kind: 'failover', shard: 'a', automatic: true } as const;

  it('gives the shard to a replica that has everything acknowledged', async () => {
    const { world, writer, films } = await newWorld();
    const { context } = await world.lead();
    world.at('a0').down = true;
    const result = await world.drive(failOver(context, order(plan)));
    expect(result.status).toBe('completed');
    const state = await world.directory();
    const { owner } = shardOf(state, 'a');
    expect(['a1', 'a2']).toContain(owner);
    expect(inSyncClusters(shardOf(state, 'a')).sort()).toEqual(['a1', 'a2']);
    expect(filmsAt(world, owner).sort()).toEqual([...films].sort());
    const next = await anotherFilm(world);
    await world.drive(writer.write(addFilm(next)));
    world.at('a0').contents.fences.clear(); // Whatever it holds counts for nothing.
    expect(findFaults(world, state)).toEqual([]);
  });

  it('brings all to the longest log that answers, whoever has it', async () => {
    const { world } = await newWorld();
    const { context } = await world.lead();
    const last = await halfWritten(world, 'a1');
    expect(filmsAt(world, 'a2')).toContain(last);
    world.at('a0').down = true;
    await world.drive(failOver(context, order(plan)));
    expect(filmsAt(world, 'a1')).toContain(last);
    expect(filmsAt(world, 'a2')).toContain(last);
  });

  it('is not decided before every read lease has run out', async () => {
    const { world } = await newWorld();
    const { context } = await world.lead();
    world.at('a0').down = true;
    await world.drive(failOver(context, order(plan)));
    const atMs = (kind: string) =>
      world.log.edits.find(({ change }) => change.kind === kind)?.atMs ?? Number.NaN;
    const waitedMs = atMs('owner-changed') - atMs('owner-suspected');
    expect(waitedMs).toBeGreaterThanOrEqual(DETECTION_TIME_MS);
    expect(waitedMs).toBeLessThan(DETECTION_TIME_MS * 1.5);
  });

  it('is undone rather than to acknowledge on fewer clusters than the shard asks for', async () => {
    const { world } = await newWorld();
    const { context } = await world.lead();
    const configured = { kind: 'shard-configured', shard: 'a', minInSync: 2 } as const;
    await context.leadership.append(configured, REASON);
    for (const name of ['a0', 'a1']) world.at(name).down = true;
    const result = await world.drive(failOver(context, order(plan)));
    expect(result.status).toBe('undone');
    expect(shardOf(await world.directory(), 'a').owner).toBe('a0');
    const fences = [...world.at('a2').contents.fences.values()];
    expect(fences.filter(({ state }) => state === 'open')).toEqual([]);
  });

  it('is undone when no promotable cluster answers, and nothing is lost when they are back', async () => {
    const { world, films } = await newWorld();
    const { context } = await world.lead();
    for (const name of ['a0', 'a1', 'a2']) world.at(name).down = true;
    const result = await world.drive(failOver(context, order(plan)));
    expect(result.status).toBe('undone');
    for (const name of ['a0', 'a1', 'a2']) world.at(name).down = false;
    await context.leadership.append({ kind: 'owner-trusted', shard: 'a' }, REASON);
    await world.drive(leave(context, 'a', 'a2', REASON));
    const state = await world.directory();
    expect(shardOf(state, 'a').owner).toBe('a0');
    expect(findFaults(world, state)).toEqual([]);
    expect(filmsAt(world, 'a0').sort()).toEqual([...films].sort());
  });
});

describe('a leave', () => {
  it('stops the pushes only when no router can be reading there any more', async () => {
    const { world, writer } = await newWorld();
    const { context } = await world.lead();
    world.at('a1').down = true;
    const suspect = { kind: 'replica-suspected', shard: 'a', cluster: 'a1' } as const;
    await context.leadership.append(suspect, REASON);
    const beganMs = world.clock.monotonicNow();
    const next = await anotherFilm(world);
    const write = writer.write(addFilm(next));
    const acknowledgedAtMs = write.then(() => world.clock.monotonicNow());
    await world.drive(leave(context, 'a', 'a1', REASON));
    expect((await world.drive(acknowledgedAtMs)) - beganMs).toBeGreaterThanOrEqual(
      DETECTION_TIME_MS,
    );
    const state = await world.directory();
    expect(inSyncClusters(shardOf(state, 'a'))).toEqual(['a0', 'a2']);
    expect(findFaults(world, state)).toEqual([]);
  });
});

describe('an operation whose end was logged by an append that nobody answered', () => {
  it('is settled when it is found to be over', async () => {
    const { world } = await newWorld();
    const { context } = await world.lead();
    const { leadership } = context;
    const plan = { kind: 'planned-failover', shard: 'a', to: 'a1' } as const;
    await leadership.append({ kind: 'operation-begun', operationId: 'op', plan }, REASON);
    const append = async (...args: Parameters<typeof leadership.append>) => {
      await leadership.append(...args);
      return leadership.append(...args);
    };
    const unanswered = {
      append,
      get lastAppended() {
        return leadership.lastAppended;
      },
    };
    const undone = undoOperation({ ...context, leadership: unanswered }, 'op', REASON);
    expect(await world.drive(undone)).toEqual([]);
    expect(findFaults(world, await world.directory())).toEqual([]);
  });
});

describe('a leader that is deposed while it waits for the read lease', () => {
  it('leaves the pushes as they are: its successor waits anew', async () => {
    const { world } = await newWorld();
    const { context, leadership } = await world.lead();
    const left = leave(context, 'a', 'a1', REASON).catch((error: unknown) => error);
    while (!world.log.edits.some(({ change }) => change.kind === 'replica-left')) {
      await world.clock.advance(1);
    }
    leadership.stepDown();
    expect(await world.drive(left)).toMatchObject({ code: 'NOT_READY' });
    const [slot = 0] = [...world.at('a1').contents.fences.keys()];
    expect(world.at('a0').contents.fences.get(slot)?.pushTo).toContain('a1');
  });
});

describe('a leader that was paused', () => {
  it('changes nothing after it wakes: its fences carry a lower edit', async () => {
    const { world } = await newWorld();
    const old = await world.lead('one');
    const plan = { kind: 'planned-failover', shard: 'a', to: 'a1' } as const;
    // It stops in front of its third seal; another instance takes over and undoes the operation.
    let calls = 0;
    let wake = (): void => undefined;
    const paused = new Promise<void>((resolve) => (wake = resolve));
    const a0 = world.at('a0');
    const transaction = a0.transaction.bind(a0);
    a0.transaction = async (work, deadline) => {
      calls += 1;
      if (calls === 3) await paused;
      return transaction(work, deadline);
    };
    const stale = plannedFailover(old.context, order(plan));
    stale.catch(() => undefined);
    await world.clock.advance(100);
    a0.transaction = transaction;
    await old.kill();
    const next = await world.lead('two');
    await next.leadership.append({ kind: 'operation-undone', operationId: 'op' }, REASON);
    await world.drive(leave(next.context, 'a', 'none', REASON));
    expect(findFaults(world, await world.directory())).toEqual([]);
    wake();
    await expect(world.drive(stale)).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(findFaults(world, await world.directory())).toEqual([]);
  });
});
