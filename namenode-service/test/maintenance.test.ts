import { MongoClient } from 'mongodb';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestAnswer,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

// Slots are copied from cluster to cluster.
jest.setTimeout(120_000);

let deployment: TestDeployment;
let node: TestNameNode;
let admin: Record<string, string>;

beforeAll(async () => {
  deployment = await startDeployment(['a'], 1, ['spare-0', 'spare-1']);
  node = await startNameNode(deployment.addresses);
  await ready(node);
  admin = {
    authorization: `Bearer ${await node.userToken('ADMIN')}`,
    'content-type': 'application/json',
  };
});

afterAll(async () => {
  await node.stop();
  await deployment.stop();
});

const collection = async <Result>(
  cluster: string,
  work: (client: MongoClient) => Promise<Result>,
): Promise<Result> => {
  const client = new MongoClient(deployment.clusters.uriOf(cluster));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};

const remove = async (path: string): Promise<TestAnswer> => {
  const headers = { authorization: admin.authorization ?? '' };
  const response = await fetch(`${node.url}${path}`, { method: 'DELETE', headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
};

const shards = async () => {
  const { body } = await node.get('/v1/shards');
  return body.shards as {
    name: string;
    owner: string;
    slots: number;
    members: { cluster: string; status: string }[];
  }[];
};

describe('a new shard', () => {
  it('is not made of clusters that nobody knows, or that have a place already', async () => {
    const unknown = await node.post('/v1/shards', { name: 'b', owner: 'nobody' }, admin);
    expect(unknown.body).toMatchObject({ code: 'CLUSTER_UNKNOWN' });
    const taken = await node.post('/v1/shards', { name: 'b', owner: 'replica-a-0' }, admin);
    expect(taken).toMatchObject({ status: 409, body: { code: 'ALREADY_THERE' } });
    const byService = await node.post('/v1/shards', { name: 'b', owner: 'spare-0' });
    expect(byService.status).toBe(403);
  });

  it('has no slots until it is given some by a rebalance, and is removed when it is drained', async () => {
    deployment.addSpare('spare-0');
    const added = await node.post('/v1/shards', { name: 'b', owner: 'spare-0' }, admin);
    expect(added.status).toBe(201);
    expect((await shards()).map(({ name, slots }) => [name, slots])).toEqual([
      ['a', 1024],
      ['b', 0],
    ]);
    const plan = await node.post('/v1/rebalance?dryRun=true', { by: 'slots' }, admin);
    expect(plan.body.moves).toMatchObject([{ from: 'a', to: 'b' }]);
    expect(plan.body.moves[0].slots).toHaveLength(512);

    const slots = [3, 4, 5];
    await node.post('/v1/operations', { kind: 'migrate', to: 'b', slots }, admin);
    await until(async () => (await shards()).find(({ name }) => name === 'b')?.slots === 3);
    expect(await remove('/v1/shards/b')).toMatchObject({
      status: 409,
      body: { code: 'SHARD_NOT_EMPTY', detail: expect.stringContaining('drain it first') },
    });
    const drain = await node.post('/v1/rebalance', { drain: 'b' }, admin);
    expect(drain).toMatchObject({ status: 202, body: { moves: [{ from: 'b', to: 'a', slots }] } });
    await until(async () => (await shards()).find(({ name }) => name === 'b')?.slots === 0);
    const { id } = drain.body.operations[0];
    await until(async () => (await node.get(`/v1/operations/${id}`)).body.status === 'completed');
    expect((await remove('/v1/shards/b')).status).toBe(200);
    expect((await shards()).map(({ name }) => name)).toEqual(['a']);
  });

  it('that is the last one can neither be drained nor removed', async () => {
    const drain = await node.post('/v1/rebalance', { drain: 'a' }, admin);
    expect(drain).toMatchObject({ status: 409, body: { code: 'LAST_SHARD' } });
    expect(await remove('/v1/shards/a')).toMatchObject({
      status: 409,
      body: { code: 'LAST_SHARD' },
    });
  });
});

describe('a cluster that belongs to another deployment', () => {
  it('is refused by name, and nothing is written into it', async () => {
    deployment.addSpare('spare-1');
    const stamp = { _id: 'deployment' as never, deployment: 'another', cluster: 'spare-1' };
    await collection('spare-1', (client) =>
      client.db('marquee_slots').collection('deployment').insertOne(stamp),
    );
    const answer = await node.post('/v1/shards/a/clusters', { cluster: 'spare-1' }, admin);
    expect(answer).toMatchObject({ status: 409, body: { code: 'CLUSTER_REFUSED' } });
    expect(answer.body.detail).toMatch(/spare-1.*another/);
    const databases = await collection('spare-1', (client) =>
      client.db('marquee').listCollections().toArray(),
    );
    expect(databases).toEqual([]);
  });
});

describe('a check', () => {
  it('finds nothing where nothing is wrong', async () => {
    const answer = await node.get('/v1/findings', { authorization: admin.authorization ?? '' });
    expect(answer.body).toEqual({ findings: [] });
  });
});
