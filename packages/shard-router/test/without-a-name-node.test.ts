import { MarqueeError } from '@marquee/errors';
import type { ShardRouter } from '@marquee/shard-router';
import {
  createFakeNameNode,
  startTestDeployment,
  type FakeNameNode,
  type TestDeployment,
} from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import { createTestRouter, keyOf, putting, traced } from './router-harness.ts';

jest.setTimeout(30_000);

let deployment: TestDeployment;
let router: ShardRouter;

beforeAll(async () => {
  deployment = await startTestDeployment();
}, 60_000);

afterEach(() => router.close());
afterAll(() => deployment.close());

/** A client that no NameNode answers; with or without a map from before. */
const silenced = (knowsMap: boolean): FakeNameNode => {
  const fake = createFakeNameNode(deployment.map);
  return {
    ...fake,
    table: () => (knowsMap ? fake.table() : undefined),
    hasReadLease: () => false,
    refresh: () => Promise.reject(new MarqueeError('NAMENODE_UNAVAILABLE')),
  };
};

it('a router that starts reads the fences: writes and strong reads go on', async () => {
  router = createTestRouter(deployment, silenced(false));
  const ids = ['a', 'b'].map((shard) => keyOf(deployment, shard, 'unled-'));
  await Promise.all(ids.map((id) => router.write(putting('movies', { _id: id, title: id }))));
  const { entries, trace } = traced();
  const found = await router.findByIds('movies', ids, { trace });
  expect(found).toMatchObject(ids.map((title) => ({ title })));
  expect(entries.map(({ cluster, readFrom }) => [cluster, readFrom]).sort()).toEqual([
    ['shard-a', 'strong'],
    ['shard-b', 'strong'],
  ]);
  const page = await router.list('movies', {
    queryName: 'test',
    filter: { title: { $in: ids } },
    sort: [],
    first: 10,
  });
  expect(page.nodes.map(({ _id }) => _id)).toEqual([...ids].sort());
});

it('a router with a map from before a change of ownership finds the new owner', async () => {
  router = createTestRouter(deployment, silenced(true));
  const id = keyOf(deployment, 'a', 'moved-');
  await router.write(putting('movies', { _id: id, title: 'before' }));
  const fences = (cluster: string) =>
    deployment.mongo(cluster).db('marquee_slots').collection<{ _id: number }>('fences');
  const open = { state: 'open', epoch: 2, edit: 2, pushTo: ['shard-a'] };
  const follower = { state: 'follower', epoch: 2, edit: 2, pushTo: [] };
  await fences('shard-a').updateOne({ _id: slotOf(id) }, { $set: follower });
  await fences('replica-a').updateOne({ _id: slotOf(id) }, { $set: open });
  await router.write(putting('movies', { _id: id, title: 'after' }));
  const { entries, trace } = traced();
  expect(await router.findByIds('movies', [id], { trace })).toMatchObject([{ title: 'after' }]);
  expect(entries).toMatchObject([{ cluster: 'replica-a', readFrom: 'strong' }]);
});

it('a router that cannot reach the clusters either says so', async () => {
  const nowhere = {
    ...deployment,
    addresses: () => Promise.resolve({ clusters: [{ name: 'x', uri: 'mongodb://127.0.0.1:1' }] }),
  };
  router = createTestRouter(nowhere, silenced(false));
  await expect(router.findByIds('movies', ['x'])).rejects.toMatchObject({
    code: 'NAMENODE_UNAVAILABLE',
  });
});
