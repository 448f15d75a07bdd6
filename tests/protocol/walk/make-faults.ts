import type { SeededRandom } from '../world/seeded-random.ts';
import type { FaultKind, Scenario } from './scenarios.ts';
import type { Deployment, PlannedFault, TimedFault } from './walk-plan.ts';

/** Longest a single fault lasts. */
const FAULT_MAX_MS = 20_000;

/** How old a backup is when a cluster is restored from it. */
const RESTORED_AGE_MEAN_MS = 5_000;

export const makeFaults = (
  scenario: Scenario,
  deployment: Deployment,
  random: SeededRandom,
): TimedFault[] => {
  const faults: TimedFault[] = [...(scenario.script ?? [])];
  let atMs = random.exponential(scenario.faultEveryMs);
  while (atMs < scenario.durationMs) {
    const kind = random.weighted(scenario.faults);
    const durationMs = Math.min(FAULT_MAX_MS, random.exponential(scenario.faultMeanMs));
    for (const fault of MAKE[kind](deployment, durationMs, random)) faults.push({ ...fault, atMs });
    atMs += random.exponential(scenario.faultEveryMs);
  }
  return faults;
};

type Make = (
  deployment: Deployment,
  durationMs: number,
  random: SeededRandom,
) => readonly PlannedFault[];

const clustersOf = ({ shards }: Deployment): string[] => Object.values(shards).flat();
const processesOf = ({ nameNodes, routers }: Deployment): string[] => [...nameNodes, ...routers];

const link = (deployment: Deployment, random: SeededRandom): [string, string] => {
  const from = random.pick(processesOf(deployment));
  const others = [...clustersOf(deployment), ...deployment.nameNodes, 'metadata'];
  return [from, random.pick(others.filter((other) => other !== from))];
};

const MAKE: Readonly<Record<FaultKind, Make>> = {
  pause: (deployment, durationMs, random) => [
    { kind: 'pause', process: random.pick(processesOf(deployment)), durationMs },
  ],
  restart: (deployment, durationMs, random) => [
    { kind: 'restart', process: random.pick(processesOf(deployment)), durationMs },
  ],
  'cut-one-way': (deployment, durationMs, random) => {
    const [from, to] = link(deployment, random);
    return random.chance(0.5)
      ? [{ kind: 'cut', from, to, durationMs }]
      : [{ kind: 'cut', from: to, to: from, durationMs }];
  },
  'cut-both-ways': (deployment, durationMs, random) => {
    const [who, other] = link(deployment, random);
    return [{ kind: 'isolate', who, from: [other], durationMs }];
  },
  // A cluster that the NameNodes do not see, and that goes on working for everybody else.
  'isolate-name-nodes': (deployment, durationMs, random) => {
    const { nameNodes, routers } = deployment;
    const who = random.pick([...clustersOf(deployment), ...routers]);
    return [{ kind: 'isolate', who, from: nameNodes, durationMs }];
  },
  'pause-name-node': ({ nameNodes }, durationMs, random) => [
    { kind: 'pause', process: random.pick(nameNodes), durationMs },
  ],
  'pause-router': ({ routers }, durationMs, random) => [
    { kind: 'pause', process: random.pick(routers), durationMs },
  ],
  'cut-metadata': ({ nameNodes }, durationMs, random) => [
    { kind: 'isolate', who: random.pick(nameNodes), from: ['metadata'], durationMs },
  ],
  'cut-router-from-name-nodes': ({ nameNodes, routers }, durationMs, random) => [
    { kind: 'isolate', who: random.pick(routers), from: nameNodes, durationMs },
  ],
  'restart-name-node': ({ nameNodes }, durationMs, random) => [
    { kind: 'restart', process: random.pick(nameNodes), durationMs: durationMs / 10 },
  ],
  'isolate-cluster-from-name-nodes': (deployment, durationMs, random) => [
    {
      kind: 'isolate',
      who: random.pick(clustersOf(deployment)),
      from: deployment.nameNodes,
      durationMs: durationMs * 2,
    },
  ],
  stop: (deployment, durationMs, random) => [
    { kind: 'stop', cluster: random.pick(clustersOf(deployment)), durationMs },
  ],
  'stop-metadata': (_deployment, durationMs) => [{ kind: 'stop', cluster: 'metadata', durationMs }],
  restore: (deployment, durationMs, random) => [
    {
      kind: 'restore',
      cluster: random.pick(clustersOf(deployment)),
      ageMs: random.exponential(RESTORED_AGE_MEAN_MS),
      durationMs,
    },
  ],
  elect: (deployment, _durationMs, random) => [
    { kind: 'elect', cluster: random.pick(clustersOf(deployment)) },
  ],
};
