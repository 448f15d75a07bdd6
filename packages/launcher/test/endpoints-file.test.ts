import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpointsPath, type Endpoints } from '../src/endpoints.ts';
import { EndpointsFile } from '../src/endpoints-file.ts';
import { until } from './until.ts';

const folder = mkdtempSync(join(tmpdir(), 'endpoints-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const withPid = (pid: number): Endpoints => ({
  gateway: '',
  graphiql: '',
  user: '',
  admin: '',
  nameNodes: [],
  subgraphs: {},
  clusters: [],
  metadata: { uri: '' },
  logins: [],
  processes: [{ name: 'gateway', pid }],
});

/** A data folder that is not there: what is written into it fails, as on a full disk. */
const brokenFolder = (name: string) => {
  const dataDir = join(folder, name);
  const troubles: string[] = [];
  const file = new EndpointsFile(dataDir, {
    onTrouble: (message) => troubles.push(message),
    retryMs: 5,
  });
  return { dataDir, troubles, file };
};

describe('EndpointsFile', () => {
  it('writes an update that failed as soon as it can be written, and throws nothing meanwhile', async () => {
    const { dataDir, troubles, file } = brokenFolder('retried');
    expect(() => file.publish(withPid(1))).toThrow(/ENOENT/);
    file.update(withPid(2));
    expect(troubles).toEqual([expect.stringMatching(/^endpoints\.json cannot be written: ENOENT/)]);
    mkdirSync(dataDir);
    await until(() => existsSync(endpointsPath(dataDir)));
    expect(JSON.parse(readFileSync(endpointsPath(dataDir), 'utf8'))).toEqual(withPid(2));
  });

  it('is gone once withdrawn, and no update that is late brings it back', async () => {
    const { dataDir, troubles, file } = brokenFolder('withdrawn');
    file.update(withPid(1));
    await until(() => troubles.length > 1);
    file.withdraw();
    mkdirSync(dataDir);
    const seen = troubles.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readdirSync(dataDir)).toEqual([]);
    expect(troubles).toHaveLength(seen);
  });
});
