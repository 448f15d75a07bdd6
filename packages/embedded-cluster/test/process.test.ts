import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedCluster } from '../src/index.ts';
import { builtMain } from './built-main.ts';
import { ClusterFixture } from './cluster-fixture.ts';

const MAIN = builtMain();

const start = (...args: string[]): { child: ChildProcess; said: () => string } => {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, said: () => output };
};

const listening = async ({ child, said }: ReturnType<typeof start>): Promise<string> => {
  for (;;) {
    const uri = /^listening (\S+)$/m.exec(said())?.[1];
    if (uri) return uri;
    if (child.exitCode !== null) throw new Error(said());
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'exit')]);
  }
};

const ended = async ({
  child,
  said,
}: ReturnType<typeof start>): Promise<{ code: number | null; said: string }> => {
  if (child.exitCode === null) await once(child, 'exit');
  return { code: child.exitCode, said: said() };
};

jest.setTimeout(60_000);

describe('the process', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'embedded-process-'));
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('says where it listens, names who holds its folder, and gives it back on SIGTERM', async () => {
    const first = start('--name', 'shard-a', '--port', '0', '--data', dataDir);
    const uri = await listening(first);
    expect(uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/\?replicaSet=shard-a$/);
    const client = await MongoClient.connect(uri);
    await client.db('d').collection('items').insertOne({ n: 1 });

    const second = await ended(start('--name', 'shard-b', '--port', '0', '--data', dataDir));
    expect(second.code).not.toBe(0);
    expect(second.said).toContain('cluster "shard-a"');
    expect(second.said).toContain(String(first.child.pid));

    await client.close();
    first.child.kill('SIGTERM');
    expect((await ended(first)).code).toBe(0);
  });

  it('takes over a folder from a process that was killed, with everything in it', async () => {
    const first = start('--name', 'shard-a', '--port', '0', '--data', dataDir);
    await listening(first);
    first.child.kill('SIGKILL');
    await ended(first);
    const again = await startEmbeddedCluster({ name: 'shard-a', port: 0, dataDir });
    const client = await MongoClient.connect(again.uri);
    expect(await client.db('d').collection('items').countDocuments({ n: 1 })).toBe(1);
    await client.close();
    await again.close();
  });

  it('says what is wrong with its arguments', async () => {
    const wrong = await ended(start('--name', 'shard-a', '--port', 'x', '--data', dataDir));
    expect(wrong.code).not.toBe(0);
    expect(wrong.said).toContain('--port must be a number');
  });
});

describe('starting in a process', () => {
  it('refuses a taken port, a taken folder and an address that is not loopback', async () => {
    const fixture = new ClusterFixture();
    await fixture.start();
    const elsewhere = mkdtempSync(join(tmpdir(), 'embedded-elsewhere-'));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const options = { name: 'other', port: 0, dataDir: elsewhere };
    await expect(startEmbeddedCluster({ ...options, port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    });
    await expect(
      startEmbeddedCluster({ ...options, dataDir: fixture.dataDir }),
    ).rejects.toMatchObject({
      code: 'DATA_FOLDER_TAKEN',
    });
    await expect(startEmbeddedCluster({ ...options, host: '0.0.0.0' })).rejects.toThrow('loopback');
    const after = await startEmbeddedCluster(options);
    await after.close();
    server.close();
    await fixture.stop();
    rmSync(elsewhere, { recursive: true, force: true });
  });
});
