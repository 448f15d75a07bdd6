import type { ShardRouter } from '@marquee/shard-router';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { createTestRouter } from './router-harness.ts';

jest.setTimeout(30_000);

let deployment: TestDeployment;
let router: ShardRouter;

beforeAll(async () => {
  deployment = await startTestDeployment();
  router = createTestRouter(deployment);
  await deployment.mongo('replica-a').db('marquee').collection('movies').dropIndex('year_1__id_1');
}, 60_000);

afterAll(async () => {
  await router.close();
  await deployment.close();
});

const unreadable = (cluster: string) => ({
  ...deployment.map,
  version: deployment.map.version + 1,
  shards: deployment.map.shards.map((shard) => ({
    ...shard,
    replicas: shard.replicas.map((replica) =>
      replica.cluster === cluster ? { ...replica, readable: false } : replica,
    ),
  })),
});

describe('indexes that clusters lack', () => {
  it('are told of those that are read', async () => {
    expect(await router.missingIndexes()).toEqual(
      new Map([['replica-a', ['movies {"year":1,"_id":1}']]]),
    );
  });

  it('matter at no cluster that is not readable', async () => {
    deployment.nameNode.setMap(unreadable('replica-a'), { now: true });
    expect(await router.missingIndexes()).toEqual(new Map());
    deployment.nameNode.setMap(deployment.map, { now: true });
  });

  it('keep nobody waiting for a cluster that does not answer', async () => {
    await deployment.clusters.stop('replica-a');
    expect(await router.missingIndexes()).toEqual(new Map());
    await deployment.clusters.restart('replica-a');
  });
});
