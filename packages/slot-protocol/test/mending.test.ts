import { mendFollower, type ClusterRegistry, type SlotWriter } from '@marquee/slot-protocol';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
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

const EDIT = 5;

let deployment: TestDeployment;
let writer: SlotWriter;
let clusters: ClusterRegistry;
let film: string;
let slot: number;
let tests = 0;

beforeAll(async () => {
  deployment = await startTestDeployment({ a: ['shard-a', 'replica-a'] });
  ({ writer, clusters } = createTestWriter(deployment));
}, 60_000);

beforeEach(() => {
  film = keyOf(deployment, 'a', tests);
  slot = slotOf(film);
  tests += 1;
});

afterAll(async () => {
  await clusters.close();
  await deployment.close();
});

const request = async (edit = EDIT) => ({
  slot,
  source: await clusters.get('shard-a'),
  target: await clusters.get('replica-a'),
  edit,
  deadline: soon(),
});

const at = (cluster: string) => deployment.mongo(cluster).db('marquee');

const rejectedOf = async () =>
  deployment.mongo('replica-a').db('marquee_slots').collection('rejected').find({ slot }).toArray();

it('makes a follower what the owner is, keeps what it replaces, and writes go on', async () => {
  await writer.write(increment(film));
  const movies = at('replica-a').collection<{ _id: string }>('movies');
  await movies.updateOne({ _id: film }, { $set: { count: 99 } });
  await movies.insertOne({ _id: `${film}-stranger`, slot, deleted: false } as never);
  const result = await mendFollower(await request());
  expect(result).toEqual({ status: 'mended', written: 1, rejected: 2 });
  expect(await stored(deployment, 'replica-a', film)).toEqual(
    await stored(deployment, 'shard-a', film),
  );
  expect(await stored(deployment, 'replica-a', `${film}-stranger`)).toBeNull();
  const kept = (await rejectedOf()).map(({ document }) => document as { count?: number });
  expect(kept.map(({ count }) => count)).toEqual(expect.arrayContaining([99, undefined]));
  expect((await slotAt(deployment, 'replica-a', slot)).fence).toMatchObject({
    state: 'follower',
    sequence: 1,
    edit: EDIT,
  });
  expect(await writer.write(increment(film))).toEqual({ count: 2 });
});

it('brings what the follower lacks as well', async () => {
  await writer.write(increment(film));
  await changeFence(deployment, 'replica-a', slot, { sequence: 0 });
  await at('replica-a').collection<{ _id: string }>('movies').deleteOne({ _id: film });
  expect(await mendFollower(await request())).toMatchObject({ status: 'mended', rejected: 0 });
  expect(await stored(deployment, 'replica-a', film)).not.toBeNull();
});

it('writes nothing where nothing differs', async () => {
  await writer.write(increment(film));
  const result = await mendFollower(await request());
  expect(result).toEqual({ status: 'mended', written: 0, rejected: 0 });
});

it.each([
  ['the follower has another epoch', 'replica-a', { epoch: 2 }],
  ['the follower imports', 'replica-a', { state: 'importing' }],
  ['the follower is ahead of the owner', 'replica-a', { sequence: 7 }],
  ['another leader has been there', 'replica-a', { edit: EDIT + 1 }],
  ['the owner is sealed', 'shard-a', { state: 'sealed' }],
])('touches nothing if %s', async (_, cluster, change) => {
  await writer.write(increment(film));
  await at('replica-a')
    .collection<{ _id: string }>('movies')
    .updateOne({ _id: film }, { $set: { count: 99 } });
  await changeFence(deployment, cluster, slot, change);
  expect(await mendFollower(await request())).toEqual({ status: 'changed' });
  expect(await stored(deployment, 'replica-a', film)).toMatchObject({ count: 99 });
});

it('leaves a follower that differs too much for one transaction as it is', async () => {
  await writer.write(increment(film));
  const strangers = Array.from({ length: 2_001 }, (_, i) => ({ _id: `${film}-${i}`, slot }));
  await at('replica-a')
    .collection('users')
    .insertMany(strangers as never);
  expect(await mendFollower(await request())).toEqual({ status: 'copy' });
  expect(await at('replica-a').collection('users').countDocuments({ slot })).toBe(2_001);
});
