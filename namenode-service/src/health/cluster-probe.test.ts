import type { ClusterStamps, StoredStamp } from '../clusters/cluster-stamp.ts';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import { createClusterProbe } from './cluster-probe.ts';
import { HeartbeatMemory } from './heartbeat-memory.ts';

const start = ({ raises = true } = {}) => {
  const world = {
    stored: { deployment: 'd', cluster: 'a', heartbeat: 7 } as StoredStamp | null,
    writes: 0,
    verdicts: [] as (string | null)[],
  };
  const stamps = {
    read: () => Promise.resolve(world.stored),
    beat: (_cluster, { deployment, cluster }) => {
      const before = world.stored;
      if (before?.deployment === deployment && before.cluster === cluster) {
        world.writes += 1;
        world.stored = { ...before, heartbeat: before.heartbeat + 1 };
      }
      return Promise.resolve(before);
    },
    claim: () => Promise.reject(new Error('no probe claims anything')),
  } as ClusterStamps;
  const state = { status: 'running', deployment: 'd' } as FoundedDirectory;
  const heartbeats = new HeartbeatMemory();
  const probe = createClusterProbe({
    follower: { state },
    stamps,
    heartbeats,
    raises: () => raises,
    onVerdict: (_cluster, verdict) => world.verdicts.push(verdict),
  });
  return { world, heartbeats, look: () => probe('a', new AbortController().signal) };
};

describe('a probe', () => {
  it('finds nothing wrong with a cluster whose number only rises', async () => {
    const { look, world } = start();
    await look();
    await look();
    expect(world.verdicts).toEqual([null, null]);
    expect(world.stored?.heartbeat).toBe(9);
  });

  it('finds a cluster that was restored from a backup, however young', async () => {
    const { look, world } = start();
    await look();
    const backup = world.stored;
    await look();
    world.stored = backup;
    await look();
    expect(world.verdicts).toEqual([null, null, 'restored']);
  });

  it('knows by what another instance has seen, without raising anything', async () => {
    const { heartbeats, look, world } = start({ raises: false });
    heartbeats.learn('a', 8);
    await look();
    expect(world.verdicts).toEqual(['restored']);
    expect(world.writes).toBe(0);
  });

  it('lets a cluster begin anew after its quarantine', async () => {
    const { heartbeats, look, world } = start();
    heartbeats.learn('a', 100);
    await look();
    const quarantine = { cluster: 'a', why: 'restored', sinceEdit: 5 } as const;
    heartbeats.forget([quarantine]);
    await look();
    // The same quarantine, seen again with every edit, makes it forget nothing more.
    heartbeats.forget([quarantine]);
    expect(heartbeats.isBehind('a', 1)).toBe(true);
    expect(world.verdicts).toEqual(['restored', null]);
  });

  it.each([
    ['foreign', { deployment: 'other', cluster: 'a', heartbeat: 9 }],
    ['duplicate', { deployment: 'd', cluster: 'b', heartbeat: 9 }],
    ['empty', null],
  ])('finds one that is %s, fails, and writes nothing there', async (verdict, stored) => {
    const { look, world } = start();
    world.stored = stored;
    await expect(look()).rejects.toMatchObject({ code: 'CLUSTER_REFUSED' });
    expect(world.verdicts).toEqual([verdict]);
    expect(world.writes).toBe(0);
  });
});
