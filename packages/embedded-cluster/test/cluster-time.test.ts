import type { MongoClient } from 'mongodb';
import { BSON, Long, Timestamp } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';
import { command, RawConnection } from './raw-connection.ts';

/** What a client says of the time, true or not. */
const gossip = (clusterTime: Timestamp): BSON.Document => ({
  $clusterTime: { clusterTime, signature: { hash: new BSON.Binary(), keyId: Long.ZERO } },
});

describe('the time that clients pass on', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  let raw: RawConnection;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect();
    raw = await RawConnection.open(fixture.port);
  });
  afterAll(async () => {
    raw.close();
    await fixture.stop();
  });

  const ask = async (document: BSON.Document): Promise<BSON.Document> => {
    raw.send(command(document));
    const reply = await raw.reply();
    if (reply === 'closed') throw new Error('the connection was closed');
    return reply;
  };
  const insert = { insert: 'items', documents: [{}] };
  const now = (): number => Math.floor(Date.now() / 1000);

  it('is refused where it is absurd: the connection lives, the others and the folder as well', async () => {
    for (const time of [
      new Timestamp({ t: 0xffffffff, i: 0xffffffff }),
      new Timestamp({ t: 0xffffffff, i: 1 }),
    ]) {
      const refused = await ask({ ...insert, ...gossip(time) });
      expect(refused).toMatchObject({ ok: 0, code: 209, codeName: 'ClusterTimeFailsRateLimiter' });
    }
    expect(await ask(insert)).toMatchObject({ ok: 1, n: 1 });
    await client.db('d').collection('items').insertOne({});
    await fixture.restart();
    expect(await client.db('d').collection('items').countDocuments()).toBe(2);
  });

  it('is taken, and gone on from, where it may be true', async () => {
    raw = await RawConnection.open(fixture.port);
    const ahead = new Timestamp({ t: now() + 3600, i: 0xffffffff });
    expect(await ask({ ...insert, ...gossip(ahead) })).toMatchObject({ ok: 1, n: 1 });
    const { operationTime } = await ask(insert);
    expect((operationTime as Timestamp).compare(ahead)).toBe(1);
  });

  it('must have been reached before anybody reads at it', async () => {
    const later = new Timestamp({ t: now() + 7200, i: 1 });
    for (const readConcern of [
      { level: 'majority', afterClusterTime: later },
      { level: 'snapshot', atClusterTime: later },
    ]) {
      expect(await ask({ find: 'items', readConcern })).toMatchObject({ ok: 0, code: 72 });
    }
    const readConcern = { afterClusterTime: later };
    expect(await ask({ find: 'items', readConcern, ...gossip(later) })).toMatchObject({ ok: 1 });
  });
});
