import { type AddressInfo, createServer, type Socket } from 'node:net';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { findMongodBinary } from '../src/engines/mongod-binary.ts';

const folder = mkdtempSync(join(tmpdir(), 'mongod-binary-'));
afterAll(() => rmSync(folder, { recursive: true }));

const executable = join(folder, 'mongod');
writeFileSync(executable, '#!/bin/sh\n');
chmodSync(executable, 0o700);
const downloads = join(folder, 'downloads');

describe('findMongodBinary', () => {
  it('takes MONGOD_BIN, then MONGOMS_SYSTEM_BINARY, then the PATH', async () => {
    const find = (config: Parameters<typeof findMongodBinary>[0]) =>
      findMongodBinary(config, downloads, () => undefined);
    expect(await find({ PATH: '', MONGOD_BIN: executable })).toBe(executable);
    expect(await find({ PATH: '', MONGOMS_SYSTEM_BINARY: executable })).toBe(executable);
    expect(await find({ PATH: `/nowhere:${folder}` })).toBe(executable);
  });

  it('names the variable whose file cannot be run', async () => {
    await expect(
      findMongodBinary(
        { PATH: '', MONGOD_BIN: join(folder, 'absent') },
        downloads,
        () => undefined,
      ),
    ).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringMatching(/^MONGOD_BIN/),
    });
  });

  it('says what to do where the download site never answers', async () => {
    const connections = new Set<Socket>();
    const silent = createServer((socket) => connections.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const before = { ...process.env };
    // What the downloader itself reads.
    process.env.MONGOMS_DOWNLOAD_MIRROR = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    process.env.MONGOMS_MAX_RETRIES = '1';
    const said: string[] = [];
    const complaints = jest.spyOn(console, 'error').mockReturnValue(undefined);
    try {
      await expect(
        findMongodBinary({ PATH: '' }, downloads, (line) => said.push(line), 1500),
      ).rejects.toMatchObject({
        code: 'CONFIGURATION_INVALID',
        message: expect.stringContaining('set MONGOD_BIN') as string,
      });
      expect(connections.size).toBeGreaterThan(0);
      expect(said).toHaveLength(1);
    } finally {
      process.env = before;
      for (const socket of connections) socket.destroy();
      silent.close();
      // The downloader tells of the end of its attempt; nothing of it is to outlive the test.
      while (complaints.mock.calls.length === 0) await delay(10);
      complaints.mockRestore();
    }
  });
});
