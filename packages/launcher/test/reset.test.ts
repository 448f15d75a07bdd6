import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../src/config.ts';
import { parseOptions } from '../src/options.ts';
import { startSystem } from '../src/start.ts';

const root = join(__dirname, '../../..');
const dataDir = mkdtempSync(join(tmpdir(), 'reset-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

const KEPT = ['clusters/shard-a/data', 'mongod/shard-a/data', 'demo-data.loaded', 'logs/a.log'];

const start = async (args: readonly string[], environment: Record<string, string> = {}) => {
  for (const path of KEPT) {
    mkdirSync(dirname(join(dataDir, path)), { recursive: true });
    writeFileSync(join(dataDir, path), 'kept');
  }
  const config = loadConfig({ PATH: '', ...environment });
  const options = parseOptions([...args, '--data', dataDir, '--reset'], config);
  if (options === 'help') throw new TypeError('not asked for');
  await startSystem({
    root,
    options,
    config,
    print: () => undefined,
    onStoppable: () => undefined,
  });
};

const gone = (): string[] => KEPT.filter((path) => !existsSync(join(dataDir, path)));

describe('a start with --reset that is refused', () => {
  it('has cost no data where a port is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    await expect(start(['--port-base', String(port)])).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining(`port ${port}, for gateway`),
    });
    await new Promise((resolve) => holder.close(resolve));
    expect(gone()).toEqual([]);
  });

  it('has cost no data where there is no mongod', async () => {
    await expect(
      start(['--port-base', '0', '--engine', 'mongod'], { MONGOD_BIN: '/nowhere/mongod' }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/^MONGOD_BIN/) });
    expect(gone()).toEqual([]);
  });
});
