import { MongoServerError } from 'mongodb';
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
});
