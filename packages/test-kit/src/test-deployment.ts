import {
  createFences,
  Deadline,
  DEPLOYMENT,
  MongoDataCluster,
  SLOTS_DATABASE,
  systemClock,
} from '@marquee/slot-protocol';
import type { ShardMap } from '@marquee/topology';
import { SlotTable } from '@marquee/topology';
import { MongoClient } from 'mongodb';
import { createFakeNameNode, type FakeNameNode } from './fake-name-node.ts';
import { startTestClusters, type ShardPlan, type TestClusters } from './test-clusters.ts';
import { FIRST_EPOCH, newTestMap } from './test-map.ts';

/** Long enough for a busy machine; a test that waits for it has failed. */
const SET_UP_MAX_MS = 60_000;

/** Shards with fences on running clusters, and a fake NameNode that knows them. */
export interface TestDeployment {
  readonly clusters: TestClusters;
  readonly nameNode: FakeNameNode;
  readonly map: ShardMap;
  /** What a router and a writer are given. */
  readonly addresses: () => Promise<{ clusters: readonly { name: string; uri: string }[] }>;
  /** The plain driver at one cluster, to look behind the protocol; closed with the deployment. */
  mongo(name: string): MongoClient;
  close(): Promise<void>;
}

/** Two shards of an owner and a replica each, unless the plan says otherwise. */
export const startTestDeployment = async (
  shards: ShardPlan = { a: ['shard-a', 'replica-a'], b: ['shard-b', 'replica-b'] },
): Promise<TestDeployment> => {
  const clusters = await startTestClusters(shards);
  const map = newTestMap(shards);
  await foundTestDeployment(map, (name) => clusters.uriOf(name));
  const clients = new Map<string, MongoClient>();
  return {
    clusters,
    nameNode: createFakeNameNode(map),
    map,
    addresses: () => Promise.resolve({ clusters: clusters.addresses }),
    mongo(name) {
      const client = clients.get(name) ?? new MongoClient(clusters.uriOf(name));
      clients.set(name, client);
      return client;
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      await clusters.close();
    },
  };
};

/** Gives the clusters of a map their collections, indexes, fences and stamps. */
export const foundTestDeployment = async (
  map: ShardMap,
  uriOf: (cluster: string) => string,
): Promise<void> => {
  const table = new SlotTable(map);
  const deadline = Deadline.after(SET_UP_MAX_MS, systemClock);
  await Promise.all(
    map.shards.flatMap(({ name: shard, owner, replicas }) => {
      const followers = replicas.map(({ cluster }) => cluster);
      return [owner, ...followers].map(async (name) => {
        const cluster = new MongoDataCluster({ name, uri: uriOf(name) }, { random: Math.random });
        const isOwner = name === owner;
        const fences = {
          slots: table.slotsOf(shard),
          state: isOwner ? ('open' as const) : ('follower' as const),
          epoch: FIRST_EPOCH,
          edit: FIRST_EPOCH,
          pushTo: isOwner ? followers : [],
        };
        await createFences(cluster, fences, deadline);
        await cluster.close();
        await stampCluster(uriOf(name), { deployment: map.deployment, cluster: name });
      });
    }),
  );
};

// As the NameNode does: routers refuse a cluster that is not the one that they expect.
const stampCluster = async (
  uri: string,
  stamp: { readonly deployment: string; readonly cluster: string },
): Promise<void> => {
  const client = new MongoClient(uri);
  try {
    const stamps = client.db(SLOTS_DATABASE).collection<{ _id: string }>(DEPLOYMENT);
    await stamps.updateOne({ _id: 'deployment' }, { $set: stamp }, { upsert: true });
  } finally {
    await client.close();
  }
};
