import { type ClientSession, type Collection, type Document, Long } from 'mongodb';
import { expectCode, expectWriteError, expectTyped, stored } from './expectations.ts';
import { AS_STORED, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase({ retryWrites: false });

describe('retryable writes', () => {
  let collection: Collection<Document>;
  let session: ClientSession;
  /** The driver uses a session again, and its numbers only grow. */
  let lastNumber = 0;

  /** Sends a command with its own transaction number, as a driver does that tries again. */
  const send = async (command: Document, txnNumber: number): Promise<Document> => {
    const {
      ok: _ok,
      $clusterTime: _time,
      operationTime: _at,
      electionId: _election,
      opTime: _opTime,
      ...reply
    } = await scratch.db.command(
      { ...command, txnNumber: Long.fromNumber(lastNumber + txnNumber) },
      { ...AS_STORED, session },
    );
    return reply;
  };

  beforeEach(async () => {
    collection = await scratch.collection([{ _id: 1 as never, n: 0 }]);
    session = scratch.client.startSession();
  });

  afterEach(async () => {
    lastNumber += 100;
    await session.endSession();
  });

  const update = (inc: number): Document => ({
    update: collection.collectionName,
    updates: [{ q: { _id: 1 }, u: { $inc: { n: inc } } }],
  });

  it('are done once, however often they are sent', async () => {
    const first = await send(update(1), 1);
    const again = await send(update(1), 1);
    expectTyped([again.n, again.nModified], [first.n, first.nModified]);
    expectTyped(await stored(collection), [{ _id: 1, n: 1 }]);
    await send(update(1), 2);
    expectTyped(await stored(collection), [{ _id: 1, n: 2 }]);
  });

  it('answer an insert and a delete as at first', async () => {
    const insert = { insert: collection.collectionName, documents: [{ _id: 5 }, { _id: 6 }] };
    expectTyped([(await send(insert, 1)).n, (await send(insert, 1)).n], [2, 2]);
    const remove = { delete: collection.collectionName, deletes: [{ q: { _id: 5 }, limit: 1 }] };
    expectTyped([(await send(remove, 2)).n, (await send(remove, 2)).n], [1, 1]);
    expect(await collection.countDocuments()).toBe(2);
  });

  it('answer an upsert as at first', async () => {
    const upsert = {
      update: collection.collectionName,
      updates: [{ q: { _id: 9 }, u: { $inc: { n: 1 } }, upsert: true }],
    };
    const first = await send(upsert, 1);
    expectTyped((await send(upsert, 1)).upserted, first.upserted);
    expectTyped((await stored(collection))[1], { _id: 9, n: 1 });
  });

  it('answer findAndModify with the same document', async () => {
    const modify = {
      findAndModify: collection.collectionName,
      query: { _id: 1 },
      update: { $inc: { n: 1 } },
      new: true,
    };
    const first = await send(modify, 1);
    const again = await send(modify, 1);
    expectTyped([again.value, again.lastErrorObject], [first.value, first.lastErrorObject]);
    expectTyped(first.value, { _id: 1, n: 1 });
    const remove = { findAndModify: collection.collectionName, query: { _id: 1 }, remove: true };
    expectTyped((await send(remove, 2)).value, { _id: 1, n: 1 });
    expectTyped((await send(remove, 2)).value, { _id: 1, n: 1 });
  });

  it('refuse a number that the session has passed', async () => {
    await send(update(1), 5);
    await expectCode(send(update(1), 4), 225);
    expectTyped(await stored(collection), [{ _id: 1, n: 1 }]);
  });

  it('are not possible for writes of many documents', async () => {
    await expectWriteError(
      send({ delete: collection.collectionName, deletes: [{ q: {}, limit: 0 }] }, 1),
      72,
    );
    await expectWriteError(
      send(
        {
          update: collection.collectionName,
          updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }],
        },
        2,
      ),
      72,
    );
  });

  it('go on where a bulk stopped', async () => {
    const insert = (ids: number[]): Document => ({
      insert: collection.collectionName,
      documents: ids.map((_id) => ({ _id })),
      ordered: false,
    });
    const first = await send(insert([7, 1, 8]), 1);
    expectTyped(first.n, 2);
    const again = await send(insert([7, 1, 8]), 1);
    expectTyped(again.n, 2);
    expect((again.writeErrors as unknown[]).length).toBe(1);
    expect(await collection.countDocuments()).toBe(3);
  });
});
