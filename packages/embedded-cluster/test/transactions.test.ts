import { type Collection, type MongoClient, MongoServerError } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';

interface Item {
  _id: string;
  n: number;
}

describe('transactions', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  let items: Collection<Item>;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect();
    items = client.db('d').collection<Item>('items');
  });
  afterAll(() => fixture.stop());

  beforeEach(async () => {
    await items.deleteMany({});
    await items.insertMany([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
    ]);
  });

  const failure = async (work: Promise<unknown>): Promise<MongoServerError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(MongoServerError);
    return error as MongoServerError;
  };

  it('reads the moment at which it began, and its own writes', async () => {
    await client.withSession(async (session) => {
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      await items.findOne({ _id: 'a' }, { session });
      await items.updateOne({ _id: 'b' }, { $set: { n: 20 } });
      await items.insertOne({ _id: 'later', n: 0 });
      await items.insertOne({ _id: 'own', n: 3 }, { session });
      expect(await items.find({}, { session }).sort({ _id: 1 }).toArray()).toEqual([
        { _id: 'a', n: 1 },
        { _id: 'b', n: 2 },
        { _id: 'own', n: 3 },
      ]);
      expect(await items.findOne({ _id: 'own' })).toBeNull();
      await session.commitTransaction();
    });
    expect(await items.countDocuments({})).toBe(4);
  });

  it('leaves nothing behind when it is aborted', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      await items.insertOne({ _id: 'c', n: 3 }, { session });
      await items.deleteOne({ _id: 'a' }, { session });
      await session.abortTransaction();
    });
    expect((await items.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual([
      'a',
      'b',
    ]);
  });

  it('fails at once with WriteConflict where another transaction has written', async () => {
    const [one, other] = [client.startSession(), client.startSession()];
    one.startTransaction();
    other.startTransaction();
    await items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: one });
    const error = await failure(
      items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: other }),
    );
    expect([error.code, error.codeName]).toEqual([112, 'WriteConflict']);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await one.commitTransaction();
    const gone = await failure(items.findOne({ _id: 'a' }, { session: other }));
    expect(gone.code).toBe(251);
    await Promise.all([one.endSession(), other.endSession()]);
  });

  it('fails with WriteConflict where a write has happened since it began', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      await items.findOne({ _id: 'b' }, { session });
      await items.updateOne({ _id: 'a' }, { $inc: { n: 1 } });
      expect(
        (await failure(items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session }))).code,
      ).toBe(112);
      await session.abortTransaction();
    });
  });

  it('does not conflict by reading alone', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      await items.findOne({ _id: 'a' }, { session });
      await items.updateOne({ _id: 'a' }, { $inc: { n: 1 } });
      await items.updateOne({ _id: 'b' }, { $inc: { n: 1 } }, { session });
      await session.commitTransaction();
    });
    expect(await items.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 'a', n: 2 },
      { _id: 'b', n: 3 },
    ]);
  });

  it('does not conflict by an update that changes nothing', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      await items.findOne({ _id: 'a' }, { session });
      await items.updateOne({ _id: 'a' }, { $set: { n: 5 } });
      const { matchedCount, modifiedCount } = await items.updateOne(
        { _id: 'a' },
        { $set: { n: 1 } },
        { session },
      );
      expect([matchedCount, modifiedCount]).toEqual([1, 0]);
      await session.commitTransaction();
    });
    expect((await items.findOne({ _id: 'a' }))?.n).toBe(5);
  });

  it('makes a write outside of it wait until it ends', async () => {
    const session = client.startSession();
    session.startTransaction();
    await items.updateOne({ _id: 'a' }, { $set: { n: 10 } }, { session });
    let finished = false;
    const outside = items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }).then(() => {
      finished = true;
    });
    await items.updateOne({ _id: 'b' }, { $inc: { n: 1 } });
    expect(finished).toBe(false);
    await session.commitTransaction();
    await outside;
    expect((await items.findOne({ _id: 'a' }))?.n).toBe(11);
    await session.endSession();
  });

  it('makes a write outside of it wait no longer than maxTimeMS', async () => {
    const session = client.startSession();
    session.startTransaction();
    await items.insertOne({ _id: 'held', n: 0 }, { session });
    const command = { insert: 'items', documents: [{ _id: 'held', n: 1 }], maxTimeMS: 50 };
    const error = await failure(client.db('d').command(command));
    expect([error.code, error.codeName]).toEqual([50, 'MaxTimeMSExpired']);
    await session.abortTransaction();
    await session.endSession();
  });

  it('refuses a duplicate, and is over', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      expect((await failure(items.insertOne({ _id: 'a', n: 0 }, { session }))).code).toBe(11000);
      expect((await failure(items.findOne({}, { session }))).code).toBe(251);
      await session.abortTransaction();
    });
  });

  it('spans databases and makes collections', async () => {
    const other = client.db('bookkeeping').collection<Item>('records');
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session });
        await other.insertOne({ _id: 'r', n: 1 }, { session });
      }),
    );
    expect(await other.countDocuments({})).toBe(1);
    await client.withSession(async (session) => {
      session.startTransaction();
      await client
        .db('bookkeeping')
        .collection<Item>('never')
        .insertOne({ _id: 'x', n: 1 }, { session });
      await session.abortTransaction();
    });
    expect(
      (await client.db('bookkeeping').listCollections().toArray()).map(({ name }) => name),
    ).toEqual(['records']);
  });

  it('answers a repeated commit, also after a restart', async () => {
    const session = client.startSession();
    session.startTransaction();
    await items.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session });
    await session.commitTransaction();
    await session.commitTransaction();
    await fixture.restart();
    await session.commitTransaction();
    expect((await items.findOne({ _id: 'a' }))?.n).toBe(2);
    await session.endSession();
  });

  it('refuses what MongoDB does not run in one', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      const error = await failure(client.db('d').command({ count: 'items' }, { session }));
      expect([error.code, error.codeName]).toEqual([263, 'OperationNotSupportedInTransaction']);
      await session.abortTransaction();
    });
  });
});
