import { type ClusterRegistry, type SlotWriter } from '@marquee/slot-protocol';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import {
  changeFence,
  createTestWriter,
  increment,
  keyOf,
  slotAt,
  stored,
} from './write-harness.ts';

jest.setTimeout(30_000);

// Newer software may have given fences a meaning that this one does not know.

let deployment: TestDeployment;
let writer: SlotWriter;
let clusters: ClusterRegistry;
let film: string;
let tests = 0;

beforeAll(async () => {
  deployment = await startTestDeployment({ a: ['shard-a', 'replica-a'] });
  ({ writer, clusters } = createTestWriter(deployment));
}, 60_000);

beforeEach(async () => {
  film = keyOf(deployment, 'a', tests);
  tests += 1;
  await writer.write(increment(film));
});

afterAll(async () => {
  await clusters.close();
  await deployment.close();
});

const at = async (cluster: string) => ({
  ...(await slotAt(deployment, cluster, slotOf(film))),
  document: await stored(deployment, cluster, film),
});

it('writes nothing at an owner whose fence follows another protocol, and says why', async () => {
  await changeFence(deployment, 'shard-a', slotOf(film), { protocol: 2 });
  const before = await at('shard-a');
  await expect(writer.write(increment(film))).rejects.toMatchObject({
    code: 'PROTOCOL_UNSUPPORTED',
  });
  const other = keyOf(deployment, 'a', 800);
  expect(await writer.writeMany([increment(film), increment(other)])).toMatchObject([
    { refusal: { code: 'WRITE_OUTCOME_UNKNOWN' } },
    { result: { count: 1 } },
  ]);
  expect(await at('shard-a')).toEqual(before);
});

it('acknowledges nothing that such a follower should have, and leaves it as it is', async () => {
  await changeFence(deployment, 'replica-a', slotOf(film), { protocol: 2 });
  const before = await at('replica-a');
  await expect(writer.write(increment(film), { deadlineMs: 600 })).rejects.toMatchObject({
    code: 'WRITE_OUTCOME_UNKNOWN',
  });
  expect(await at('replica-a')).toEqual(before);
});
