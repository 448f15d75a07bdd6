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

  beforeAll(async () => {
    const command = `ulimit -f ${FILE_MAX_BLOCKS.toString()}; exec "$0" "$@"`;
    const args = [MAIN, '--name', 'full', '--port', '0', '--data', dataDir];
    child = spawn('bash', ['-c', command, process.execPath, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    while (!said.includes('\n'))
      said += String((await once(child.stdout as NodeJS.ReadableStream, 'data'))[0]);
    client = await MongoClient.connect(said.trim().split(' ')[1] ?? '', { retryWrites: false });
    items = client.db('d').collection('items');
    await items.createIndex({ text: 1 });
  });
  afterAll(async () => {
    await client.close();
    child.kill('SIGKILL');
    await once(child, 'exit');
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
    expect(await items.countDocuments({})).toBe(stored);
    expect((await items.find().toArray()).every((item) => item.text === text)).toBe(true);
    expect(await items.find({ text }).hint({ text: 1 }).toArray()).toHaveLength(stored);

    await client
      .db('d')
      .collection('small')
      .insertOne({ n: 1 })
      .catch(() => undefined);
    // Each frees pages for the next ones; the first need room themselves.
    for (let _id = 0; _id < stored; _id++) await items.deleteOne({ _id }).catch(() => undefined);
    await items.deleteMany({}).catch(() => undefined);
    await items.insertOne({ _id: 5000, text: 'there is room again' });
    expect(await items.findOne({ _id: 5000 })).not.toBeNull();
  });
});
