import { type BSON, type Db, Long, UUID } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';
import { command, RawConnection } from './raw-connection.ts';

describe('a fail point', () => {
  const fixture = new ClusterFixture({ testCommands: true });
  let db: Db;
  let admin: Db;

  beforeAll(async () => {
    await fixture.start();
    const client = await fixture.connect({ retryReads: false, retryWrites: false });
    db = client.db('d');
    admin = client.db('admin');
  });
  afterEach(() => admin.command({ configureFailPoint: 'failCommand', mode: 'off' }));
  afterAll(() => fixture.stop());

  const fail = (data: BSON.Document, mode: unknown = 'alwaysOn'): Promise<BSON.Document> =>
    admin.command({ configureFailPoint: 'failCommand', mode, data });

  it('meets the handshake of the application that it names, and no other', async () => {
    await fail({ failCommands: ['hello', 'isMaster'], appName: 'chosen', errorCode: 91 });
    const raw = await RawConnection.open(fixture.port);
    const greet = async (name: string): Promise<unknown> => {
      raw.send(command({ hello: 1, client: { application: { name } } }));
      return await raw.reply();
    };
    expect(await greet('another')).toMatchObject({ ok: 1 });
    expect(await greet('chosen')).toMatchObject({ ok: 0, code: 91 });
    raw.close();
  });

  it('meets the namespace that it names, and no other', async () => {
    await fail({ failCommands: ['find', 'insert'], namespace: 'd.chosen', errorCode: 91 });
    expect(await db.collection('another').find().toArray()).toEqual([]);
    await expect(db.collection('chosen').find().toArray()).rejects.toMatchObject({ code: 91 });
    await expect(db.collection('chosen').insertOne({})).rejects.toMatchObject({ code: 91 });
  });

  it('is refused where it asks for what would be ignored', async () => {
    const failCommands = ['find'];
    for (const data of [
      { errorExtraInfo: {} },
      { failInternalCommands: true },
      { threadName: 'x' },
    ]) {
      await expect(fail({ failCommands, ...data })).rejects.toMatchObject({ code: 9 });
    }
    for (const mode of [{ activationProbability: 0.5 }, { times: 'x' }, {}, 'on']) {
      await expect(fail({ failCommands, errorCode: 91 }, mode)).rejects.toMatchObject({ code: 2 });
    }
    expect(await db.collection('c').find().toArray()).toEqual([]);
    await fail({ failCommands, errorCode: 91, failInternalCommands: false }, { times: 1 });
    await expect(db.collection('c').find().toArray()).rejects.toMatchObject({ code: 91 });
  });

  it('that lets the write concern of a commit fail says that it may be tried again', async () => {
    const writeConcernError = { code: 91, errmsg: 'stopping' };
    await fail({ failCommands: ['commitTransaction'], writeConcernError });
    const raw = await RawConnection.open(fixture.port);
    const inTransaction = async (document: BSON.Document): Promise<unknown> => {
      const lsid = { id: new UUID('00000000-0000-4000-8000-000000000001') };
      const transaction = { lsid, txnNumber: Long.ONE, autocommit: false };
      raw.send(command({ ...document, ...transaction }));
      return await raw.reply();
    };
    const begin = { insert: 'c', documents: [{}], startTransaction: true };
    expect(await inTransaction(begin)).toMatchObject({ ok: 1 });
    expect(await inTransaction({ commitTransaction: 1, $db: 'admin' })).toMatchObject({
      ok: 1,
      writeConcernError,
      errorLabels: ['RetryableWriteError'],
    });
    raw.close();
  });
});
