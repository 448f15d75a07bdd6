import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedCluster } from '@marquee/embedded-cluster';
import { MongoClient } from 'mongodb';
import { checkClusters } from '../src/checks/cluster-checks.ts';
import { remoteClusters } from '../src/engines/atlas.ts';
import type { LauncherConfig } from '../src/config.ts';

const VARIABLES = {
  SHARD_A_URI: 'shard-a',
  SHARD_B_URI: 'shard-b',
  REPLICA_A_URI: 'replica-a',
  REPLICA_B_URI: 'replica-b',
  METADATA_URI: 'metadata',
} as const;

const folder = mkdtempSync(join(tmpdir(), 'cluster-checks-'));
const clusters = new Map<string, Awaited<ReturnType<typeof startEmbeddedCluster>>>();
const uriOf = (name: string): string => clusters.get(name)?.uri ?? '';

beforeAll(async () => {
  for (const name of Object.values(VARIABLES)) {
    clusters.set(name, await startEmbeddedCluster({ name, port: 0, dataDir: join(folder, name) }));
  }
});

afterAll(async () => {
  for (const cluster of clusters.values()) await cluster.close();
  rmSync(folder, { recursive: true });
});

const findingsWith = async (changed: Partial<Record<keyof typeof VARIABLES, string>> = {}) => {
  const uris = Object.fromEntries(
    Object.entries(VARIABLES).map(([variable, name]) => [variable, uriOf(name)]),
  );
  const config: LauncherConfig = { LOG_LEVEL: 'info', PATH: '', ...uris, ...changed };
  return checkClusters(await remoteClusters(config));
};

describe('the checks of remote clusters', () => {
  it('find nothing wrong with five replica sets, and leave nothing behind', async () => {
    expect(await findingsWith()).toEqual([]);
    const client = new MongoClient(uriOf('shard-a'));
    for (const database of ['marquee_slots', 'marquee']) {
      expect(await client.db(database).listCollections().toArray()).toEqual([]);
    }
    await client.close();
  });

  it('name the variable of a cluster that nothing listens behind, and never its password', async () => {
    const findings = await findingsWith({
      SHARD_B_URI: 'mongodb://someone:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=500',
    });
    expect(findings).toEqual([
      expect.objectContaining({ origin: 'SHARD_B_URI', severity: 'error' }),
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|127\.0\.0\.1/);
  }, 30_000);

  it('find one cluster that is given under two names', async () => {
    expect(await findingsWith({ REPLICA_B_URI: uriOf('shard-b') })).toEqual([
      { origin: 'REPLICA_B_URI', problem: 'is the same cluster as SHARD_B_URI', severity: 'error' },
    ]);
  });

  describe('of which some were used before', () => {
    const stamp = async (name: string, deployment: string): Promise<void> => {
      const client = new MongoClient(uriOf(name));
      const stamps = client
        .db('marquee_slots')
        .collection<{ _id: string; deployment: string }>('deployment');
      await stamps.replaceOne({ _id: 'deployment' }, { deployment }, { upsert: true });
      await client.close();
    };
    const found = async (deployment: string): Promise<void> => {
      const client = new MongoClient(uriOf('metadata'));
      await client
        .db('marquee_directory')
        .collection<{ _id: number; change: object }>('edits')
        .insertOne({ _id: 1, change: { deployment } });
      await client.close();
    };
    afterEach(async () => {
      for (const name of Object.values(VARIABLES)) {
        const client = new MongoClient(uriOf(name));
        await client.db('marquee_slots').dropDatabase();
        await client.db('marquee_directory').dropDatabase();
        await client.close();
      }
    });

    it('find the one that belongs to another deployment', async () => {
      await found('ours');
      for (const name of ['shard-a', 'shard-b', 'replica-a']) await stamp(name, 'ours');
      expect(await findingsWith()).toEqual([]);
      await stamp('replica-b', 'theirs');
      expect(await findingsWith()).toEqual([
        {
          origin: 'REPLICA_B_URI',
          problem: 'belongs to another deployment than METADATA_URI',
          severity: 'error',
        },
      ]);
    });

    it('find the one that belongs to any, where a new deployment is to be founded', async () => {
      await stamp('shard-b', 'theirs');
      expect(await findingsWith()).toEqual([
        {
          origin: 'SHARD_B_URI',
          problem: 'belongs to a deployment already, and METADATA_URI knows of none',
          severity: 'error',
        },
      ]);
    });
  });

  it('tell a host that is not there from a user that is refused, whatever the host is called', async () => {
    const findings = await findingsWith({
      SHARD_A_URI: 'mongodb://auth.invalid/?serverSelectionTimeoutMS=500&replicaSet=a',
    });
    expect(findings).toMatchObject([
      { origin: 'SHARD_A_URI', problem: expect.stringMatching(/host|answer/) as string },
    ]);
    expect(findings[0]?.problem).not.toContain('password');
  }, 30_000);

  it('find a cluster that allows no index', async () => {
    const client = new MongoClient(uriOf('shard-a'));
    const probes = client.db('marquee').collection('write_probes');
    // Stands for any refusal: this index is there already, under another name.
    await probes.createIndex({ at: 1 }, { name: 'other' });
    const findings = await findingsWith();
    await probes.drop();
    await client.close();
    expect(findings).toMatchObject([
      { origin: 'SHARD_A_URI', problem: expect.stringContaining('marquee') as string },
    ]);
  });

  it('say what a string is that the driver does not understand', async () => {
    const findings = await findingsWith({ METADATA_URI: 'mongodb://user:hunter2@' });
    expect(findings).toContainEqual(
      expect.objectContaining({ origin: 'METADATA_URI', severity: 'error' }),
    );
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });
});

describe('remoteClusters', () => {
  it('names every variable that is missing', async () => {
    const config: LauncherConfig = { LOG_LEVEL: 'info', PATH: '', SHARD_A_URI: 'mongodb://a' };
    await expect(remoteClusters(config)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      facts: { missing: ['SHARD_B_URI', 'REPLICA_A_URI', 'REPLICA_B_URI', 'METADATA_URI'] },
    });
  });
});
