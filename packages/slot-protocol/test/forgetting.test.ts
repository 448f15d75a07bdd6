import { purgeOperation, type ClusterRegistry, type SlotWriter } from '@marquee/slot-protocol';
import { newOperationId, startTestDeployment, type TestDeployment } from '@marquee/test-kit';
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

const OLD_MS = Date.UTC(2024, 0, 1);
const BETWEEN = newOperationId('x', Date.UTC(2024, 5, 1)).slice(2);

let deployment: TestDeployment;
let writer: SlotWriter;
let clusters: ClusterRegistry;
let film: string;
let tests = 0;

beforeAll(async () => {
  deployment = await startTestDeployment({ a: ['shard-a', 'replica-a'] });
  ({ writer, clusters } = createTestWriter(deployment));
}, 60_000);

beforeEach(() => {
  film = keyOf(deployment, 'a', tests);
  tests += 1;
});

afterAll(async () => {
  await clusters.close();
  await deployment.close();
});

const old = (change: { deleted: boolean; interaction?: boolean }) =>
  increment(film, {
    operationId: newOperationId('test', OLD_MS),
    apply: async (slot) => {
      slot.put('movies', { _id: film, deleted: change.deleted });
      if (change.interaction) slot.put('user_interactions', { _id: `${film}:alice` });
      return { old: true };
    },
  });

const purge = () =>
  writer.write(
    purgeOperation({ slotKey: film, operationId: newOperationId('purge'), idsBefore: BETWEEN }),
  );

const both = async <T>(look: (cluster: string) => Promise<T>): Promise<T> => {
  const [owner, replica] = await Promise.all(['shard-a', 'replica-a'].map(look));
  expect(replica).toEqual(owner);
  return owner!;
};

it('drops old records and old tombstones, in every cluster, as an operation with a number', async () => {
  await writer.write(old({ deleted: false, interaction: true }));
  await writer.write(old({ deleted: true }));
  expect(await purge()).toEqual({ records: 2, documents: 2, more: false });
  expect(await both((cluster) => stored(deployment, cluster, film))).toBeNull();
  expect(
    await both((cluster) => stored(deployment, cluster, `${film}:alice`, 'user_interactions')),
  ).toBeNull();
  const records = await both(
    async (cluster) => (await slotAt(deployment, cluster, slotOf(film))).records,
  );
  expect(records).toHaveLength(1);
  for (const cluster of ['shard-a', 'replica-a']) {
    expect((await slotAt(deployment, cluster, slotOf(film))).fence).toMatchObject({
      sequence: 3,
      purgedThrough: 2,
      refuseIdsBefore: BETWEEN,
    });
  }
});

it('refuses afterwards what it can no longer recognise, so nothing deleted comes back', async () => {
  const creation = old({ deleted: false });
  await writer.write(creation);
  await writer.write(old({ deleted: true }));
  await purge();
  await expect(writer.write(creation)).rejects.toMatchObject({ code: 'OPERATION_ID_EXPIRED' });
  expect(await both((cluster) => stored(deployment, cluster, film))).toBeNull();
});

it('keeps what is not old, and what came behind it', async () => {
  await writer.write(old({ deleted: false }));
  const recent = increment(film);
  await writer.write(recent);
  await writer.write(old({ deleted: true }));
  expect(await purge()).toEqual({ records: 1, documents: 0, more: false });
  expect(await writer.write(recent)).toEqual({ count: 1 });
  expect(await both((cluster) => stored(deployment, cluster, film))).toMatchObject({
    deleted: true,
  });
});

it('keeps documents that live, however old', async () => {
  await writer.write(old({ deleted: false, interaction: true }));
  expect(await purge()).toEqual({ records: 1, documents: 0, more: false });
  expect(await both((cluster) => stored(deployment, cluster, film))).toMatchObject({
    deleted: false,
  });
});

it('keeps the tombstones of users: a handle is never given out again', async () => {
  await writer.write(
    increment(film, {
      operationId: newOperationId('test', OLD_MS),
      apply: async (slot) => {
        slot.put('users', { _id: film, deleted: true });
        return {};
      },
    }),
  );
  expect(await purge()).toEqual({ records: 1, documents: 0, more: false });
  expect(await both((cluster) => stored(deployment, cluster, film, 'users'))).toMatchObject({
    deleted: true,
  });
});

it('reaches a follower that was behind by way of a catch-up', async () => {
  await writer.write(old({ deleted: false }));
  await changeFence(deployment, 'shard-a', slotOf(film), { pushTo: [] });
  await writer.write(old({ deleted: true }));
  await changeFence(deployment, 'shard-a', slotOf(film), { purgedThrough: 0 });
  await writer.write(increment(film, { apply: async () => ({}) }));
  await changeFence(deployment, 'shard-a', slotOf(film), { pushTo: ['replica-a'] });
  // The follower needs the second record, which this purge must therefore leave to a copy.
  await expect(
    writer.write(
      purgeOperation({ slotKey: film, operationId: newOperationId('purge'), idsBefore: BETWEEN }),
      { deadlineMs: 1_500 },
    ),
  ).rejects.toMatchObject({ code: 'WRITE_OUTCOME_UNKNOWN' });
  expect((await slotAt(deployment, 'replica-a', slotOf(film))).fence.sequence).toBe(1);
});
