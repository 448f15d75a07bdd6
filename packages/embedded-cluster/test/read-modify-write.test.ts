import type { Collection, MongoClient } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';

interface Counter {
  _id: number;
  n: number;
}

const ROUNDS = 3;
const TRANSACTIONS = 10;
const PLAIN = 20;

jest.setTimeout(60_000);

describe('concurrent read-modify-write', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  let counters: Collection<Counter>;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect({ maxPoolSize: 60 });
    counters = client.db('d').collection<Counter>('counters');
  });
  afterAll(() => fixture.stop());

  beforeEach(async () => {
    await counters.deleteMany({});
    await counters.insertOne({ _id: 1, n: 0 });
  });

  const addInTransaction = () =>
    client.withSession((session) =>
      session.withTransaction(async () => {
        const read = await counters.findOne({ _id: 1 }, { session });
        await counters.updateOne({ _id: 1 }, { $set: { n: (read?.n ?? NaN) + 1 } }, { session });
      }),
    );

  const total = async () => (await counters.findOne({ _id: 1 }))?.n;

  it('loses no update between transactions that read and then write, and plain increments', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      await Promise.all([
        ...Array.from({ length: TRANSACTIONS }, addInTransaction),
        ...Array.from({ length: PLAIN }, () => counters.updateOne({ _id: 1 }, { $inc: { n: 1 } })),
      ]);
      expect(await total()).toBe(round * (TRANSACTIONS + PLAIN));
    }
  });

  it('loses no increment among plain writers', async () => {
    await Promise.all(
      Array.from({ length: 500 }, () => counters.updateOne({ _id: 1 }, { $inc: { n: 1 } })),
    );
    expect(await total()).toBe(500);
  });

  it('lets exactly one of many compare-and-set writers win each step', async () => {
    let won = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let attempt = 0; attempt < 20; attempt++) {
          const read = await counters.findOne({ _id: 1 });
          const n = read?.n ?? NaN;
          const { modifiedCount } = await counters.updateOne({ _id: 1, n }, { $set: { n: n + 1 } });
          won += modifiedCount;
        }
      }),
    );
    expect(await total()).toBe(won);
  });

  it('hands each queued document to one taker only', async () => {
    const queue = client.db('d').collection<{ _id: number; state: string }>('queue');
    await queue.insertMany(Array.from({ length: 100 }, (_, _id) => ({ _id, state: 'new' })));
    const taken = await Promise.all(
      Array.from({ length: 120 }, () =>
        queue.findOneAndUpdate(
          { state: 'new' },
          { $set: { state: 'taken' } },
          { sort: { _id: 1 } },
        ),
      ),
    );
    const ids = taken.flatMap((document) => (document ? [document._id] : []));
    expect(new Set(ids).size).toBe(100);
    expect(ids).toHaveLength(100);
  });

  it('makes one document when many upsert the same unique key', async () => {
    const users = client.db('d').collection<{ handle: string; visits: number }>('users');
    await users.createIndex({ handle: 1 }, { unique: true }, {});
    await Promise.all(
      Array.from({ length: 50 }, () =>
        users.updateOne({ handle: 'neo' }, { $inc: { visits: 1 } }, { upsert: true }),
      ),
    );
    expect(await users.find({}, { projection: { _id: 0 } }).toArray()).toEqual([
      { handle: 'neo', visits: 50 },
    ]);
  });

  it('keeps a sum that transactions move between two documents', async () => {
    const accounts = client.db('d').collection<{ _id: string; balance: number }>('accounts');
    await accounts.insertMany([
      { _id: 'a', balance: 1000 },
      { _id: 'b', balance: 1000 },
    ]);
    const sums = new Set<number>();
    const move = (from: string, to: string) =>
      client.withSession((session) =>
        session.withTransaction(async () => {
          const read = await accounts.find({}, { session }).toArray();
          sums.add(read.reduce((sum, { balance }) => sum + balance, 0));
          await accounts.updateOne({ _id: from }, { $inc: { balance: -1 } }, { session });
          await accounts.updateOne({ _id: to }, { $inc: { balance: 1 } }, { session });
        }),
      );
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? move('a', 'b') : move('b', 'a'))),
    );
    const [a, b] = await accounts.find().sort({ _id: 1 }).toArray();
    expect([a?.balance, b?.balance]).toEqual([1000, 1000]);
    expect([...sums]).toEqual([2000]);
  });
});
