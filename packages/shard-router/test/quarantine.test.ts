import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import { createFakeNameNode, startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { createTestRouter, keyOf, load, putting, traced } from './router-harness.ts';

jest.setTimeout(30_000);

let deployment: TestDeployment;
let key: string;

beforeAll(async () => {
  deployment = await startTestDeployment();
  key = keyOf(deployment, 'a', 'film-');
  const router = createTestRouter(deployment);
  await load(router, 'movies', [{ _id: key, title: 'A' }]);
  await router.close();
}, 60_000);

afterAll(() => deployment.close());

const withQuarantined = (cluster: string): ShardRouter =>
  createTestRouter(deployment, createFakeNameNode({ ...deployment.map, quarantined: [cluster] }));

describe('a quarantined cluster', () => {
  it('is not read although the map still calls it readable', async () => {
    const router = withQuarantined('replica-a');
    const { entries, trace } = traced();
    expect(await router.findByIds('movies', [key], { trace })).toMatchObject([{ title: 'A' }]);
    expect(entries).toMatchObject([{ cluster: 'shard-a' }]);
    await router.close();
  });

  it('that is the owner takes no write and proves no read', async () => {
    const router = withQuarantined('shard-a');
    const writing = router.write(putting('movies', { _id: key, title: 'B' }), { deadlineMs: 300 });
    await expect(writing).rejects.toMatchObject({ code: 'WRITE_OUTCOME_UNKNOWN' });
    expect(await router.findByIds('movies', [key], { readFrom: 'strong' })).toMatchObject([
      { code: 'SHARD_UNAVAILABLE' },
    ]);
    await router.close();
    const owner = deployment.mongo('shard-a').db('marquee').collection<{ _id: string }>('movies');
    expect(await owner.findOne({ _id: key })).toMatchObject({ title: 'A' });
  });
});

describe('an address that leads to another cluster', () => {
  it('is not used, although that cluster answers', async () => {
    const { clusters } = deployment;
    const router = createShardRouter({
      nameNodeClient: deployment.nameNode,
      addresses: () =>
        Promise.resolve({
          clusters: clusters.addresses.map(({ name, uri }) => ({
            name,
            uri: name === 'replica-a' ? clusters.uriOf('shard-b') : uri,
          })),
        }),
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    });
    const { entries, trace } = traced();
    expect(await router.findByIds('movies', [key], { trace })).toMatchObject([{ title: 'A' }]);
    expect(entries).toMatchObject([{ cluster: 'shard-a' }]);
    await router.close();
  });
});
