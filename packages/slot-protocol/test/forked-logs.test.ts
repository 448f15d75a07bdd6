import { catchUp, type ClusterRegistry, type SlotWriter } from '@marquee/slot-protocol';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import type { Document } from 'mongodb';
import {
  changeFence,
  createTestWriter,
  increment,
  keyOf,
  slotAt,
  soon,
  stored,
} from './write-harness.ts';

jest.setTimeout(30_000);

// An owner that is restored from a backup gives out numbers a second time. What its followers have under
// them was acknowledged, so nothing of the second log may reach them, or be acknowledged.

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

const write = async (times: number): Promise<void> => {
  for (let i = 0; i < times; i += 1) await writer.write(increment(film));
};

/** The owner's slot as it is now, to be restored later. */
const backUp = async (): Promise<() => Promise<void>> => {
  const slot = slotOf(film);
  const { fence, records } = await slotAt(deployment, 'shard-a', slot);
  const document = await stored(deployment, 'shard-a', film);
  return async () => {
    const mongo = deployment.mongo('shard-a');
    const slots = mongo.db('marquee_slots');
    const majority = { writeConcern: { w: 'majority' } } as const;
    await slots.collection('records').deleteMany({ slot }, majority);
    if (records.length > 0) await slots.collection('records').insertMany(records, majority);
    await slots.collection<Document>('fences').replaceOne({ _id: slot as never }, fence, majority);
    await mongo
      .db('marquee')
      .collection<Document>('movies')
      .replaceOne({ _id: film as never }, document as Document, majority);
  };
};

const writeForked = () => expect(writer.write(increment(film), { deadlineMs: 600 })).rejects;

const replica = async () => ({
  ...(await slotAt(deployment, 'replica-a', slotOf(film))),
  document: await stored(deployment, 'replica-a', film),
});

const catchUpReplica = async () =>
  catchUp({
    slot: slotOf(film),
    source: await clusters.get('shard-a'),
    target: await clusters.get('replica-a'),
    deadline: soon(),
  });

it('acknowledges nothing that a restored owner numbers again, and leaves its follower as it is', async () => {
  await write(2);
  const restore = await backUp();
  await write(2);
  const before = await replica();
  await restore();
  // Under numbers that the follower has, under the first one behind them, and beyond.
  for (let i = 0; i < 4; i += 1) {
    await writeForked().toMatchObject({ code: 'WRITE_OUTCOME_UNKNOWN' });
  }
  expect((await slotAt(deployment, 'shard-a', slotOf(film))).fence.sequence).toBe(6);
  expect(await replica()).toEqual(before);
});

it('acknowledges nothing in bulk either', async () => {
  await write(1);
  const restore = await backUp();
  await write(1);
  const before = await replica();
  await restore();
  await changeFence(deployment, 'shard-a', slotOf(film), { pushTo: [] });
  await write(1);
  await changeFence(deployment, 'shard-a', slotOf(film), { pushTo: ['replica-a'] });
  const other = keyOf(deployment, 'a', 900);
  const outcomes = await writer.writeMany([increment(film), increment(other)], {
    deadlineMs: 1_500,
  });
  expect(outcomes).toMatchObject([
    { refusal: { code: 'WRITE_OUTCOME_UNKNOWN' } },
    { result: { count: 1 } },
  ]);
  expect(await replica()).toEqual(before);
});

describe('a catch-up', () => {
  it.each([
    ['has fewer operations than the follower', 0],
    ['has as many, but others', 2],
    ['has more, on top of others', 3],
  ])('takes nothing from an owner that %s', async (_, times) => {
    await write(2);
    const restore = await backUp();
    await write(2);
    const before = await replica();
    await restore();
    await changeFence(deployment, 'shard-a', slotOf(film), { pushTo: [] });
    await write(times);
    expect(await catchUpReplica()).toBe('forked');
    expect(await replica()).toEqual(before);
  });
});

it('does not tell that an operation is done whose number its follower has purged', async () => {
  const operation = increment(film);
  await writer.write(operation);
  await write(1);
  const slot = slotOf(film);
  await changeFence(deployment, 'replica-a', slot, { purgedThrough: 1 });
  await deployment
    .mongo('replica-a')
    .db('marquee_slots')
    .collection<Document>('records')
    .deleteOne({ _id: { slot, sequence: 1 } as never });
  await expect(writer.write(operation, { deadlineMs: 600 })).rejects.toMatchObject({
    code: 'WRITE_OUTCOME_UNKNOWN',
  });
});

it('goes on where fences are from before their transactions were noted', async () => {
  await write(1);
  const unset = (cluster: string) =>
    deployment
      .mongo(cluster)
      .db('marquee_slots')
      .collection<Document>('fences')
      .updateOne({ _id: slotOf(film) as never }, { $unset: { lastTransaction: 1, touched: 1 } });
  await Promise.all(['shard-a', 'replica-a'].map(unset));
  await write(2);
  expect((await replica()).document).toMatchObject({ count: 3 });
});
