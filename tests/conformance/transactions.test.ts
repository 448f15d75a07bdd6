import {
  type ClientSession,
  type Collection,
  type Document,
  MongoServerError,
  ReadPreference,
} from 'mongodb';
import { expectCode, serverError } from './expectations.ts';
import { useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

const SNAPSHOT = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } } as const;

describe('transactions', () => {
  let collection: Collection<Document>;
  let one: ClientSession;
  let other: ClientSession;

  beforeEach(async () => {
    collection = await scratch.collection([
      { _id: 1 as never, n: 0 },
      { _id: 2 as never, n: 0 },
    ]);
    one = scratch.client.startSession();
    other = scratch.client.startSession();
  });

  afterEach(async () => {
    await one.endSession();
    await other.endSession();
  });

  const n = async (id: number, session?: ClientSession): Promise<unknown> =>
    (await collection.findOne({ _id: id as never }, session ? { session } : {}))?.n as unknown;

  const increment = (id: number, session?: ClientSession): Promise<unknown> =>
    collection.updateOne({ _id: id as never }, { $inc: { n: 1 } }, session ? { session } : {});

  it('show what they wrote to themselves, and to others only after the commit', async () => {
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    await collection.insertOne({ _id: 3 as never, n: 9 }, { session: one });
    expect(await n(1, one)).toBe(1);
    expect(await n(1)).toBe(0);
    expect(await n(3)).toBeUndefined();
    await one.commitTransaction();
    expect([await n(1), await n(3)]).toEqual([1, 9]);
  });

  it('leave nothing behind when aborted', async () => {
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    await collection.deleteOne({ _id: 2 as never }, { session: one });
    await one.abortTransaction();
    expect([await n(1), await n(2)]).toEqual([0, 0]);
    await increment(1);
    expect(await n(1)).toBe(1);
  });

  it('read from one moment', async () => {
    one.startTransaction(SNAPSHOT);
    expect(await n(1, one)).toBe(0);
    await increment(1);
    await increment(2);
    await collection.insertOne({ _id: 3 as never, n: 0 });
    await collection.createIndex({ n: 1 }).catch(() => undefined);
    expect([await n(1, one), await n(2, one)]).toEqual([0, 0]);
    expect(await collection.find({}, { session: one }).toArray()).toHaveLength(2);
    await one.commitTransaction();
    expect(await n(1)).toBe(1);
  });

  it('end with a write conflict where another transaction wrote first', async () => {
    one.startTransaction(SNAPSHOT);
    other.startTransaction(SNAPSHOT);
    await increment(1, one);
    const error = await expectCode(increment(1, other), 112);
    expect(error.codeName).toBe('WriteConflict');
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await other.abortTransaction();
    await one.commitTransaction();
    expect(await n(1)).toBe(1);
  });

  it('end with a write conflict where the document changed after their snapshot', async () => {
    one.startTransaction(SNAPSHOT);
    expect(await n(2, one)).toBe(0);
    await increment(1);
    const error = await expectCode(increment(1, one), 112);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await one.abortTransaction();
    expect(await n(1)).toBe(1);
  });

  it('make other writers wait or conflict, and lose no update', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const session = scratch.client.startSession();
        await session.withTransaction(async () => {
          const now = (await n(1, session)) as number;
          await collection.updateOne({ _id: 1 as never }, { $set: { n: now + 1 } }, { session });
        }, SNAPSHOT);
        await session.endSession();
      }),
    );
    expect(await n(1)).toBe(8);
  });

  it('let writes that touch different documents commit side by side', async () => {
    one.startTransaction(SNAPSHOT);
    other.startTransaction(SNAPSHOT);
    await increment(1, one);
    await increment(2, other);
    await one.commitTransaction();
    await other.commitTransaction();
    expect([await n(1), await n(2)]).toEqual([1, 1]);
  });

  it('refuse a duplicate key and are over then', async () => {
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    await expectCode(collection.insertOne({ _id: 2 as never }, { session: one }), 11000);
    await expectCode(increment(2, one), 251);
    await one.abortTransaction();
    expect(await n(1)).toBe(0);
  });

  it('span collections and databases', async () => {
    const elsewhere = scratch.client.db(`${scratch.db.databaseName}_b`).collection('records');
    await elsewhere.insertOne({ _id: 1 as never, n: 0 });
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    await elsewhere.updateOne({}, { $inc: { n: 1 } }, { session: one });
    await one.abortTransaction();
    expect((await elsewhere.findOne({}))?.n).toBe(0);
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    await elsewhere.updateOne({}, { $inc: { n: 1 } }, { session: one });
    await one.commitTransaction();
    expect([await n(1), (await elsewhere.findOne({}))?.n]).toEqual([1, 1]);
    await scratch.client.db(`${scratch.db.databaseName}_b`).dropDatabase();
  });

  it('take bulk writes, findAndModify, aggregates, distinct and cursors', async () => {
    one.startTransaction(SNAPSHOT);
    const session = one;
    await collection.bulkWrite(
      [
        { insertOne: { document: { _id: 3 as never, n: 5 } } },
        { updateMany: { filter: {}, update: { $inc: { n: 1 } } } },
      ],
      { session },
    );
    const taken = await collection.findOneAndUpdate(
      { _id: 3 as never },
      { $inc: { n: 1 } },
      { session, returnDocument: 'after' },
    );
    expect(taken?.n).toBe(7);
    expect(await collection.countDocuments({ n: { $gte: 1 } }, { session })).toBe(3);
    expect((await collection.distinct('n', {}, { session })).toSorted()).toEqual([1, 7]);
    const cursor = collection.find({}, { session, batchSize: 2, sort: { _id: 1 } });
    expect((await cursor.toArray()).map(({ _id }) => Number(_id))).toEqual([1, 2, 3]);
    await one.abortTransaction();
    expect(await collection.countDocuments()).toBe(2);
  });

  it('make a collection with their first insert', async () => {
    const fresh = scratch.db.collection('made_in_transaction');
    one.startTransaction(SNAPSHOT);
    await fresh.insertOne({ _id: 1 as never }, { session: one });
    await one.commitTransaction();
    expect(await fresh.countDocuments()).toBe(1);
  });

  it('are gone once aborted or committed', async () => {
    const command = (document: Document, session: ClientSession): Promise<Document> =>
      scratch.client.db('admin').command(document, { session });
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    await one.commitTransaction();
    // Committing again is answered again.
    await one.commitTransaction();
    expect(await n(1)).toBe(1);
    const lsid = other.id;
    const unknown = await serverError(
      scratch.client
        .db('admin')
        .command({ commitTransaction: 1, lsid, txnNumber: 77, autocommit: false }),
    ).catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(Error);
    expect(command).toBeDefined();
  });

  it('refuse commands that cannot run in them', async () => {
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    const error = await expectCode(
      scratch.db.command(
        { count: collection.collectionName },
        { session: one, readPreference: ReadPreference.primary },
      ),
      263,
    );
    expect(error.codeName).toBe('OperationNotSupportedInTransaction');
    await one.abortTransaction();
  });

  it('roll back by withTransaction when the callback fails', async () => {
    await expect(
      one.withTransaction(async () => {
        await increment(1, one);
        throw new Error('no');
      }, SNAPSHOT),
    ).rejects.toThrow('no');
    expect(await n(1)).toBe(0);
  });

  it('report label and code as a server error', async () => {
    one.startTransaction(SNAPSHOT);
    await increment(1, one);
    const blocked = increment(1);
    const settled = await Promise.race([
      blocked.then(
        () => 'written',
        () => 'refused',
      ),
      new Promise((resolve) => setTimeout(resolve, 200, 'waits')),
    ]);
    // A write outside waits for the transaction to end.
    expect(settled).toBe('waits');
    await one.commitTransaction();
    await blocked;
    expect(await n(1)).toBe(2);
    expect(MongoServerError).toBeDefined();
  });
});
