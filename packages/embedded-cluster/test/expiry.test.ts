import { setTimeout as delay } from 'node:timers/promises';
import { MongoServerError } from 'mongodb';
import { CURSOR_TIMEOUT_MS } from '../src/cursors/cursor-registry.ts';
import { TRANSACTION_LIFETIME_MS } from '../src/sessions/session-registry.ts';
import { ClusterFixture } from './cluster-fixture.ts';

describe('what nobody ends', () => {
  let aheadMs = 0;
  const fixture = new ClusterFixture({ nowMs: () => Date.now() + aheadMs });

  beforeAll(() => fixture.start());
  afterAll(() => fixture.stop());

  it('is aborted, when it is a transaction older than the limit, and no longer in the way', async () => {
    const client = await fixture.connect();
    const items = client.db('d').collection<{ _id: string; n: number }>('items');
    await items.insertOne({ _id: 'a', n: 1 });
    await client.withSession(async (forgotten) => {
      forgotten.startTransaction();
      await items.updateOne({ _id: 'a' }, { $set: { n: 2 } }, { session: forgotten });
      aheadMs = TRANSACTION_LIFETIME_MS + 1;
      // Waits for the lock of the forgotten transaction, which only its expiry gives back.
      await items.updateOne({ _id: 'a' }, { $inc: { n: 10 } });
      const error: unknown = await forgotten.commitTransaction().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MongoServerError);
      expect((error as MongoServerError).code).toBe(251);
      expect((error as MongoServerError).hasErrorLabel('TransientTransactionError')).toBe(true);
    });
    expect(await items.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 11 });
  });

  it('is closed, when it is a cursor, unless it was opened to be left alone', async () => {
    const db = (await fixture.connect()).db('d');
    await db.collection('many').insertMany([{}, {}, {}]);
    const open = async (noCursorTimeout: boolean): Promise<unknown> => {
      const find = { find: 'many', batchSize: 1, noCursorTimeout };
      return ((await db.command(find, { promoteValues: false })).cursor as { id: unknown }).id;
    };
    const [usual, lasting] = [await open(false), await open(true)];
    aheadMs += CURSOR_TIMEOUT_MS + 1;
    const getMore = (id: unknown) => db.command({ getMore: id, collection: 'many' });
    const openCursors = async (): Promise<number> => {
      const { metrics } = await db.admin().command({ serverStatus: 1 });
      return (metrics as { cursor: { open: { total: number } } }).cursor.open.total;
    };
    while ((await openCursors()) > 1) await delay(50);
    await expect(getMore(usual)).rejects.toMatchObject({ code: 43 });
    expect((await getMore(lasting)).cursor).toMatchObject({ id: 0 });
  });
});
