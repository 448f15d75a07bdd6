import { MongoClient } from 'mongodb';
import type { Endpoints } from './running-system.ts';
import { until } from './until.ts';

/** A cluster that has left is copied anew, slot by slot, on two cores that others use too. */
const IN_SYNC_MAX_MS = 180_000;

interface StoredFence {
  readonly state: string;
  readonly pushTo: readonly string[];
}

/**
 * Until every owner pushes all its slots to every other cluster of its shard: a test that has stopped
 * clusters leaves nothing to the next one.
 */
export const untilInSync = async ({ clusters }: Endpoints): Promise<void> => {
  const clients = clusters.map(({ shard, uri }) => ({
    shard,
    client: new MongoClient(uri, { serverSelectionTimeoutMS: 2_000 }),
  }));
  const replicasOf = (shard: string): number =>
    clusters.filter((cluster) => cluster.shard === shard).length - 1;
  const isInSync = async (): Promise<boolean> => {
    const open = await Promise.all(
      clients.map(async ({ shard, client }) => {
        const fences = client.db('marquee_slots').collection<StoredFence>('fences');
        const found = await fences.find({ state: 'open' }).toArray();
        return found.map(({ pushTo }) => pushTo.length === replicasOf(shard));
      }),
    );
    return open.flat().length === 1_024 && open.flat().every(Boolean);
  };
  try {
    await until(() => isInSync().catch(() => false), {
      what: 'all clusters to be in sync',
      timeoutMs: IN_SYNC_MAX_MS,
    });
  } finally {
    await Promise.all(clients.map(({ client }) => client.close()));
  }
};
