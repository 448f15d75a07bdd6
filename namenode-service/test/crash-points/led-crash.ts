import { newOperationId } from '@marquee/test-kit';
import type { SlotWriter } from '@marquee/slot-protocol';
import type { ClusterStamp, ClusterStamps } from '../../src/clusters/cluster-stamp.ts';
import type { FoundedDirectory } from '../../src/directory/directory-state.ts';
import { DeploymentSteward } from '../../src/operations/deployment-steward.ts';
import { Maintenance } from '../../src/operations/maintenance.ts';
import { OperationDesk } from '../../src/operations/operation-desk.ts';
import { outcomeInLog } from '../../src/operations/outcome-in-log.ts';
import { MemoryOperationStore } from '../doubles/memory-operation-store.ts';
import {
  addFilm,
  filmsOf,
  type Instance,
  type OperationWorld,
} from '../doubles/operation-world.ts';
import { faultsOf, filmsHeld, type CrashRun } from './crash-points.ts';
import { newCrashWorld } from './crash-world.ts';
import { DyingInstance, type Moment } from './dying-instance.ts';

/** What a leader does by order of a person, or by itself, with all that belongs to a leader around it. */
export interface LedCase {
  readonly name: string;
  /** After the founding and the first films, before there is a leader. */
  readonly prepare?: (world: OperationWorld, films: readonly string[]) => Promise<void>;
  /** Clusters that the deployment does not have yet. */
  readonly spares?: readonly string[];
  /** What is ordered; nothing of what the leader does by itself. */
  readonly work?: (leader: Leader) => Promise<void>;
  /** Virtual time for what the leader does by itself. */
  readonly waitMs?: number;
  /** Clusters that die for good when the work begins, and are back when the leader has died. */
  readonly down?: readonly string[];
  /** What must hold in the end whatever has happened, beside what always must. */
  readonly isAtRest?: (rest: Rest) => boolean;
  /** What was wrong from the beginning, and stays so if it was not even ordered. */
  readonly hasDamage?: boolean;
  /** Whether it has been done, by a directory that has come to rest. */
  readonly isDone: (rest: Rest) => boolean;
}

export interface Leader {
  readonly desk: OperationDesk;
  readonly maintenance: Maintenance;
}

export interface Rest {
  readonly world: OperationWorld;
  readonly state: FoundedDirectory;
  readonly store: MemoryOperationStore;
}

/** Virtual time that the next leader gets: it may have to wait out a lease, and a pause or two. */
const REST_MAX_MS = 120_000;

const INTERESTING = /^(a|b|new)/;

/** A leader that dies at its `crashAt`-th step, and the next one. */
export const runLedCrash = async (
  each: LedCase,
  crashAt: number,
  moment: Moment,
): Promise<CrashRun> => {
  const world = await newCrashWorld();
  const writer = await world.writer();
  const films = filmsOf(await world.directory(), 'a', 12);
  await world.drive(Promise.all(films.map((id) => writer.write(addFilm(id)))));
  for (const name of each.spares ?? []) world.add(name);
  await each.prepare?.(world, films);
  const store = new MemoryOperationStore();
  const stamps = memoryStamps();

  const first = await world.lead('one');
  const dying = new DyingInstance(first, (cluster) => INTERESTING.test(cluster));
  const leading = lead(world, first, writer, store, stamps, dying);
  while (!leading.isSafe()) await world.clock.advance(200);
  dying.arm(crashAt, moment);
  for (const name of each.down ?? []) world.at(name).down = leading.down(name);
  let isOver = false;
  const work = each.work?.(leading.leader) ?? Promise.resolve();
  void work
    .catch(() => undefined)
    .then(() => {
      isOver = true;
    });
  const { waitMs = 0 } = each;
  const isUnderWay = (ms: number) => !isOver || ms < waitMs || isUnfinished(store);
  for (let ms = 0; isUnderWay(ms) && !dying.isDead && ms < REST_MAX_MS; ms += 50) {
    await world.clock.advance(50);
  }
  // Until it dies it also does what comes afterwards.
  const { steps } = dying;
  first.leadership.stepDown();
  await first.kill();
  await world.drive(leading.running);
  for (const name of each.down ?? []) world.at(name).down = false;

  const second = await world.lead('two');
  const next = lead(world, second, writer, store, stamps);
  const faults = await comeToRest(world, store, each);
  second.leadership.stepDown();
  await second.kill();
  await world.drive(next.running);
  const state = await world.directory();
  const held = filmsHeld(world, state);
  const lost = films.filter((id) => !held.has(id)).map((id) => `${id} is lost`);
  const all = [...faults, ...lost];
  if (all.length > 0) return { steps, outcome: { stuck: all } };
  return { steps, outcome: each.isDone({ world, state, store }) ? 'completed' : 'undone' };
};

const isUnfinished = (store: MemoryOperationStore): boolean =>
  [...store.entries.values()].some(({ endedAtMs }) => endedAtMs === null);

const comeToRest = async (
  world: OperationWorld,
  store: MemoryOperationStore,
  { hasDamage = false, isAtRest = () => true }: LedCase,
): Promise<string[]> => {
  let faults = ['it never came to rest'];
  for (let ms = 0; ms < REST_MAX_MS && faults.length > 0; ms += 500) {
    await world.clock.advance(500);
    if (isUnfinished(store)) faults = ['an entry does not end'];
    else if (!isAtRest({ world, state: await world.directory(), store })) faults = ['not at rest'];
    else if (hasDamage && store.entries.size === 0) faults = [];
    else faults = await faultsOf(world);
  }
  return faults;
};

const memoryStamps = (): ClusterStamps => {
  const stamps = new Map<string, ClusterStamp>();
  return {
    read: (cluster) => {
      const found = stamps.get(cluster);
      return Promise.resolve(found === undefined ? null : { ...found, heartbeat: 0 });
    },
    beat: () => Promise.resolve(null),
    claim: (cluster, stamp) => {
      stamps.set(cluster, stamps.get(cluster) ?? stamp);
      return Promise.resolve(stamps.get(cluster) ?? stamp);
    },
  };
};

/** All that an instance consists of while it leads. */
const lead = (
  world: OperationWorld,
  instance: Instance,
  writer: SlotWriter,
  memory: MemoryOperationStore,
  memoryOfStamps: ClusterStamps,
  dying = new DyingInstance(instance),
) => {
  const { context, leadership } = dying;
  const { clock } = world;
  const { follower } = instance;
  const silent = new Set<string>();
  let ids = 0;
  const newId = () => `${instance.leadership.lastAppended}-${++ids}`;
  const store = dying.store(memory);
  const isHealthy = (cluster: string) => !silent.has(cluster);
  const steward = new DeploymentSteward({
    context,
    store,
    healthOf: (cluster) =>
      isHealthy(cluster)
        ? { status: 'healthy', lastSeenAtMs: clock.now(), missedProbes: 0 }
        : { status: 'down', sinceMs: 0, lastSeenAtMs: 0, answersInARow: 0 },
    newOperationId: newId,
    instance: 'test',
    outcomeInLog: (id) => outcomeInLog(world.log, id),
    logger: { info: nothing, warn: nothing, error: nothing } as never,
    automaticFailoverIntervalMs: 3_600_000,
    write: (operation) => writer.write(operation),
    newUuid: newOperationId,
    onDeposed: () => instance.leadership.stepDown(),
  });
  const common = { leadership, follower, cluster: context.cluster, clock };
  const desk = new OperationDesk({ ...common, store, isHealthy, newOperationId: newId });
  desk.steward = steward;
  const maintenance = new Maintenance({ ...common, desk, stamps: dying.stamps(memoryOfStamps) });
  const running = steward.run();
  return {
    running,
    leader: { desk, maintenance },
    isSafe: () => ['a', 'b'].every((shard) => steward.safeModeOf(shard) === 'over'),
    down: (cluster: string) => {
      silent.add(cluster);
      return true;
    },
  };
};

const nothing = (): void => undefined;
