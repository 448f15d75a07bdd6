import {
  ClusterUnreachable,
  Deadline,
  MongoDataCluster,
  systemClock,
} from '@marquee/slot-protocol';
import { ClusterProxy, startTestDeployment, type TestDeployment } from '@marquee/test-kit';

jest.setTimeout(60_000);

const SLOT = 7;
/** Far less than the minute after which a server ends a transaction by itself. */
const SOON_MS = 20_000;

let deployment: TestDeployment;
let proxy: ClusterProxy;
let behind: MongoDataCluster;
let direct: MongoDataCluster;

beforeAll(async () => {
  deployment = await startTestDeployment({ a: ['shard-a'] });
  const uri = deployment.clusters.uriOf('shard-a');
  proxy = await ClusterProxy.start(Number(new URL(uri).port));
  const options = { random: Math.random };
  behind = new MongoDataCluster({ name: 'behind', uri: proxy.uri }, options);
  direct = new MongoDataCluster({ name: 'direct', uri }, options);
}, 60_000);

afterAll(async () => {
  await behind.close();
  await direct.close();
  await proxy.close();
  await deployment.close();
});

const raise = (cluster: MongoDataCluster, beforeCommit?: () => void) =>
  cluster.transaction(
    async (transaction) => {
      await transaction.changeFence({ slot: SLOT, match: {}, change: { advanceBy: 1 } });
      beforeCommit?.();
      // Goes over the connection that is broken by now.
      if (beforeCommit) await transaction.fences([SLOT]);
    },
    Deadline.after(SOON_MS, systemClock),
  );

it('does not hold its slot when its connection is lost, even if no abort arrives', async () => {
  proxy.breakOn('abortTransaction');
  await expect(raise(behind, () => proxy.closeConnections())).rejects.toBeInstanceOf(
    ClusterUnreachable,
  );
  await raise(direct);
});
