import type { DataCluster } from '@marquee/slot-protocol';
import { applyEdit } from '../../src/directory/apply-edit.ts';
import type { FoundedDirectory, OperationPlan } from '../../src/directory/directory-state.ts';
import type { Change } from '../../src/directory/edit.ts';
import type { OperationContext } from '../../src/operations/operation-context.ts';
import { runPlan } from '../../src/operations/operation-runner.ts';
import { outcomeInLog } from '../../src/operations/outcome-in-log.ts';
import { ShardLocks } from '../../src/operations/shard-locks.ts';
import { ShardSteward } from '../../src/operations/shard-steward.ts';
import { addFilm, filmsOf, findFaults, OperationWorld } from '../doubles/operation-world.ts';

/** One kind of operation, and what the deployment is like when it is begun. */
export interface CrashCase {
  readonly name: string;
  readonly plan: OperationPlan;
  /** Clusters that do not answer while the operation runs, and are back afterwards. */
  readonly down?: readonly string[];
  /** Edits before it. */
  readonly before?: readonly Change[];
}

/**
 * Shard `a` and shard `b` of three and two clusters, with 16 slots each: every step of the code is
 * there, but not hundreds of times. The other shards only take up the rest of the slots.
 */
const SHARDS: Readonly<Record<string, readonly string[]>> = {
  a: ['a0', 'a1', 'a2'],
  b: ['b0', 'b1'],
  ...Object.fromEntries(Array.from({ length: 62 }, (_, i) => [`x${i}`, [`x${i}-0`]])),
};

export const CRASH_CASES: readonly CrashCase[] = [
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
export const runCrash = async (
  { plan, down = [], before = [] }: CrashCase,
  crashAt: number,
  moment: 'before' | 'after',
): Promise<CrashRun> => {
  const world = new OperationWorld(SHARDS);
  await world.found();
  const writer = await world.writer();
  const films = filmsOf(await world.directory(), 'a', 12);
  await world.drive(Promise.all(films.map((id) => writer.write(addFilm(id)))));
  for (const change of before) await prepare(world, change);

  const leader = await world.lead('one');
  const dying = new DyingInstance(leader.context, crashAt, moment);
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

const prepare = async (world: OperationWorld, change: Change): Promise<void> => {
  const state = await world.directory();
  const edit = { number: state.lastEdit + 1, atMs: 0, ...ORDER, change };
  applyEdit(state, edit);
  world.log.edits.push(edit);
};

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

const faultsOf = async (world: OperationWorld): Promise<string[]> => {
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
const filmsHeld = (world: OperationWorld, state: FoundedDirectory): Set<string> => {
  const held = new Set<string>();
  for (const { owner } of state.shards.filter(({ name }) => ['a', 'b'].includes(name))) {
    for (const id of world.at(owner).contents.documents.get('movies')?.keys() ?? []) held.add(id);
  }
  return held;
};

class Killed extends Error {
  readonly code = 'NOT_READY';
}

/** Everything that an instance does to the outside, counted; from the fatal step on, it does nothing. */
class DyingInstance {
  readonly context: OperationContext;
  steps = 0;
  #dead = false;
  readonly #crashAt: number;
  readonly #moment: 'before' | 'after';

  constructor(context: OperationContext, crashAt: number, moment: 'before' | 'after') {
    this.#crashAt = crashAt;
    this.#moment = moment;
    const { leadership } = context;
    this.context = {
      ...context,
      leadership: {
        append: (change, reason) => this.#step(() => leadership.append(change, reason)),
        get lastAppended() {
          return leadership.lastAppended;
        },
      },
      cluster: async (name) => this.#watched(await context.cluster(name)),
    };
  }

  #watched(cluster: DataCluster): DataCluster {
    const watched = Object.create(cluster) as DataCluster;
    watched.transaction = (work, deadline) => this.#step(() => cluster.transaction(work, deadline));
    watched.fences = (slots, deadline) => this.#step(() => cluster.fences(slots, deadline));
    return watched;
  }

  async #step<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#dead) throw new Killed();
    this.steps += 1;
    const isFatal = this.steps === this.#crashAt;
    if (isFatal && this.#moment === 'before') this.#dead = true;
    if (this.#dead) throw new Killed();
    const result = await work();
    if (isFatal) this.#dead = true;
    if (this.#dead) throw new Killed();
    return result;
  }
}
