import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LauncherConfig } from '../src/config.ts';
import { isDemoDataLoaded, markDemoDataLoaded } from '../src/demo-data-marker.ts';
import { remoteClusters } from '../src/engines/atlas.ts';
import { embeddedClusters } from '../src/engines/embedded.ts';
import { mongodClusters } from '../src/engines/mongod.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'demo-data-marker-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

const local = (port: number, shards = 1) => ({
  root: '/root',
  dataDir,
  ports: { 'shard-a': port, metadata: port + 1 },
  shards,
  replicasPerShard: 0,
  environment: {},
});
const mongods = (port: number) => mongodClusters({ ...local(port), binary: '/mongod' });
const remote = (login: string, host: string) => {
  const uri = `mongodb://${login}@${host}/`;
  const config: LauncherConfig = {
    LOG_LEVEL: 'info',
    PATH: '',
    SHARD_A_URI: uri,
    SHARD_B_URI: uri,
    REPLICA_A_URI: uri,
    REPLICA_B_URI: uri,
    METADATA_URI: uri,
  };
  return remoteClusters(config);
};

describe('the mark of loaded demo data', () => {
  it('holds for local clusters on other ports: their data is where it was', () => {
    markDemoDataLoaded(dataDir, embeddedClusters(local(4_101)));
    expect(isDemoDataLoaded(dataDir, embeddedClusters(local(5_101)))).toBe(true);
    markDemoDataLoaded(dataDir, mongods(4_101));
    expect(isDemoDataLoaded(dataDir, mongods(5_101))).toBe(true);
  });

  it('does not hold for other clusters or another engine', () => {
    markDemoDataLoaded(dataDir, embeddedClusters(local(4_101)));
    expect(isDemoDataLoaded(dataDir, embeddedClusters(local(4_101, 2)))).toBe(false);
    expect(isDemoDataLoaded(dataDir, mongods(4_101))).toBe(false);
  });

  it('holds for remote clusters by their address, whoever signs in there', async () => {
    markDemoDataLoaded(dataDir, await remote('one:secret', 'a.example'));
    expect(isDemoDataLoaded(dataDir, await remote('two:other', 'a.example'))).toBe(true);
    expect(isDemoDataLoaded(dataDir, await remote('one:secret', 'b.example'))).toBe(false);
  });
});
