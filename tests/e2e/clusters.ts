import type { CollectionName } from '@marquee/topology';
import { MongoClient, type Document } from 'mongodb';
import type { Endpoints } from './running-system.ts';
import { untilInSync } from './until-in-sync.ts';

export interface Stored extends Document {
  readonly _id: string;
  readonly slot: number;
  readonly deleted: boolean;
}

/** One data cluster as the plain driver sees it. */
export interface Cluster {
  readonly name: string;
  readonly shard: string;
  /** As it was when the clusters were opened: an earlier test may have made the owner another. */
  readonly role: 'owner' | 'replica';
  find(collection: CollectionName, id: string): Promise<Stored | null>;
  documents(collection: CollectionName): AsyncIterable<Stored>;
  count(collection: CollectionName, filter?: Document): Promise<number>;
  collectionNames(): Promise<string[]>;
  /** Records of the slot protocol: one for each operation. */
  operationCount(): Promise<number>;
  /** Slot → state of its fence. */
  fenceStates(): Promise<Map<number, string>>;
  ping(): Promise<void>;
}

const MAIN_DATABASE = 'marquee';
const SLOTS_DATABASE = 'marquee_slots';

/** The data clusters, all in sync, by connections of their own; close them when done. */
export const openClusters = async (
  endpoints: Endpoints,
): Promise<{ clusters: readonly Cluster[]; close: () => Promise<void> }> => {
  await untilInSync(endpoints);
  const opening = endpoints.clusters.map(async ({ name, shard, uri }) => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 2_000 });
    const main = client.db(MAIN_DATABASE);
    const fences = client.db(SLOTS_DATABASE).collection<{ _id: number; state: string }>('fences');
    const ownsSlots = (await fences.findOne({ state: 'open' })) !== null;
    const collection = (of: CollectionName) => main.collection<Stored>(of);
    const cluster: Cluster = {
      name,
      shard,
      role: ownsSlots ? 'owner' : 'replica',
      find: (of, id) => collection(of).findOne({ _id: id }),
      documents: (of) => collection(of).find({}, { projection: { slot: 1, deleted: 1 } }),
      count: (of, filter = {}) => collection(of).countDocuments(filter),
      collectionNames: async () =>
        (await main.listCollections({}, { nameOnly: true }).toArray()).map(({ name: of }) => of),
      fenceStates: async () =>
        new Map((await fences.find().toArray()).map(({ _id, state }) => [_id, state])),
      operationCount: () => client.db(SLOTS_DATABASE).collection('records').countDocuments(),
      ping: async () => {
        await main.command({ ping: 1 });
      },
    };
    return { cluster, client };
  });
  const opened = await Promise.all(opening);
  return {
    clusters: opened.map(({ cluster }) => cluster),
    close: async () => {
      await Promise.all(opened.map(({ client }) => client.close()));
    },
  };
};

export const shardsOf = (clusters: readonly { readonly shard: string }[]): string[] =>
  [...new Set(clusters.map(({ shard }) => shard))].sort();

/** How many operations each cluster has applied: what a refused request must not change. */
export const operationCounts = async (
  clusters: readonly Cluster[],
): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(
      clusters.map(async (cluster) => [cluster.name, await cluster.operationCount()] as const),
    ),
  );
