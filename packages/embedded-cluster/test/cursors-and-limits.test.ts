import { type Collection, Long, type MongoClient } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';

interface Item {
  _id: number;
  n: number;
  text: string;
}

const COUNT = 20_000;

describe('cursors and limits', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  let items: Collection<Item>;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect();
    items = client.db('d').collection('items');
    for (let from = 0; from < COUNT; from += 5000) {
      await items.insertMany(
        Array.from({ length: 5000 }, (_, offset) => ({
          _id: from + offset,
          n: ((from + offset) * 7919) % COUNT,
          text: 'x'.repeat(50),
        })),
      );
    }
    await items.createIndex({ n: 1 });
  }, 60_000);
  afterAll(() => fixture.stop());

  const examined = async (explained: Promise<unknown>) =>
    ((await explained) as { executionStats: { totalDocsExamined: number } }).executionStats
      .totalDocsExamined;

  it('looks at no more than the page that an index puts in order', async () => {
    const page = items
      .find({ n: { $gte: 100 } })
      .sort({ n: 1 })
      .limit(20);
    expect(await examined(page.explain('executionStats'))).toBe(20);
    const last = items.find().sort({ n: -1 }).limit(20);
    expect(await examined(last.explain('executionStats'))).toBe(20);
    expect((await last.toArray()).map(({ n }) => n)).toEqual(
      Array.from({ length: 20 }, (_, at) => COUNT - 1 - at),
    );
  });

  it('yields every document once, batch by batch, in order', async () => {
    const seen: number[] = [];
    for await (const { n } of items.find().sort({ n: 1 }).batchSize(997)) seen.push(n);
    expect(seen).toEqual(Array.from({ length: COUNT }, (_, n) => n));
  });

  it('goes on between batches over what others have changed', async () => {
    const cursor = items
      .find({ _id: { $lt: 10 } })
      .sort({ _id: 1 })
      .batchSize(5);
    await cursor.next();
    await items.updateOne({ _id: 7 }, { $set: { text: 'changed' } });
    const rest = await cursor.toArray();
    expect(rest.map(({ _id }) => _id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rest[6]?.text).toBe('changed');
  });

  it('reads one moment with read concern snapshot, whatever happens between batches', async () => {
    await client.withSession({ snapshot: true }, async (session) => {
      const cursor = items
        .find({ _id: { $lt: 10 } }, { session })
        .sort({ _id: 1 })
        .batchSize(3);
      await cursor.next();
      await items.updateOne({ _id: 8 }, { $set: { text: 'after' } });
      expect((await cursor.toArray()).map(({ text }) => text)).not.toContain('after');
      expect((await items.findOne({ _id: 8 }, { session }))?.text).not.toBe('after');
    });
  });

  it('ends a long scan when maxTimeMS is over, and answers others meanwhile', async () => {
    const scan = items.find({ text: 'nowhere' }).maxTimeMS(1).toArray();
    await expect(scan).rejects.toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
    let answered = 0;
    const progress = { scanning: true };
    const slow = items
      .countDocuments({ text: 'nowhere' })
      .finally(() => (progress.scanning = false));
    while (progress.scanning) {
      await client.db('admin').command({ ping: 1 });
      answered++;
    }
    await slow;
    expect(answered).toBeGreaterThan(1);
  });

  it('fills a batch with no more than 16 MB, and loses nothing over it', async () => {
    const large = client.db('d').collection<{ _id: number; text: string }>('large');
    const text = 'x'.repeat(7_000_000);
    for (let _id = 0; _id < 5; _id++) await large.insertOne({ _id, text });
    const batches: number[] = [];
    const db = client.db('d');
    let { cursor } = (await db.command({ find: 'large', sort: { _id: 1 } })) as {
      cursor: { id: Long; firstBatch: unknown[] };
    };
    batches.push(cursor.firstBatch.length);
    while (!Long.fromValue(cursor.id).isZero()) {
      const more = (await db.command({
        getMore: Long.fromValue(cursor.id),
        collection: 'large',
      })) as { cursor: { id: Long; nextBatch: unknown[] } };
      batches.push(more.cursor.nextBatch.length);
      cursor = { id: more.cursor.id, firstBatch: [] };
    }
    expect(batches).toEqual([2, 2, 1]);
    await large.drop();
  });

  it('forgets a cursor that was killed, and says so', async () => {
    const db = client.db('d');
    const { cursor } = (await db.command({ find: 'items', batchSize: 2 })) as {
      cursor: { id: Long };
    };
    const id = Long.fromValue(cursor.id);
    expect(await db.command({ killCursors: 'items', cursors: [id] })).toMatchObject({
      cursorsKilled: [cursor.id],
    });
    await expect(db.command({ getMore: id, collection: 'items' })).rejects.toMatchObject({
      code: 43,
    });
  });

  it('names the index that answers, and the scan where none does', async () => {
    const winning = async (filter: object) => {
      const explained = (await items.find(filter).explain('queryPlanner')) as {
        queryPlanner: { winningPlan: { stage: string; inputStage?: { indexName: string } } };
      };
      const { stage, inputStage } = explained.queryPlanner.winningPlan;
      return inputStage?.indexName ?? stage;
    };
    expect(await winning({ n: 5 })).toBe('n_1');
    expect(await winning({ _id: { $in: [1, 2] } })).toBe('_id_');
    expect(await winning({ text: 'x' })).toBe('COLLSCAN');
  });
});
