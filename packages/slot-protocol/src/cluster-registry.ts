import { MarqueeError } from '@marquee/errors';
import type { DataCluster } from './data-cluster.ts';
import { MongoDataCluster } from './mongo/mongo-data-cluster.ts';
import type { ClusterAddress, ConnectionLimits } from './mongo/open-client.ts';

/** The data clusters by name: one connection pool each, for the whole process. */
export interface ClusterRegistry {
  /**
   * The cluster of that name; reads the addresses again if it is not known yet.
   *
   * @throws CLUSTER_UNKNOWN if there is no address for it.
   */
  get(name: string): Promise<DataCluster>;
  close(): Promise<void>;
}

export interface ClusterRegistryOptions {
  /** Reads the configuration; called at first use and whenever an unknown name is met. */
  readonly addresses: () => Promise<{ readonly clusters: readonly ClusterAddress[] }>;
  readonly random: () => number;
  readonly connection?: ConnectionLimits;
}

export const createClusterRegistry = ({
  addresses,
  random,
  connection,
}: ClusterRegistryOptions): ClusterRegistry => {
  const clusters = new Map<string, DataCluster>();
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    for (const address of (await addresses()).clusters) {
      if (clusters.has(address.name)) continue;
      clusters.set(
        address.name,
        new MongoDataCluster(address, { random, ...(connection && { connection }) }),
      );
    }
  };

  return {
    async get(name) {
      const known = clusters.get(name);
      if (known !== undefined) return known;
      await (reading ??= read().finally(() => (reading = undefined)));
      const found = clusters.get(name);
      if (found === undefined) throw new MarqueeError('CLUSTER_UNKNOWN', { cluster: name });
      return found;
    },
    async close() {
      await Promise.all([...clusters.values()].map((cluster) => cluster.close()));
      clusters.clear();
    },
  };
};
