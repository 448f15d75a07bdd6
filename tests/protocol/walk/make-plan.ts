import { SLOT_COUNT, slotOf } from '@marquee/topology';
import { operationIdOf } from '../workload/operation-ids.ts';
import type {
  OperationKind,
  PlannedOperation,
  PlannedRequest,
  Workload,
} from '../workload/planned-operation.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { filmsOf } from './found-world.ts';
import { makeFaults } from './make-faults.ts';
import { makeOrders } from './make-orders.ts';
import { SCENARIOS, UNPROMISED, type Scenario } from './scenarios.ts';
import type { WalkPlan } from './walk-plan.ts';

const KINDS: Readonly<Record<OperationKind, number>> = {
  append: 3,
  like: 3,
  unlike: 2,
  create: 1,
  delete: 1,
  purge: 0.7,
};

/** How old operations are when they are purged. */
const PURGED_AGE_MEAN_MS = 4_000;

/** The plan of a walk of this kind with this seed. */
export const makePlan = (scenarioName: string, seed: number): WalkPlan => {
  const scenario = SCENARIOS[scenarioName] ?? UNPROMISED[scenarioName];
  if (scenario === undefined) throw new TypeError(`no scenario ${scenarioName}`);
  const random = new SeededRandom(seed).fork('plan');
  const named = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
  const deployment = {
    shards: scenario.shards,
    nameNodes: named('n', scenario.nameNodes),
    routers: named('r', scenario.routers),
    detectionTimeMs: scenario.detectionTimeMs,
    minInSync: scenario.minInSync,
    transactionLifetimeMs: random.pick([1_000, 5_000, 60_000]),
  };
  const processes = [...deployment.nameNodes, ...deployment.routers];
  return {
    seed,
    scenario: scenarioName,
    deployment,
    weather: scenario.weather ?? {
      latencyMeanMs: random.pick([0.5, 3, 15]),
      slowShare: random.pick([0, 0.02, 0.1]),
      slowMeanMs: random.pick([50, 400, 2_000]),
      lostReplyShare: random.pick([0, 0.005, 0.03]),
    },
    clockRates: Object.fromEntries(
      processes.map((name) => [
        name,
        1 + random.between(-scenario.clockDriftMax, scenario.clockDriftMax),
      ]),
    ),
    workload: makeWorkload(scenario, deployment.routers, random),
    faults: makeFaults(scenario, deployment, random),
    orders: makeOrders(scenario, deployment, random),
    healedAtMs: scenario.durationMs,
  };
};

const makeWorkload = (
  scenario: Scenario,
  routers: readonly string[],
  random: SeededRandom,
): Workload => {
  const operations: PlannedOperation[] = [];
  const requests: PlannedRequest[] = [];
  const created: string[] = [];
  let atMs = 0;
  for (let index = 1; index <= scenario.operations; index += 1) {
    // Some come together, so that they meet in one transaction.
    if (random.chance(0.6))
      atMs += random.exponential(scenario.durationMs / scenario.operations / 0.6);
    const operation = makeOperation(index, atMs, created, random);
    const twins = [operation, ...(random.chance(0.05) ? [withReusedId(operation)] : [])];
    operations.push(...twins);
    for (const twin of twins) requests.push(...requestsOf(twin, atMs, routers, random));
  }
  const bulk = random.chance(0.4) ? [bulkOf(operations, scenario, routers, random)] : [];
  const readers = Array.from({ length: scenario.readers }, () => ({
    // Some keep to the first router, which scripts know.
    router: random.chance(0.3) ? (routers[0] ?? '') : random.pick(routers),
    everyMs: random.pick([100, 400, 1_200]),
    deadlineMs: random.pick([2_000, 2_000, 8_000]),
  }));
  return { operations, requests: [...requests, ...bulk], readers };
};

const makeOperation = (
  index: number,
  atMs: number,
  created: string[],
  random: SeededRandom,
): PlannedOperation => {
  const name = `o${index}`;
  const kind = random.weighted(KINDS);
  const shared = { name, operationId: operationIdOf(atMs, index), requestHash: `hash of ${name}` };
  const film = random.pick(filmsOf());
  if (kind === 'like' || kind === 'unlike') {
    return { ...shared, kind, target: film, handle: random.pick(['ann', 'bob']) };
  }
  if (kind === 'create') {
    const target = newDocumentId(index, random.integer(0, SLOT_COUNT - 1));
    created.push(target);
    return { ...shared, kind, target };
  }
  if (kind === 'delete') {
    const target = created.length > 0 && random.chance(0.8) ? random.pick(created) : film;
    return { ...shared, kind, target };
  }
  if (kind === 'purge') {
    // Far younger than a week: whoever still sends what is forgotten must be refused.
    const idsBefore = operationIdOf(Math.max(0, atMs - random.exponential(PURGED_AGE_MEAN_MS)), 0);
    return { ...shared, kind, target: film, idsBefore };
  }
  return { ...shared, kind, target: film };
};

/** Another operation of the same person, under an id that is taken: one of them must be refused. */
const withReusedId = (operation: PlannedOperation): PlannedOperation => {
  const name = `${operation.name}r`;
  return { ...operation, name, requestHash: `hash of ${name}` };
};

const newDocumentId = (index: number, slot: number): string => {
  for (let attempt = 0; ; attempt += 1) {
    const id = `new${index}x${attempt}`;
    if (slotOf(id) === slot) return id;
  }
};

/** One request, or two of different clients that both think it theirs. */
const requestsOf = (
  { name }: PlannedOperation,
  atMs: number,
  routers: readonly string[],
  random: SeededRandom,
): PlannedRequest[] => {
  const request = (): PlannedRequest => ({
    atMs: atMs + random.exponential(5),
    router: random.pick(routers),
    operations: [name],
    attemptsMax: random.chance(0.1) ? random.integer(1, 3) : 1_000,
  });
  return random.chance(0.2) ? [request(), request()] : [request()];
};

/** A load in bulk of what others send singly too. */
const bulkOf = (
  operations: readonly PlannedOperation[],
  scenario: Scenario,
  routers: readonly string[],
  random: SeededRandom,
): PlannedRequest => ({
  atMs: random.between(0, scenario.durationMs),
  router: random.pick(routers),
  operations: operations.filter(() => random.chance(0.2)).map(({ name }) => name),
  attemptsMax: 1_000,
});
