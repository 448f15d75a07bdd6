import { Deadline, MongoDataCluster, systemClock } from '@marquee/slot-protocol';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';

jest.setTimeout(60_000);

/** Short, so that the driver has given up before the cluster comes. */
const WAIT_MS = 300;
const CONNECTION = {
  poolMax: 5,
  poolWaitMaxMs: WAIT_MS,
  primaryWaitMaxMs: WAIT_MS,
  connectMaxMs: WAIT_MS,
  heartbeatMs: 1_000,
  socketIdleMaxMs: 5_000,
};

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await startTestDeployment({ a: ['shard-a'] });
}, 60_000);
afterAll(() => deployment.close());

it('finds a cluster that was down when it was first asked', async () => {
  await deployment.clusters.stop('shard-a');
  const cluster = new MongoDataCluster(
    { name: 'shard-a', uri: deployment.clusters.uriOf('shard-a') },
    { random: Math.random, connection: CONNECTION },
  );
  const ping = () => cluster.ping(Deadline.after(5_000, systemClock));
  // Several at once, and again: the first to fail must not take the connection away from the others.
  const failed = await Promise.allSettled([ping(), ping(), ping()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(ping()).rejects.toMatchObject({ cluster: 'shard-a' });

  await deployment.clusters.restart('shard-a');
  const deadline = Deadline.after(20_000, systemClock);
  let found = false;
  while (!found && !deadline.expired) {
    found = await ping().then(
      () => true,
      () => new Promise<false>((resolve) => setTimeout(resolve, 50, false)),
    );
  }
  expect(found).toBe(true);
  await cluster.close();
});

it('is not opened again by what was under way when it was closed', async () => {
  await deployment.clusters.stop('shard-a');
  const cluster = new MongoDataCluster(
    { name: 'shard-a', uri: deployment.clusters.uriOf('shard-a') },
    { random: Math.random, connection: CONNECTION },
  );
  await expect(cluster.ping(Deadline.after(5_000, systemClock))).rejects.toThrow();
  await cluster.close();
  await deployment.clusters.restart('shard-a');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await expect(cluster.ping(Deadline.after(5_000, systemClock))).rejects.toThrow();
});
