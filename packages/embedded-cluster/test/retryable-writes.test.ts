import { Binary, type Document, Long, type MongoClient, UUID } from 'mongodb';
import { command, RawConnection } from './raw-connection.ts';
import { ClusterFixture } from './cluster-fixture.ts';

describe('retryable writes', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  const lsid = { id: new Binary(new UUID().buffer, 4) };
  let txnNumber = 0;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect();
  });
  afterAll(() => fixture.stop());

  /** As a driver would send it; the driver itself would put a session of its own in. */
  const send = (command: Document) =>
    client.db('d').command({ ...command, lsid, txnNumber: Long.fromNumber(txnNumber) });

  const withoutTimes = ({ $clusterTime: _, operationTime: __, ...reply }: Document) => reply;

  const sentTwice = async (command: Document) => {
    txnNumber++;
    const first = withoutTimes(await send(command));
    const second = withoutTimes(await send(command));
    expect(second).toEqual(first);
    return first;
  };

  it('are done once and answered twice', async () => {
    await sentTwice({
      insert: 'items',
      documents: [
        { _id: 1, n: 0 },
        { _id: 2, n: 0 },
      ],
    });
    expect(
      await sentTwice({ update: 'items', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] }),
    ).toMatchObject({
      n: 1,
      nModified: 1,
    });
    const upsert = await sentTwice({
      update: 'items',
      updates: [{ q: { k: 3 }, u: { $inc: { n: 1 } }, upsert: true }],
    });
    expect(upsert).toMatchObject({ n: 1, upserted: [{ index: 0 }] });
    await sentTwice({ delete: 'items', deletes: [{ q: { _id: 2 }, limit: 1 }] });
    const changed = await sentTwice({
      findAndModify: 'items',
      query: { _id: 1 },
      update: { $inc: { n: 1 } },
      new: true,
    });
    expect(changed).toMatchObject({ value: { _id: 1, n: 2 } });
    expect(await client.db('d').collection('items').countDocuments({})).toBe(2);
  });

  it('are recognised after a restart', async () => {
    txnNumber++;
    const command = { update: 'items', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] };
    await send(command);
    await fixture.restart();
    expect(await send(command)).toMatchObject({ n: 1, nModified: 1 });
    expect(
      await client.db('d').collection<{ _id: number; n: number }>('items').findOne({ _id: 1 }),
    ).toMatchObject({ n: 3 });
  });

  it('go on where an earlier attempt stopped', async () => {
    txnNumber++;
    const first = { insert: 'items', documents: [{ _id: 10 }, { _id: 11 }] };
    await send(first);
    const more = { insert: 'items', documents: [{ _id: 10 }, { _id: 11 }, { _id: 12 }] };
    expect(withoutTimes(await send(more))).toEqual({ n: 3, ok: 1 });
  });

  it('refuse a number that is older than the newest', async () => {
    txnNumber -= 2;
    await expect(send({ insert: 'items', documents: [{ _id: 20 }] })).rejects.toMatchObject({
      code: 225,
    });
  });

  it('wait for the attempt that runs, though the session was ended meanwhile', async () => {
    // With sessions that no other test has used.
    const fresh = await fixture.connect();
    const other = fresh.startSession();
    other.startTransaction();
    const ended = fresh.db('d').collection<{ _id: string }>('ended');
    await ended.insertOne({ _id: 'x' }, { session: other });
    const lsid = { id: new UUID() };
    const raws = [await RawConnection.open(fixture.port), await RawConnection.open(fixture.port)];
    const insert = { insert: 'ended', documents: [{ _id: 'x' }], lsid, txnNumber: Long.ONE };
    const admin = fresh.db('admin');
    // Waits for the transaction that holds the key.
    raws[0]?.send(command(insert));
    const isKnown = async (): Promise<boolean> => {
      const listed = admin.aggregate<{ _id: { id: UUID } }>([{ $listLocalSessions: {} }]);
      return (await listed.toArray()).some(
        ({ _id }) => _id.id.toHexString() === lsid.id.toHexString(),
      );
    };
    while (!(await isKnown()));
    const ending = await RawConnection.open(fixture.port);
    ending.send(command({ endSessions: [lsid], $db: 'admin' }));
    expect(await ending.reply()).toMatchObject({ ok: 1 });
    raws[1]?.send(command(insert));
    await admin.command({ ping: 1 });
    await other.abortTransaction();
    await other.endSession();
    for (const raw of raws) {
      expect(await raw.reply()).toMatchObject({ ok: 1, n: 1 });
      raw.close();
    }
    ending.close();
  });
});
