import { createNameNodeClient } from '@marquee/namenode-client';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

// Clusters are started, killed and waited for.
jest.setTimeout(30_000);

let deployment: TestDeployment;
let nodes: TestNameNode[] = [];

beforeEach(async () => {
  deployment = await startDeployment(['a'], 1);
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  nodes = [];
  await deployment.stop();
});

const start = async (instance: string): Promise<TestNameNode> => {
  const node = await startNameNode(deployment.addresses, { instance });
  nodes.push(node);
  return node;
};

const kinds = async (node: TestNameNode): Promise<string[]> => {
  const { body } = await node.get('/v1/edits?limit=1000');
  return body.edits.map((edit: { change: { kind: string } }) => edit.change.kind);
};

describe('the directory', () => {
  it('outlives its NameNode: a restart serves the same deployment', async () => {
    const first = await start('one');
    await ready(first);
    const { body: before } = await first.get('/v1/shard-map');
    await first.stop();
    nodes = [];
    const second = await start('one');
    await ready(second);
    await until(async () => (await kinds(second)).at(-1) === 'leader-elected');
    const { body: after } = await second.get('/v1/shard-map');
    expect(after).toMatchObject({ deployment: before.deployment, shards: before.shards });
    expect(after.version).toBeGreaterThan(before.version);
    expect((await kinds(second)).filter((kind) => kind === 'deployment-founded')).toHaveLength(1);
  });

  it('is served and not confirmed while the metadata cluster is down', async () => {
    const node = await start('one');
    await ready(node);
    await deployment.clusters.stop('metadata');
    const map = await node.get('/v1/shard-map');
    expect(map.status).toBe(200);
    expect(map.headers.get('x-directory-confirmed')).toBe('false');
    expect((await node.get('/v1/locate/movies/tt1')).status).toBe(200);
    expect((await node.get('/readyz')).status).toBe(200);
    expect((await node.get('/v1/clusters')).status).toBe(200);
    const edits = await node.get('/v1/edits');
    expect(edits).toMatchObject({ status: 503, body: { code: 'METADATA_UNAVAILABLE' } });
  });
});

describe('a router', () => {
  it('learns of a new version by its long poll, from another instance than the leader too', async () => {
    const leader = await start('one');
    await ready(leader);
    const follower = await start('two');
    await ready(follower);
    const client = createNameNodeClient({
      urls: [follower.url],
      serviceToken: () => follower.serviceToken(),
    });
    try {
      await client.start();
      expect(client.hasReadLease()).toBe(true);
      const version = client.current()?.version ?? 0;
      await leader.stop();
      nodes = [follower];
      await until(() => (client.current()?.version ?? 0) > version);
      expect((await kinds(follower)).at(-1)).toBe('leader-elected');
    } finally {
      await client.close();
    }
  });
});

describe('health', () => {
  it('tells a cluster that was killed from those that answer', async () => {
    const node = await start('one');
    await ready(node);
    const statusOf = async (name: string) => {
      const { body } = await node.get('/v1/clusters');
      const found = body.clusters.find((each: { name: string }) => each.name === name);
      return found.health.status as string;
    };
    await until(async () => (await statusOf('replica-a-0')) === 'healthy');
    await deployment.clusters.stop('replica-a-0');
    await until(async () => (await statusOf('replica-a-0')) === 'suspect');
    await until(async () => (await statusOf('replica-a-0')) === 'down');
    expect(await statusOf('owner-a')).toBe('healthy');
  });
});
