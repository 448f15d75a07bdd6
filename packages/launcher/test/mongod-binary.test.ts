import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
});
