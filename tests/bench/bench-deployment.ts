import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import {
  createFakeNameNode,
  createTempDir,
  foundTestDeployment,
  newTestMap,
  type ShardPlan,
} from '@marquee/test-kit';
import { MongoClient } from 'mongodb';

const SHARDS: ShardPlan = { a: ['shard-a', 'replica-a'], b: ['shard-b', 'replica-b'] };

const ENTRY = fileURLToPath(
  new URL('../../packages/embedded-cluster/dist/main.js', import.meta.url),
);

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Shards whose clusters are processes of their own, as they are in use. */
export interface BenchDeployment {
  readonly router: ShardRouter;
  /** The bare driver at one cluster. */
  mongo(cluster: string): MongoClient;
  close(): Promise<void>;
}

/** Two shards of an owner and a replica each, unless the plan says otherwise. */
export const startBenchDeployment = async (
  shards: ShardPlan = SHARDS,
): Promise<BenchDeployment> => {
  const dir = await createTempDir();
  const running = await Promise.all(
    Object.values(shards)
      .flat()
      .map(async (name) => ({ name, ...(await startCluster(name, join(dir.path, name))) })),
  );
  const uriOf = (name: string): string => {
    const uri = running.find((cluster) => cluster.name === name)?.uri;
    if (uri === undefined) throw new TypeError(`there is no cluster ${name}`);
    return uri;
  };
  const map = newTestMap(shards);
  await foundTestDeployment(map, uriOf);
  const clients = new Map<string, MongoClient>();
  const router = createShardRouter({
    nameNodeClient: createFakeNameNode(map),
    addresses: () => Promise.resolve({ clusters: running }),
    logger: silent,
  });
  return {
    router,
    mongo(name) {
      const known = clients.get(name);
      if (known !== undefined) return known;
      const client = new MongoClient(uriOf(name), {
        readConcern: { level: 'majority' },
        writeConcern: { w: 'majority' },
        maxPoolSize: 40,
      });
      clients.set(name, client);
      return client;
    },
    async close() {
      await router.close();
      await Promise.all([...clients.values()].map((client) => client.close()));
      await Promise.all(running.map(({ child }) => stop(child)));
      await dir.remove();
    },
  };
};

const startCluster = async (
  name: string,
  dataDir: string,
): Promise<{ child: ChildProcess; uri: string }> => {
  const child = spawn(process.execPath, [ENTRY, '--name', name, '--port', '0', '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const uri = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`cluster ${name} ended with ${String(code)}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /listening (\S+)/.exec(chunk.toString());
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
  return { child, uri };
};

const stop = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
};
