import { createNameNodeClient, type NameNodeClient } from '@marquee/namenode-client';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';
import { meterCluster, type WireMeter } from './wire-meter.ts';

// Everything is started, and then watched for a while.
jest.setTimeout(120_000);

/** The default: what is sent follows from it. */
const DETECTION_TIME_MS = 15_000;
const ROUTERS = 4;

/** Several rounds of everything that is done in turns, except what is measured by itself. */
const WINDOW_MS = 20_000;

const COMMANDS_MAX_PER_SECOND = 5;
const BYTES_MAX_PER_WEEK = 1_000_000_000;
/** The stewards compare this often. */
const COMPARE_INTERVAL_SECONDS = 60;

const SECONDS_PER_WEEK = 7 * 24 * 3_600;

let deployment: TestDeployment;
const meters = new Map<string, WireMeter>();
const nodes: TestNameNode[] = [];
const clients: NameNodeClient[] = [];
const routers: ShardRouter[] = [];
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

beforeAll(async () => {
  deployment = await startDeployment(['a', 'b'], 1);
  for (const { name, uri } of deployment.addresses.clusters) {
    meters.set(name, await meterCluster(uri));
  }
  meters.set('metadata', await meterCluster(deployment.addresses.metadata.uri));
  const uriOf = (name: string) => (meters.get(name) as WireMeter).uri;
  const addresses = {
    clusters: deployment.addresses.clusters.map((each) => ({ ...each, uri: uriOf(each.name) })),
    metadata: { uri: uriOf('metadata') },
  };
  for (const instance of ['one', 'two']) {
    const node = await startNameNode(addresses, { instance, detectionTimeMs: DETECTION_TIME_MS });
    nodes.push(node);
    await ready(node);
  }
  for (let i = 0; i < ROUTERS; i += 1) {
    const node = nodes[i % nodes.length] as TestNameNode;
    const client = createNameNodeClient({
      urls: [node.url],
      serviceToken: () => node.serviceToken(),
    });
    await client.start();
    const router = createShardRouter({
      nameNodeClient: client,
      addresses: () => Promise.resolve(addresses),
      logger: silent,
    });
    // As a subgraph at its start: from then on it is connected to every cluster.
    await router.missingIndexes();
    clients.push(client);
    routers.push(router);
  }
  await until(async () => {
    const { body } = await (nodes[0] as TestNameNode).get('/v1/clusters');
    const all = body.clusters as { health: { status: string } }[];
    return all.every(({ health }) => health.status === 'healthy');
  });
});

afterAll(async () => {
  await Promise.all(routers.map((router) => router.close()));
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(nodes.map((node) => node.stop()));
  await Promise.all([...meters.values()].map((meter) => meter.close()));
  await deployment.stop();
});

/** The beginning of a term settles all fences; after that no transaction runs. */
const atRest = async (): Promise<void> => {
  await until(async () => {
    for (const meter of meters.values()) meter.take();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const taken = [...meters.values()].map((meter) => meter.take());
    return taken.every(({ commands }) => commands.commitTransaction === undefined);
  });
};

/** What one comparison of all fences costs, which comes once a minute. */
const comparison = async (): Promise<Map<string, Taken>> => {
  for (const meter of meters.values()) meter.take();
  const leader = nodes[0] as TestNameNode;
  const behind = [0, 1_023].map((slot) => ({ slot, cluster: 'nobody' }));
  expect((await leader.post('/v1/reports', { behind })).status).toBe(204);
  const costs = new Map<string, Taken>();
  const dataClusters = deployment.addresses.clusters.map(({ name }) => name);
  await until(() => {
    for (const [name, meter] of meters) costs.set(name, sum(costs.get(name), meter.take()));
    return dataClusters.every((name) => costs.get(name)?.names.includes('aggregate'));
  });
  return costs;
};

interface Taken {
  readonly commands: number;
  readonly bytes: number;
  readonly names: readonly string[];
}

const sum = (before: Taken | undefined, taken: ReturnType<WireMeter['take']>): Taken => ({
  commands:
    (before?.commands ?? 0) + Object.values(taken.commands).reduce((all, each) => all + each, 0),
  bytes: (before?.bytes ?? 0) + taken.bytes,
  names: [...(before?.names ?? []), ...Object.keys(taken.commands)],
});

describe('at rest, with two NameNodes and four routers', () => {
  it('no cluster gets more than 5 commands a second, or a gigabyte a week', async () => {
    await atRest();
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const rest = new Map([...meters].map(([name, meter]) => [name, sum(undefined, meter.take())]));
    const compared = await comparison();
    const report = [...meters.keys()].map((name) => {
      const perSecond = (of: 'commands' | 'bytes'): number =>
        (rest.get(name)?.[of] ?? 0) / (WINDOW_MS / 1_000) +
        (compared.get(name)?.[of] ?? 0) / COMPARE_INTERVAL_SECONDS;
      return {
        name,
        commandsPerSecond: perSecond('commands'),
        bytesPerWeek: perSecond('bytes') * SECONDS_PER_WEEK,
      };
    });
    for (const { name, commandsPerSecond, bytesPerWeek } of report) {
      expect([name, commandsPerSecond <= COMMANDS_MAX_PER_SECOND, commandsPerSecond]).toEqual([
        name,
        true,
        expect.any(Number),
      ]);
      expect([name, bytesPerWeek <= BYTES_MAX_PER_WEEK, bytesPerWeek]).toEqual([
        name,
        true,
        expect.any(Number),
      ]);
      // Whoever was not measured at all was not at rest, but away.
      expect(bytesPerWeek).toBeGreaterThan(10_000_000);
    }
  });
});
