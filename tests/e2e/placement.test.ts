import { COLLECTIONS, SLOT_COUNT, slotKeyOf, slotOf } from '@marquee/topology';
import { openClusters, shardsOf, type Cluster } from './clusters.ts';
import { anonymous } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

describe('each data cluster', () => {
  let endpoints: Endpoints;
  let clusters: readonly Cluster[];
  let close: () => Promise<void>;
  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    ({ clusters, close } = await openClusters(endpoints));
  }, START_TIMEOUT_MS);
  afterAll(() => close());

  const slotsIn = async (cluster: Cluster, state: string): Promise<Set<number>> => {
    const states = await cluster.fenceStates();
    return new Set([...states].filter(([, is]) => is === state).map(([slot]) => slot));
  };

  it('has exactly the four collections, with documents in each', async () => {
    for (const cluster of clusters) {
      expect((await cluster.collectionNames()).sort()).toEqual([...COLLECTIONS].sort());
      for (const collection of COLLECTIONS) {
        expect(await cluster.count(collection)).toBeGreaterThan(0);
      }
    }
  });

  it('holds documents of its shard’s slots only, each where its key says', async () => {
    for (const cluster of clusters) {
      const mine = await slotsIn(cluster, cluster.role === 'owner' ? 'open' : 'follower');
      expect(mine.size).toBeGreaterThan(0);
      const misplaced: unknown[] = [];
      for (const collection of COLLECTIONS) {
        for await (const { _id, slot } of cluster.documents(collection)) {
          const expected = slotOf(slotKeyOf(collection, _id));
          if (slot !== expected || !mine.has(slot)) misplaced.push({ collection, _id, slot });
        }
      }
      expect(misplaced).toEqual([]);
    }
  }, 60_000);

  it('shares the slots out: each has one owner', async () => {
    const owners = clusters.filter(({ role }) => role === 'owner');
    expect(shardsOf(owners)).toEqual(shardsOf(clusters));
    const owned = (await Promise.all(owners.map((cluster) => slotsIn(cluster, 'open')))).flatMap(
      (slots) => [...slots],
    );
    expect(owned.sort((a, b) => a - b)).toEqual(Array.from({ length: SLOT_COUNT }, (_, i) => i));
  });

  it('has what the others of its shard have, and the graph counts them all', async () => {
    const counts = async (cluster: Cluster) =>
      Promise.all(COLLECTIONS.map((collection) => cluster.count(collection)));
    for (const shard of shardsOf(clusters)) {
      const [first, ...others] = await Promise.all(
        clusters.filter((cluster) => cluster.shard === shard).map(counts),
      );
      for (const other of others) expect(other).toEqual(first);
    }
    const alive = await Promise.all(
      clusters
        .filter(({ role }) => role === 'owner')
        .map((cluster) => cluster.count('movies', { deleted: false })),
    );
    const { movies } = await anonymous(endpoints).ask(`{ movies(first: 1) { totalCount } }`);
    expect(movies.totalCount).toBe(alive.reduce((sum, count) => sum + count, 0));
  });
});
