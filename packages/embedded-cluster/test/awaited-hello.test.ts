import { BSON, type Document } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';
import { command, opMsg, RawConnection } from './raw-connection.ts';

const EXHAUST_ALLOWED = 1 << 16;

describe('a hello that is answered when something changes', () => {
  const fixture = new ClusterFixture({ testCommands: true });
  const connections: RawConnection[] = [];

  beforeAll(() => fixture.start());
  afterAll(async () => {
    for (const connection of connections) connection.close();
    await fixture.stop();
  });

  const open = async (): Promise<RawConnection> => {
    const connection = await RawConnection.open(fixture.port);
    connections.push(connection);
    return connection;
  };
  const ask = async (connection: RawConnection): Promise<Document> => {
    connection.send(command({ hello: 1 }));
    return (await connection.reply()) as Document;
  };
  const watch = (connection: RawConnection, topologyVersion: unknown, maxAwaitTimeMS: number) =>
    connection.send(
      opMsg(
        BSON.serialize({ hello: 1, topologyVersion, maxAwaitTimeMS, $db: 'admin' }),
        EXHAUST_ALLOWED,
      ),
    );

  it('is answered again and again to one request, after the time that the client gave', async () => {
    const connection = await open();
    const { topologyVersion } = await ask(connection);
    const startedAtMs = performance.now();
    watch(connection, topologyVersion, 100);
    for (let i = 0; i < 3; i += 1) {
      expect(await connection.reply()).toMatchObject({ ok: 1, isWritablePrimary: true });
    }
    expect(performance.now() - startedAtMs).toBeGreaterThan(290);
  });

  it('is answered once at once to a client that knows another process, and then waits', async () => {
    const connection = await open();
    const { topologyVersion } = await ask(connection);
    watch(connection, { ...topologyVersion, processId: new BSON.ObjectId() }, 60_000);
    expect(await connection.reply()).toMatchObject({ topologyVersion });
    const next = connection.reply().then(() => 'answered');
    const soon = new Promise((resolve) => setTimeout(resolve, 200, 'waits'));
    expect(await Promise.race([next, soon])).toBe('waits');
  });

  it.each<[string, (known: Document) => Document, number]>([
    ['without a time to wait', (topologyVersion) => ({ topologyVersion }), 31368],
    ['with nothing but a time to wait', () => ({ maxAwaitTimeMS: 10 }), 31368],
    [
      'that waits for less than no time',
      (topologyVersion) => ({ topologyVersion, maxAwaitTimeMS: -1 }),
      31373,
    ],
    [
      'of a client that knows what has not happened yet',
      ({ processId }) => ({
        topologyVersion: { processId, counter: BSON.Long.fromNumber(99) },
        maxAwaitTimeMS: 10,
      }),
      31382,
    ],
  ])('is refused %s', async (_, fieldsOf, code) => {
    const connection = await open();
    const { topologyVersion } = await ask(connection);
    connection.send(command({ hello: 1, ...fieldsOf(topologyVersion as Document) }));
    expect(await connection.reply()).toMatchObject({ ok: 0, code });
    expect(await ask(connection)).toMatchObject({ ok: 1 });
  });

  it('has its version in the errors by which drivers learn of a change', async () => {
    const [orders, connection] = [await open(), await open()];
    const { topologyVersion: before } = await ask(orders);
    orders.send(opMsg(BSON.serialize({ marqueeElection: { unavailableMs: 300 }, $db: 'admin' })));
    await orders.reply();
    await connection.closed();
    orders.send(opMsg(BSON.serialize({ insert: 'k', documents: [{ _id: 1 }], $db: 'test' })));
    const refused = (await orders.reply()) as Document;
    expect(refused).toMatchObject({ ok: 0, codeName: 'NotWritablePrimary' });
    expect(refused.topologyVersion.processId).toEqual(before.processId);
    expect(Number(refused.topologyVersion.counter)).toBe(Number(before.counter) + 1);
  });

  it('does not keep a cluster from closing or stepping down: the connection ends', async () => {
    const connection = await open();
    const { topologyVersion } = await ask(connection);
    watch(connection, topologyVersion, 60_000);
    const orders = await open();
    orders.send(opMsg(BSON.serialize({ marqueeElection: { unavailableMs: 0 }, $db: 'admin' })));
    expect(await orders.reply()).toMatchObject({ ok: 1 });
    await connection.closed();
    const { topologyVersion: after } = await ask(orders);
    expect(Number(after.counter)).toBeGreaterThan(Number(topologyVersion.counter));
  });
});
