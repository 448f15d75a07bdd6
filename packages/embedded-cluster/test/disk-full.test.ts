import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collection, MongoClient } from 'mongodb';
import { builtMain } from './built-main.ts';

const MAIN = builtMain();

/** In blocks of 1 KiB: a disk of 6 MB, as far as this process can tell. */
const FILE_MAX_BLOCKS = 6000;

jest.setTimeout(60_000);

describe('a full disk', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'embedded-full-'));
  let child: ChildProcess;
  let client: MongoClient;
  let items: Collection<{ _id: number; text: string }>;

  const start = async (limit: string): Promise<void> => {
    const args = [MAIN, '--name', 'full', '--port', '0', '--data', dataDir];
    child = spawn('bash', ['-c', `${limit}exec "$0" "$@"`, process.execPath, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    while (!said.includes('\n'))
      said += String((await once(child.stdout as NodeJS.ReadableStream, 'data'))[0]);
    client = await MongoClient.connect(said.trim().split(' ')[1] ?? '', { retryWrites: false });
    items = client.db('d').collection('items');
  };
  const kill = async (): Promise<void> => {
    await client.close();
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  beforeAll(async () => {
    await start(`ulimit -f ${FILE_MAX_BLOCKS.toString()}; `);
    await items.createIndex({ text: 1 });
    await items.createIndex({ a: 1 });
  });
  afterAll(async () => {
    await kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('fails the write with MongoDB’s code, keeps what was acknowledged readable, and takes writes again when there is room', async () => {
    const text = 'x'.repeat(10_000);
    let stored = 0;
    let failure: unknown;
    while (!failure) {
      const batch = Array.from({ length: 20 }, (_, offset) => ({ _id: stored + offset, text }));
      await items.insertMany(batch).then(
        () => (stored += 20),
        (error: unknown) => (failure = error),
      );
      expect(stored).toBeLessThan(2000);
    }
    expect(failure).toMatchObject({ code: 14031 });
    expect(stored).toBeGreaterThan(0);
    // Of the batch that failed, some may be there.
    const acknowledged = { _id: { $lt: stored } };
    expect(await items.countDocuments(acknowledged)).toBe(stored);
    expect((await items.find().toArray()).every((item) => item.text === text)).toBe(true);
    const byIndex = await items
      .find({ text, ...acknowledged })
      .hint({ text: 1 })
      .toArray();
    expect(byIndex).toHaveLength(stored);

    await client
      .db('d')
      .collection('small')
      .insertOne({ n: 1 })
      .catch(() => undefined);
    // That the index on `a` has arrays is learnt from a write that is not stored.
    const array = { _id: 4000, text: 'x'.repeat(2_000_000), a: [1, 2] };
    await expect(items.insertOne(array)).rejects.toMatchObject({ code: 14031 });
    // Each frees pages for the next ones; the first need room themselves.
    for (let _id = 0; _id < stored; _id++) await items.deleteOne({ _id }).catch(() => undefined);
    await items.deleteMany({}).catch(() => undefined);
    await items.insertOne({ _id: 5000, text: 'there is room again' });
    expect(await items.findOne({ _id: 5000 })).not.toBeNull();

    // The first is lost with its group; what comes last goes with another, which the disk takes.
    const many = Array.from({ length: 3000 }, (_, n) => ({ _id: 10_000 + n, text: '' }));
    const lost = { _id: 9000, text: 'x'.repeat(8_000_000) };
    await expect(items.insertMany([lost, ...many])).rejects.toMatchObject({ code: 14031 });
    expect(await items.countDocuments({ _id: { $gte: 10_000 } })).toBeGreaterThan(0);

    await items.insertOne({ _id: 5001, text: 'with an array', a: [1, 9] } as never);
    await kill();
    await start('');
    expect(await items.countDocuments({ a: { $gt: 3, $lt: 6 } })).toBe(1);
    expect(await items.find({ a: { $gte: 0 } }).toArray()).toHaveLength(1);
  });
});
