import { slotOf } from '@marquee/topology';
import { MongoClient, type Document } from 'mongodb';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

jest.setTimeout(120_000);

let deployment: TestDeployment;
let node: TestNameNode;

beforeAll(async () => {
  deployment = await startDeployment(['a', 'b'], 1);
  node = await startNameNode(deployment.addresses);
  await ready(node);
});

afterAll(async () => {
  await node.stop();
  await deployment.stop();
});

const admin = async () => ({
  authorization: `Bearer ${await node.userToken('ADMIN')}`,
  'content-type': 'application/json',
});

const rebuild = async (body: object = {}) =>
  node.post('/v1/directory/rebuild', body, await admin());

const order = async (body: object): Promise<void> => {
  const { status, body: operation } = await node.post('/v1/operations', body, await admin());
  expect({ status, operation }).toMatchObject({ status: 202 });
  await until(async () => {
    const { body: now } = await node.get(`/v1/operations/${operation.id}`);
    return now.status === 'completed';
  });
};

const owners = async () =>
  ((await node.get('/v1/shards')).body.shards as Document[]).map(({ name, owner, slots }) => [
    name,
    owner,
    slots,
  ]);

const onCluster = async <T>(
  name: string,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> => {
  const client = new MongoClient(deployment.clusters.uriOf(name));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};

/** As if another, empty, metadata cluster stood where the lost one was. */
const loseMetadata = async (): Promise<void> => {
  await node.stop();
  await onCluster('metadata', async (client) => {
    const { databases } = await client.db().admin().listDatabases();
    for (const { name } of databases) {
      if (!['admin', 'config', 'local'].includes(name)) await client.db(name).dropDatabase();
    }
  });
  node = await startNameNode(deployment.addresses);
  await until(async () => (await rebuild()).status !== 503);
};

describe('the directory', () => {
  it('is not rebuilt while there is one', async () => {
    expect(await rebuild()).toMatchObject({ status: 409, body: { code: 'ALREADY_THERE' } });
  });

  it('comes back as it was when the metadata cluster is lost: owners, moved slots, epochs', async () => {
    await order({ kind: 'failover', shard: 'a', to: 'replica-a-0' });
    await order({ kind: 'migrate', to: 'b', slots: [slotOf('tt0133093')] });
    const before = await owners();
    const located = (await node.get('/v1/locate/movies/tt0133093')).body;
    const { lastEdit } = { lastEdit: (await node.get('/v1/shards')).body.version as number };

    await loseMetadata();
    expect((await node.get('/readyz')).status).toBe(503);
    const shown = await rebuild();
    expect(shown).toMatchObject({ status: 200, body: { isRebuilt: false } });
    expect((await node.get('/readyz')).status).toBe(503);
    expect(await rebuild({ confirmDeployment: 'another' })).toMatchObject({
      status: 400,
      body: { code: 'BAD_USER_INPUT' },
    });

    const done = await rebuild({ confirmDeployment: shown.body.deployment });
    expect(done).toMatchObject({ status: 200, body: { isRebuilt: true } });
    await ready(node);
    expect(await owners()).toEqual(before);
    expect((await node.get('/v1/locate/movies/tt0133093')).body).toMatchObject({
      shard: 'b',
      owner: located.owner,
      epoch: located.epoch,
    });
    const shards = (await node.get('/v1/shards')).body;
    expect(shards.automation).toBe('paused');
    expect(shards.version).toBeGreaterThan(lastEdit);
    const { body } = await node.get('/v1/edits?limit=1');
    expect(body.edits).toMatchObject([
      { by: 'ann', why: 'the metadata cluster was lost', change: { kind: 'leader-elected' } },
    ]);
    expect((await node.get('/v1/findings', await admin())).body.findings).toEqual([]);
  });

  it('can be changed again, and outlives its NameNode, from then on', async () => {
    await order({ kind: 'failover', shard: 'a', to: 'owner-a' });
    const before = await owners();
    await node.stop();
    node = await startNameNode(deployment.addresses);
    await ready(node);
    expect(await owners()).toEqual(before);
  });

  it('is not made of some of the clusters', async () => {
    await loseMetadata();
    await deployment.clusters.stop('replica-b-0');
    const refused = await rebuild();
    expect(refused).toMatchObject({ status: 409, body: { code: 'REBUILD_IMPOSSIBLE' } });
    expect(refused.body.detail).toContain('replica-b-0 does not answer');
    await deployment.clusters.restart('replica-b-0');
    const shown = await until(async () => {
      const answer = await rebuild();
      return answer.status === 200 && answer;
    });
    const confirmed = await rebuild({ confirmDeployment: shown.body.deployment });
    expect(confirmed.body).toMatchObject({ isRebuilt: true });
    await ready(node);
  });
});
