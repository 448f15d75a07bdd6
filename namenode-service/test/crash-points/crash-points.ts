import type { FoundedDirectory, OperationPlan } from '../../src/directory/directory-state.ts';
import type { Change } from '../../src/directory/edit.ts';
import { runPlan } from '../../src/operations/operation-runner.ts';
import { outcomeInLog } from '../../src/operations/outcome-in-log.ts';
import { ShardLocks } from '../../src/operations/shard-locks.ts';
import { ShardSteward } from '../../src/operations/shard-steward.ts';
import { addFilm, filmsOf, findFaults, type OperationWorld } from '../doubles/operation-world.ts';
import { newCrashWorld } from './crash-world.ts';
import { DyingInstance, type Moment } from './dying-instance.ts';

/** One kind of operation of the log, and what the deployment is like when it is begun. */
export interface PlanCase {
  readonly name: string;
  readonly plan: OperationPlan;
  /** Clusters that do not answer while the operation runs, and are back afterwards. */
  readonly down?: readonly string[];
  /** Edits before it. */
  readonly before?: readonly Change[];
}

export const PLAN_CASES: readonly PlanCase[] = [
  { name: 'planned failover', plan: { kind: 'planned-failover', shard: 'a', to: 'a1' } },
  {
    name: 'unplanned failover',
    plan: { kind: 'failover', shard: 'a', automatic: true },
    down: ['a0'],
  },
  {
    name: 'unplanned failover, owner answers',
    plan: { kind: 'failover', shard: 'a', automatic: true },
  },
  {
    name: 'unclean failover',
    plan: { kind: 'unclean-failover', shard: 'a', to: 'a1' },
    down: ['a0', 'a2'],
  },
  {
    name: 'join',
    plan: { kind: 'join', shard: 'a', cluster: 'a2' },
    before: [{ kind: 'replica-left', shard: 'a', cluster: 'a2' }],
  },
  {
    name: 'migration',
    plan: { kind: 'migration', from: 'a', to: 'b', slots: [2, 3, 4, 5, 6, 7, 8, 9, 10] },
  },
];

export type CrashOutcome = 'completed' | 'undone' | { readonly stuck: readonly string[] };

export interface CrashRun {
  /** Steps that the operation took until it ended or its leader died. */
  readonly steps: number;
  readonly outcome: CrashOutcome;
}

const ORDER = { by: 'test', why: 'test' };

/** A leader that dies at its `crashAt`-th step, before it or just after the step was done. */
export const runPlanCrash = async (
  { plan, down = [], before = [] }: PlanCase,
  crashAt: number,
  moment: Moment,
): Promise<CrashRun> => {
  const world = await newCrashWorld();
  const writer = await world.writer();
  const films = filmsOf(await world.directory(), 'a', 12);
  await world.drive(Promise.all(films.map((id) => writer.write(addFilm(id)))));
  for (const change of before) world.log.note(change);

  const leader = await world.lead('one');
  const dying = new DyingInstance(leader);
  dying.arm(crashAt, moment);
  for (const name of down) world.at(name).down = true;
  const order = { id: 'op', plan, reason: ORDER, journal: nothing, checkpoint: nothing };
  await world.drive(runPlan(dying.context, order).catch(() => undefined));
  await leader.kill();
  for (const name of down) world.at(name).down = false;

  const faults = await recover(world);
  const state = await world.directory();
  const held = filmsHeld(world, state);
  const lost = films.filter((id) => !held.has(id)).map((id) => `${id} is lost`);
  const all = [...faults, ...lost];
  const outcome = all.length > 0 ? { stuck: all } : await outcomeInLog(world.log, 'op');
  return { steps: dying.steps, outcome };
};

const nothing = (): void => undefined;

/** What the next leader's stewards make of it; they get as long as they like, but not forever. */
const recover = async (world: OperationWorld): Promise<string[]> => {
  const next = await world.lead('two');
  const locks = new ShardLocks();
  let ids = 0;
  const stewards = ['a', 'b'].map(
    (shard) =>
      new ShardSteward(shard, {
        context: next.context,
        locks,
        healthOf: () => ({ status: 'healthy', lastSeenAtMs: 0, missedProbes: 0 }),
        run: (plan) => {
          const order = { plan, reason: ORDER, journal: nothing, checkpoint: nothing };
          return runPlan(next.context, { id: `recovery-${++ids}`, ...order });
        },
        instance: 'two',
        logger: { info: nothing, warn: nothing, error: nothing } as never,
        automaticFailoverIntervalMs: 3_600_000,
      }),
  );
  let faults: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    for (const steward of stewards) await world.drive(steward.tend());
    faults = await faultsOf(world);
    if (faults.length === 0) break;
    await world.clock.advance(3_000);
  }
  await next.kill();
  return faults;
};

export const faultsOf = async (world: OperationWorld): Promise<string[]> => {
  const state = await world.directory();
  const busy = state.operations.map(({ id }) => `${id} is still under way`);
  const out = state.shards.flatMap(({ name, members }) =>
    members
      .filter(({ status }) => status !== 'in-sync')
      .map(({ cluster, status }) => `${cluster} of ${name} is ${status}`),
  );
  return [...busy, ...out, ...findFaults(world, state, ['a', 'b'])];
};

/** Films that the owners have. */
export const filmsHeld = (world: OperationWorld, state: FoundedDirectory): Set<string> => {
  const held = new Set<string>();
  for (const { owner } of state.shards.filter(({ name }) => ['a', 'b'].includes(name))) {
    for (const id of world.at(owner).contents.documents.get('movies')?.keys() ?? []) held.add(id);
  }
  return held;
};
