import { slotOf } from '@marquee/topology';
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
    expect(answer.body).toEqual({ findings: [], more: false });
  });
});

describe('a repair', () => {
  it('mends what a check finds, keeps what it replaces, and tells all of it', async () => {
    const common = { version: { epoch: 1, sequence: 0 }, revision: 1, deleted: false };
    const movieId = 'tt0133093';
    const slot = slotOf(movieId);
    const interaction = { kind: 'interaction', movieId, handle: 'ann', reaction: 'LIKE' };
    const counts = { kind: 'summary', movieId, likeCount: 7, dislikeCount: 0, hidden: false };
    for (const cluster of ['owner-a', 'replica-a-0']) {
      await collection(cluster, async (client) => {
        const interactions = client.db('marquee').collection('user_interactions');
        await interactions.insertMany([
          { _id: `${movieId}:ann`, slot, ...common, ...interaction },
          { _id: movieId, slot, ...common, ...counts },
        ] as never);
      });
    }
    await collection('replica-a-0', async (client) => {
      const main = client.db('marquee');
      await main.collection('movies').insertMany([
        { _id: 'stranger', slot: slotOf('stranger'), ...common },
        { _id: 'nowhere', slot: 4711, ...common },
      ] as never);
      await main.collection('users').insertOne({ _id: 'ann', slot, ...common } as never);
    });
    const headers = { authorization: admin.authorization ?? '' };
    const kinds = async () => {
      const { body } = await node.get('/v1/findings', headers);
      return (body.findings as { kind: string }[]).map(({ kind }) => kind).sort();
    };
    expect(await kinds()).toEqual([
      'diverged',
      'diverged',
      'misplaced',
      'unslotted',
      'wrong-counts',
    ]);
    const ordered = await node.post('/v1/operations', { kind: 'repair' }, admin);
    expect(ordered).toMatchObject({ status: 202, body: { plan: { kind: 'repair' } } });
    const ended = await until(async () => {
      const { body } = await node.get(`/v1/operations/${ordered.body.id}`);
      return body.endedAtMs === null ? false : body;
    });
    expect(ended).toMatchObject({
      status: 'completed',
      outcome: expect.stringMatching(/^\d mended, 0 left as they are$/),
    });
    expect(ended.report.length).toBeGreaterThanOrEqual(4);
    expect(await kinds()).toEqual([]);
    const summaries = await Promise.all(
      ['owner-a', 'replica-a-0'].map((cluster) =>
        collection(cluster, (client) =>
          client
            .db('marquee')
            .collection('user_interactions')
            .findOne({ _id: movieId as never }),
        ),
      ),
    );
    expect(summaries[0]).toMatchObject({ likeCount: 1, version: { sequence: 1 } });
    expect(summaries[1]).toEqual(summaries[0]);
    const kept = await collection('replica-a-0', (client) =>
      client.db('marquee_slots').collection('rejected').find().toArray(),
    );
    expect(kept.map(({ document }) => (document as { _id: string })._id).sort()).toEqual([
      'ann',
      'nowhere',
      'stranger',
    ]);
  });
});
