import type { Collection, MongoClient } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';

describe('a played election', () => {
  const fixture = new ClusterFixture({ testCommands: true });
  let client: MongoClient;
  let items: Collection<{ _id: string; n: number }>;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect({ heartbeatFrequencyMS: 500 });
    items = client.db('d').collection('items');
  });
  afterAll(() => fixture.stop());

  const elect = (unavailableMs: number) =>
    client.db('admin').command({ marqueeElection: { unavailableMs } });
  const majority = { writeConcern: { w: 'majority' as const } };

  it('undoes what was not written with w: majority since the last such write', async () => {
    await items.insertOne({ _id: 'before', n: 1 });
    await items.insertOne({ _id: 'majority', n: 1 }, majority);
    await items.insertOne({ _id: 'lost', n: 1 });
    await items.updateOne({ _id: 'majority' }, { $set: { n: 2 } });
    await client.db('d').collection('made').createIndex({ a: 1 });
    await elect(0);
    expect(await items.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 'before', n: 1 },
      { _id: 'majority', n: 1 },
    ]);
    expect(await items.find({ n: { $gte: 1 } }, { hint: { _id: 1 } }).toArray()).toHaveLength(2);
    expect((await client.db('d').listCollections().toArray()).map(({ name }) => name)).toEqual([
      'items',
    ]);
    await items.insertOne({ _id: 'lost', n: 3 });
  });

  it('keeps what a majority read has shown', async () => {
    await items.insertOne({ _id: 'shown', n: 1 });
    await items.findOne({ _id: 'shown' }, { readConcern: { level: 'majority' } });
    await elect(0);
    expect(await items.findOne({ _id: 'shown' })).not.toBeNull();
  });

  it('is over for drivers that retry, and begins a new term', async () => {
    const before = await client.db('admin').command({ hello: 1 });
    await elect(300);
    await items.insertOne({ _id: 'after', n: 1 }, majority);
    const after = await client.db('admin').command({ hello: 1 });
    expect(
      (after.electionId as { toHexString(): string }).toHexString() >
        (before.electionId as { toHexString(): string }).toHexString(),
    ).toBe(true);
    expect(await items.countDocuments({ _id: 'after' })).toBe(1);
  });

  it('refuses writes and reads while there is no primary, with codes that drivers know', async () => {
    const plain = await fixture.connect({
      retryWrites: false,
      retryReads: false,
      directConnection: true,
    });
    const command = plain.db('d').command.bind(plain.db('d'));
    await elect(1500);
    await expect(command({ insert: 'items', documents: [{ _id: 'x' }] })).rejects.toMatchObject({
      code: 10107,
      codeName: 'NotWritablePrimary',
    });
    await items.insertOne({ _id: 'back', n: 1 }, majority);
  });

  it('ends open transactions with a label that lets them be tried again', async () => {
    const session = client.startSession();
    session.startTransaction();
    await items.insertOne({ _id: 'in transaction', n: 1 }, { session });
    await elect(0);
    const error: unknown = await session.commitTransaction().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 251 });
    expect(
      (error as { hasErrorLabel(label: string): boolean }).hasErrorLabel(
        'TransientTransactionError',
      ),
    ).toBe(true);
    await session.endSession();
    expect(await items.countDocuments({ _id: 'in transaction' })).toBe(0);
  });

  it('is unknown to a cluster without test commands', async () => {
    const other = new ClusterFixture();
    await other.start();
    try {
      const admin = (await other.connect()).db('admin');
      await expect(admin.command({ marqueeElection: { unavailableMs: 0 } })).rejects.toMatchObject({
        code: 59,
      });
      await expect(
        admin.command({ configureFailPoint: 'failCommand', mode: 'off' }),
      ).rejects.toMatchObject({ code: 59 });
    } finally {
      await other.stop();
    }
  });
});
