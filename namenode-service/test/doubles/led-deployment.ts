import { newOperationId } from '@marquee/test-kit';
import type { ClusterHealth } from '../../src/health/cluster-health.ts';
import { DeploymentSteward } from '../../src/operations/deployment-steward.ts';
import type { OperationEntry } from '../../src/operations/operation-entry.ts';
import { outcomeInLog } from '../../src/operations/outcome-in-log.ts';
import { MemoryOperationStore } from './memory-operation-store.ts';
import { addFilm, filmsOf, findFaults, OperationWorld } from './operation-world.ts';

const HOUR_MS = 3_600_000;

/** A deployment with a leader that looks after it; the test says who is healthy. */
export const newDeployment = async (shards = { a: ['a0', 'a1', 'a2'], b: ['b0', 'b1'] }) => {
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

export type Deployment = Awaited<ReturnType<typeof newDeployment>>;

/** Lets the virtual clock run until it holds; throws after 100 virtual seconds. */
export const until = async (
  world: OperationWorld,
  holds: () => Promise<boolean>,
): Promise<void> => {
  for (let turn = 0; !(await holds()); turn += 1) {
    if (turn > 5_000) throw new Error('it never came');
    await world.clock.advance(20);
  }
};

/** Everybody is in sync, nothing is under way, and no cluster contradicts the directory. */
export const settled = ({ world }: Deployment) =>
  until(world, async () => {
    const state = await world.directory();
    const isWhole = state.shards.every(({ members }) =>
      members.every(({ status }) => status === 'in-sync'),
    );
    return isWhole && state.operations.length === 0 && findFaults(world, state).length === 0;
  });

/** The ids of the films that the cluster holds, sorted. */
export const filmsAt = (world: OperationWorld, cluster: string) =>
  [...(world.at(cluster).contents.documents.get('movies')?.keys() ?? [])].sort();

/** An order as it is stored when a person gives it: queued, with no step taken. */
export const entryOf = (plan: OperationEntry['plan'], id = 'ordered'): OperationEntry => ({
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
