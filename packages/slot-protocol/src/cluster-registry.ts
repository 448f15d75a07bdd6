import { MarqueeError } from '@marquee/errors';
import { systemClock, type Clock } from './clock.ts';
import { ClusterUnreachable } from './cluster-unreachable.ts';
import type { DataCluster } from './data-cluster.ts';
import { Deadline } from './deadline.ts';
import { MongoDataCluster } from './mongo/mongo-data-cluster.ts';
import type { ClusterAddress, ConnectionLimits } from './mongo/open-client.ts';

/** The data clusters by name: one connection pool each, for the whole process. */
export interface ClusterRegistry {
  /**
   * The cluster of that name; reads the addresses again if it is not known yet.
   *
   * @throws CLUSTER_UNKNOWN if there is no address for it; CLUSTER_UNREACHABLE if what is found there
   * does not answer, or is not this cluster of this deployment.
   */
  get(name: string): Promise<DataCluster>;
  close(): Promise<void>;
}

export interface ClusterRegistryOptions {
  /** Reads the configuration; called at first use and whenever an unknown name is met. */
  readonly addresses: () => Promise<{ readonly clusters: readonly ClusterAddress[] }>;
  readonly random: () => number;
  readonly connection?: ConnectionLimits;
  /** The deployment whose stamp every cluster must bear; while it is not known, none is looked at. */
  readonly deployment?: () => string | undefined;
  readonly clock?: Clock;
}

/** For the look at a stamp, once per cluster and process: longer, and the cluster is not to be reached. */
const STAMP_MAX_MS = 2_000;

export const createClusterRegistry = ({
  addresses,
  random,
  connection,
  deployment = () => undefined,
  clock = systemClock,
}: ClusterRegistryOptions): ClusterRegistry => {
  const clusters = new Map<string, DataCluster>();
  const verified = new Set<string>();
  const verifying = new Map<string, Promise<void>>();
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

  const find = async (name: string): Promise<DataCluster> => {
    const known = clusters.get(name);
    if (known !== undefined) return known;
    await (reading ??= read().finally(() => (reading = undefined)));
    const found = clusters.get(name);
    if (found === undefined) throw new MarqueeError('CLUSTER_UNKNOWN', { cluster: name });
    return found;
  };

  /** An address may lead to a cluster of another deployment, or to one that has another name. */
  const verify = async (cluster: DataCluster, expected: string): Promise<void> => {
    const { name } = cluster;
    try {
      const stamp = await cluster.stamp(Deadline.after(STAMP_MAX_MS, clock));
      if (stamp?.deployment !== expected || stamp.cluster !== name) {
        throw new TypeError(`the stamp found there is ${JSON.stringify(stamp)}`);
      }
      verified.add(name);
    } catch (cause) {
      throw new ClusterUnreachable(name, { cause });
    }
  };

  return {
    async get(name) {
      const cluster = clusters.get(name) ?? (await find(name));
      if (verified.has(name)) return cluster;
      const expected = deployment();
      if (expected === undefined) return cluster;
      const underway =
        verifying.get(name) ?? verify(cluster, expected).finally(() => verifying.delete(name));
      verifying.set(name, underway);
      await underway;
      return cluster;
    },
    async close() {
      await Promise.all([...clusters.values()].map((cluster) => cluster.close()));
      clusters.clear();
    },
  };
};
