import { join } from 'node:path';
import { startEmbeddedCluster, type EmbeddedCluster } from '@marquee/embedded-cluster';
import { createTempDir } from './temp-dir.ts';

/** Shard → its clusters, the owner first. */
export type ShardPlan = Readonly<Record<string, readonly string[]>>;

export interface TestClusterAddress {
  readonly name: string;
  readonly shard: string;
  readonly role: 'owner' | 'replica';
  readonly uri: string;
}

/** Running clusters, in this process, on free ports, with data of their own. */
export interface TestClusters {
  readonly addresses: readonly TestClusterAddress[];
  uriOf(name: string): string;
  /** As if its process had been killed: connections drop, nobody listens. */
  stop(name: string): Promise<void>;
  /** The same data at the same address again. */
  restart(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts every cluster of the plan on the embedded engine. */
export const startTestClusters = async (shards: ShardPlan): Promise<TestClusters> => {
  const dir = await createTempDir();
  const running = new Map<string, EmbeddedCluster>();
  const start = async (name: string, port: number): Promise<EmbeddedCluster> => {
    const cluster = await startEmbeddedCluster({
      name,
      port,
      dataDir: join(dir.path, name),
      testCommands: true,
    });
    running.set(name, cluster);
    return cluster;
  };
  const addresses = await Promise.all(
    Object.entries(shards).flatMap(([shard, names]) =>
      names.map(async (name, index): Promise<TestClusterAddress> => {
        const { uri } = await start(name, 0);
        return { name, shard, role: index === 0 ? 'owner' : 'replica', uri };
      }),
    ),
  );
  const uriOf = (name: string): string => {
    const address = addresses.find((known) => known.name === name);
    if (address === undefined) throw new TypeError(`there is no cluster ${name}`);
    return address.uri;
  };
  return {
    addresses,
    uriOf,
    async stop(name) {
      await running.get(name)?.close();
      running.delete(name);
    },
    async restart(name) {
      if (!running.has(name)) await start(name, Number(new URL(uriOf(name)).port));
    },
    async close() {
      await Promise.all([...running.values()].map((cluster) => cluster.close()));
      await dir.remove();
    },
  };
};
