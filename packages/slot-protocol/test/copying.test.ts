import { catchUp, copy, type ClusterRegistry, type SlotWriter } from '@marquee/slot-protocol';
import { newOperationId, startTestDeployment, type TestDeployment } from '@marquee/test-kit';
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

// A slot of its own for each test; its replica has left and is to be filled.
beforeEach(async () => {
  film = keyOf(deployment, 'a', tests);
  slot = slotOf(film);
  tests += 1;
  await changeFence(deployment, 'shard-a', slot, { pushTo: [] });
  await changeFence(deployment, 'replica-a', slot, { state: 'importing', edit: EDIT, epoch: 0 });
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
  keepRejected: true,
  deadline: soon(),
});

const interactions = (count: number, value: number) =>
  increment(film, {
    apply: async (transaction) => {
      for (let i = 0; i < count; i += 1) {
        transaction.put('user_interactions', { _id: `${film}:user${i}`, value });
      }
      return {};
    },
  });

const contents = async (cluster: string) => {
  const main = deployment.mongo(cluster).db('marquee');
  const documents = await Promise.all(
    ['movies', 'person', 'users', 'user_interactions'].map((name) =>
      main.collection(name).find({ slot }).sort({ _id: 1 }).toArray(),
    ),
  );
  return { documents, records: (await slotAt(deployment, cluster, slot)).records };
};

const insert = (cluster: string, collection: string, document: object) =>
  deployment.mongo(cluster).db('marquee').collection(collection).insertOne(document);

const insertRecord = (cluster: string, sequence: number, operationId: string) =>
  deployment
    .mongo(cluster)
    .db('marquee_slots')
    .collection<{ _id: object }>('records')
    .insertOne({
      _id: { slot, sequence },
      slot,
      epoch: 1,
      operationId,
      touched: [],
      result: {},
    } as never);

const rejectedOf = async () => {
  const found = await deployment
    .mongo('replica-a')
    .db('marquee_slots')
    .collection('rejected')
    .find({ slot })
    .toArray();
  return found.map(
    ({ document }) =>
      (document as { _id?: string; operationId?: string })._id ??
      (document as { operationId: string }).operationId,
  );
};

it('fills an empty cluster in pieces, and a catch-up makes it whole', async () => {
  await writer.write(increment(film));
  await writer.write(interactions(900, 1));
  const report = await copy(await request());
  expect(report).toMatchObject({ written: 903, rejected: 0, sequence: 2 });
  await writer.write(interactions(3, 2));
  expect(await catchUp(await request())).toBe('done');
  expect(await contents('replica-a')).toEqual(await contents('shard-a'));
  const { fence } = await slotAt(deployment, 'replica-a', slot);
  expect(fence).toMatchObject({ state: 'importing', sequence: 3, epoch: 1 });
});

it('takes back what a returned cluster has otherwise, however new, and keeps it for people', async () => {
  const shared = increment(film);
  await writer.write(shared);
  await writer.write(increment(film));
  await insert('replica-a', 'movies', {
    _id: film,
    slot,
    version: { epoch: 1, sequence: 9 },
    revision: 9,
    deleted: false,
    count: 99,
  });
  await insert('replica-a', 'user_interactions', { _id: `${film}:lost`, slot, deleted: false });
  await insertRecord('replica-a', 1, 'test/lost');
  await insertRecord('replica-a', 2, shared.operationId);
  await insertRecord('replica-a', 9, 'test/also-lost');
  const report = await copy(await request());
  expect(report).toMatchObject({ sequence: 2, rejected: 5 });
  expect(await contents('replica-a')).toEqual(await contents('shard-a'));
  expect((await rejectedOf()).sort()).toEqual(
    [film, `${film}:lost`, 'test/lost', shared.operationId, 'test/also-lost'].sort(),
  );
});

it('writes nothing where nothing differs', async () => {
  await writer.write(interactions(5, 1));
  await copy(await request());
  expect(await copy(await request())).toMatchObject({ written: 0, rejected: 0 });
});

it.each([
  ['the target follows already', 'replica-a', { state: 'follower' }],
  ['another operation has the target', 'replica-a', { edit: EDIT + 1 }],
  ['the source is sealed', 'shard-a', { state: 'sealed' }],
])('touches nothing if %s', async (_, cluster, change) => {
  await writer.write(increment(film));
  await changeFence(deployment, cluster, slot, change);
  expect(await copy(await request())).toBeUndefined();
  expect(await stored(deployment, 'replica-a', film)).toBeNull();
});

it('goes on while writers write, and loses nothing of it', async () => {
  await writer.write(interactions(1_000, 1));
  const copied = { yet: false };
  const writing = (async () => {
    let written = 0;
    while (!copied.yet) {
      await writer.write(increment(film, { operationId: newOperationId() }));
      written += 1;
    }
    return written;
  })();
  await copy(await request());
  copied.yet = true;
  expect(await writing).toBeGreaterThan(0);
  expect(await catchUp(await request())).toBe('done');
  expect(await contents('replica-a')).toEqual(await contents('shard-a'));
});
