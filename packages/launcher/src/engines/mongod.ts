import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MarqueeError } from '@marquee/errors';
import { MongoClient } from 'mongodb';
import type { Ports } from '../ports.ts';
import { nodeProgram, type ProcessSpec } from '../processes/process-spec.ts';
import { METADATA, plannedClusters, type ClusterSet } from './cluster-set.ts';

/** WiredTiger's cache of each of the five processes: they share one machine. */
export const MONGOD_CACHE_GB = 0.25;

/** A fresh single-node set elects itself within a few seconds. */
const PRIMARY_WITHIN_MS = 30_000;
const PRIMARY_POLL_MS = 100;

/** Code of replSetGetStatus at a node that belongs to no set yet. */
const NOT_YET_INITIALIZED = 94;

/** Real mongod processes, each a replica set of one node; their data lies in the data folder. */
export const mongodClusters = (options: {
  readonly root: string;
  readonly binary: string;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly environment: Readonly<Record<string, string>>;
}): ClusterSet => {
  const hostOf = (name: string): string => `127.0.0.1:${options.ports[name] ?? 0}`;
  const uriOf = (name: string): string => `mongodb://${hostOf(name)}/?replicaSet=${name}`;
  const planned = plannedClusters(options.shards, options.replicasPerShard);
  const names = [...planned.map(({ name }) => name), METADATA];
  const folderOf = (name: string): string => join(options.dataDir, 'mongod', name);
  const process = (name: string): ProcessSpec => ({
    ...nodeProgram(options.root, {
      name,
      script: 'packages/launcher/bin/hold-program.mjs',
      args: [
        options.binary,
        ...['--replSet', name, '--dbpath', folderOf(name)],
        ...['--bind_ip', '127.0.0.1', '--port', String(options.ports[name] ?? 0)],
        ...['--wiredTigerCacheSizeGB', String(MONGOD_CACHE_GB), '--noauth'],
      ],
      env: options.environment,
    }),
    saysListening: (line) => line.includes('Waiting for connections'),
  });
  return {
    clusters: planned.map((cluster) => ({ ...cluster, uri: uriOf(cluster.name) })),
    metadata: { uri: uriOf(METADATA) },
    dataIdentity: planned.map(({ name }) => `mongod ${name}`),
    makeFolders: () => {
      for (const name of names) mkdirSync(folderOf(name), { recursive: true, mode: 0o700 });
    },
    processes: names.map(process),
    prepare: async () => {
      await Promise.all(names.map((name) => becomePrimary(name, hostOf(name))));
    },
  };
};

const becomePrimary = async (name: string, host: string): Promise<void> => {
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`);
  try {
    const admin = client.db('admin');
    await admin.command({ replSetGetStatus: 1 }).catch(async (error: unknown) => {
      if ((error as { code?: unknown }).code !== NOT_YET_INITIALIZED) throw error;
      await admin.command({ replSetInitiate: { _id: name, members: [{ _id: 0, host }] } });
    });
    const deadlineMs = performance.now() + PRIMARY_WITHIN_MS;
    for (;;) {
      const hello = await admin.command({ hello: 1 });
      if (hello.isWritablePrimary === true) return;
      if (performance.now() > deadlineMs) {
        const message = `${name} did not become primary within ${PRIMARY_WITHIN_MS / 1000} s`;
        throw new MarqueeError('NOT_READY', { cluster: name }, { message });
      }
      await delay(PRIMARY_POLL_MS);
    }
  } finally {
    await client.close();
  }
};
