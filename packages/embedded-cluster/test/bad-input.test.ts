import { BSON, type MongoClient } from 'mongodb';
import { crc32c } from '../src/wire/crc32c.ts';
import { ClusterFixture } from './cluster-fixture.ts';
import { command, message, opMsg, RawConnection } from './raw-connection.ts';

const STREAMS = 10_000;
const STREAMS_AT_ONCE = 50;

/** A small generator of its own, so that a failure can be played again. */
const randomBytes = (seed: number): Buffer => {
  let state = (seed * 2654435761) >>> 0;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
  const bytes = Buffer.alloc(1 + (next() % 300));
  for (let index = 0; index < bytes.length; index++) bytes[index] = next() & 0xff;
  return bytes;
};

describe('bad input', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  const open: RawConnection[] = [];

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect();
    await client.db('d').collection('items').insertOne({ n: 1 });
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.close();
    // The process lives, and others do not notice.
    expect(await client.db('d').collection('items').countDocuments({ n: 1 })).toBe(1);
  });
  afterAll(() => fixture.stop());

  const connection = async (): Promise<RawConnection> => {
    const opened = await RawConnection.open(fixture.port);
    open.push(opened);
    return opened;
  };

  const closes = async (bytes: Uint8Array): Promise<void> => {
    const raw = await connection();
    raw.send(bytes);
    await raw.closed();
  };

  it('closes a connection that announces more than a message may have, or less than a header', async () => {
    await closes(message(2013, Buffer.alloc(0), 48_000_001));
    await closes(message(2013, Buffer.alloc(0), -1));
    await closes(message(2013, Buffer.alloc(0), 15));
  });

  it('closes a connection with an opcode that it does not speak', async () => {
    await closes(message(2012, Buffer.alloc(20)));
    await closes(message(1, Buffer.alloc(20)));
    await closes(message(2002, Buffer.alloc(64)));
  });

  it('closes a connection whose OP_MSG does not add up', async () => {
    const body = BSON.serialize({ ping: 1, $db: 'd' });
    await closes(message(2013, Buffer.alloc(2)));
    await closes(message(2013, Buffer.alloc(4)));
    await closes(opMsg(body, 1 << 5));
    await closes(opMsg(Buffer.concat([body, Buffer.of(0), body])));
    await closes(opMsg(Buffer.concat([body, Buffer.of(9, 8, 0, 0, 0, 1, 2, 3, 4)])));
    await closes(opMsg(Buffer.concat([body, Buffer.of(1, 255, 255, 255, 127)])));
    await closes(opMsg(body.subarray(0, body.length - 3)));
    await closes(opMsg(Buffer.concat([body, Buffer.alloc(4)]), 1));
  });

  it('takes a checksum that is right', async () => {
    const raw = await connection();
    const body = BSON.serialize({ ping: 1, $db: 'd' });
    const whole = opMsg(Buffer.concat([body, Buffer.alloc(4)]), 1);
    whole.writeUInt32LE(crc32c(whole.subarray(0, -4)), whole.length - 4);
    raw.send(whole);
    expect(await raw.reply()).toMatchObject({ ok: 1 });
  });

  it('answers broken BSON with an error and goes on', async () => {
    const raw = await connection();
    const broken = Buffer.from(BSON.serialize({ ping: 1, $db: 'd' }));
    broken[4] = 0x99;
    raw.send(opMsg(broken));
    expect(await raw.reply()).toMatchObject({ ok: 0, code: 22, codeName: 'InvalidBSON' });
    raw.send(command({ ping: 1 }));
    expect(await raw.reply()).toMatchObject({ ok: 1 });
  });

  it('refuses a document with broken BSON inside and stores nothing of it', async () => {
    const raw = await connection();
    const document = Buffer.from(BSON.serialize({ _id: 1, text: 'abc' }));
    document[document.length - 3] = 0xff;
    const section = Buffer.concat([
      Buffer.of(1),
      Buffer.alloc(4),
      Buffer.from('documents\0'),
      document,
    ]);
    section.writeInt32LE(section.length - 1, 1);
    raw.send(opMsg(Buffer.concat([BSON.serialize({ insert: 'broken', $db: 'd' }), section])));
    const reply = await raw.reply();
    expect(JSON.stringify(reply)).toContain('"code":22');
    expect(await client.db('d').collection('broken').countDocuments({})).toBe(0);
  });

  it('answers fields of the wrong type, unknown fields and unknown commands with MongoDB’s codes', async () => {
    const raw = await connection();
    const codes: [object, number][] = [
      [{ find: 7 }, 73],
      [{ find: 'items', filter: 'x' }, 14],
      [{ find: 'items', limit: -1 }, 51024],
      [{ find: 'items', projektion: {} }, 40415],
      [{ find: 'items', collation: { locale: 'de' } }, 115],
      [{ find: 'items', filter: { $where: '1' } }, 2],
      [{ aggregate: 'items', pipeline: [{ $lookup: {} }], cursor: {} }, 40324],
      [{ aggregate: 'items', pipeline: [{ $changeStream: {} }], cursor: {} }, 40324],
      [{ create: 'c', capped: true, size: 1 }, 115],
      [{ createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 67],
      [{ bulkWrite: 1 }, 59],
      [{ insert: 'items', documents: [] }, 16],
      [{ getMore: BSON.Long.fromNumber(5), collection: 'items' }, 43],
      [{ ping: 1, lsid: 5 }, 14],
    ];
    for (const [asked, code] of codes) {
      raw.send(command(asked));
      expect([asked, await raw.reply()]).toEqual([asked, expect.objectContaining({ ok: 0, code })]);
    }
  });

  it('keeps documents that arrive in small pieces apart', async () => {
    const raw = await connection();
    const bytes = Buffer.concat([
      command({ ping: 1 }),
      command({ hello: 1 }),
      command({ ping: 1 }),
    ]);
    for (let at = 0; at < bytes.length; at += 7) raw.send(bytes.subarray(at, at + 7));
    expect(await raw.reply()).toMatchObject({ ok: 1 });
    expect(await raw.reply()).toMatchObject({ isWritablePrimary: true, ok: 1 });
    expect(await raw.reply()).toMatchObject({ ok: 1 });
  });

  it('refuses a document that is too large and keeps the connection', async () => {
    const big = { _id: 'big', text: 'x'.repeat(16 * 1024 * 1024) };
    const raw = await connection();
    raw.send(command({ insert: 'items', documents: [big] }));
    expect(JSON.stringify(await raw.reply())).toContain('10334');
  });

  it(`survives ${STREAMS.toString()} random streams`, async () => {
    for (let from = 0; from < STREAMS; from += STREAMS_AT_ONCE) {
      await Promise.all(
        Array.from({ length: STREAMS_AT_ONCE }, async (_, offset) => {
          const raw = await RawConnection.open(fixture.port);
          const bytes = randomBytes(from + offset + 1);
          // Half of them look like messages at first, so that they get further in.
          const framed = offset % 4;
          raw.send(
            framed === 0
              ? message(2013, bytes)
              : framed === 1
                ? opMsg(bytes)
                : framed === 2
                  ? message(2004, bytes)
                  : bytes,
          );
          raw.finish();
          await raw.closed();
        }),
      );
    }
  }, 120_000);
});
