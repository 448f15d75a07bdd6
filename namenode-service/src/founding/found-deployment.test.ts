import type { DataCluster, Deadline, Fence } from '@marquee/slot-protocol';
import type { ClusterAddresses } from '@marquee/service-kit';
import { MemoryEditLog } from '../../test/doubles/memory-edit-log.ts';
import { MemoryLeaseStore } from '../../test/doubles/memory-lease-store.ts';
import { VirtualClock } from '../../test/doubles/virtual-clock.ts';
import { AddressBook } from '../clusters/address-book.ts';
import type { ClusterStamp, ClusterStamps } from '../clusters/cluster-stamp.ts';
import type { EditLog } from '../edit-log/edit-log.ts';
import { Leadership } from '../leader/leadership.ts';
import { DirectoryFollower } from '../served-map/directory-follower.ts';
import { foundDeployment } from './found-deployment.ts';

class Crash extends Error {}

/** Clusters, metadata and addresses that outlive the instances which work on them. */
const world = (names = ['a0', 'a1', 'b0', 'b1']) => {
  const addresses: ClusterAddresses = {
    clusters: names.map((name) => ({
      name,
      shard: name.slice(0, 1),
      role: name.endsWith('0') ? 'owner' : 'replica',
      uri: `mongodb://${name}`,
    })),
    metadata: { uri: 'mongodb://metadata' },
  };
  const fences = new Map(names.map((name) => [name, new Map<number, Fence>()]));
  const indexed = new Set<string>();
  const stamps = new Map<string, ClusterStamp>();
  const log = new MemoryEditLog();
  const leases = new MemoryLeaseStore();
  /** Two names for one cluster. */
  const aliases = new Map<string, string>();
  return { addresses, fences, indexed, stamps, log, leases, aliases };
};

type World = ReturnType<typeof world>;

/** One instance, which dies at the `crashAt`-th thing that it does to the outside, before or after. */
const foundOnce = async (of: World, crashAt = Infinity, after = false): Promise<number> => {
  let steps = 0;
  const step = async <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
    steps += 1;
    if (steps === crashAt && !after) throw new Crash();
    if (steps > crashAt) throw new Crash();
    const result = await work();
    if (steps === crashAt) throw new Crash();
    return result;
  };
  const physical = (name: string) => of.aliases.get(name) ?? name;
  const stamps: ClusterStamps = {
    read: (name) =>
      step(() => {
        const found = of.stamps.get(physical(name));
        return found === undefined ? null : { ...found, heartbeat: 0 };
      }),
    beat: () => Promise.reject(new Error('not before the founding is complete')),
    claim: (name, stamp) =>
      step(() => {
        const found = of.stamps.get(physical(name)) ?? stamp;
        of.stamps.set(physical(name), found);
        return found;
      }),
  };
  const clusterOf = (name: string) =>
    ({
      name,
      ensureIndexes: (_deadline: Deadline) => step(() => void of.indexed.add(name)),
      createFences: (fences: readonly Fence[]) =>
        step(() => {
          const stored = of.fences.get(physical(name));
          for (const fence of fences) if (!stored?.has(fence.slot)) stored?.set(fence.slot, fence);
        }),
    }) as unknown as DataCluster;
  const log: EditLog = {
    append: (edit) => step(() => of.log.append(edit)),
    readToEnd: (number) => of.log.readToEnd(number),
    page: (number, limit) => of.log.page(number, limit),
    loadSnapshot: () => of.log.loadSnapshot(),
    saveSnapshot: (state) => of.log.saveSnapshot(state),
  };

  const clock = new VirtualClock();
  const follower = new DirectoryFollower(log, clock);
  const leadership = new Leadership({
    instance: 'test',
    url: () => null,
    log,
    leases: of.leases,
    follower,
    clock,
    detectionTimeMs: 1_000,
    onWarning: () => undefined,
  });
  const stop = new AbortController();
  const running = leadership.run(stop.signal);
  try {
    await clock.advance(10);
    if (!leadership.isLeader) throw new Crash();
    await foundDeployment({
      addresses: new AddressBook(of.addresses, () => Promise.resolve(of.addresses)),
      stamps,
      cluster: (name) => Promise.resolve(clusterOf(name)),
      leadership,
      follower,
      clock,
      newDeploymentId: () => crypto.randomUUID(),
      instance: 'test',
    });
  } finally {
    stop.abort();
    await running;
  }
  return steps;
};

const expectFounded = (of: World): void => {
  expect(of.log.edits.map(({ change }) => change.kind)).toContain('founding-completed');
  expect(of.log.edits.filter((edit) => edit.change.kind === 'deployment-founded')).toHaveLength(1);
  expect(new Set([...of.stamps.values()].map(({ deployment }) => deployment)).size).toBe(1);
  for (const [name, fences] of of.fences) {
    expect(fences.size).toBe(1024);
    expect(of.indexed.has(name)).toBe(true);
  }
  const states = Array.from({ length: 1024 }, (_, slot) =>
    [...of.fences.values()]
      .map((fences) => fences.get(slot)?.state)
      .sort()
      .join(),
  );
  expect(new Set(states)).toEqual(new Set(['follower,moved,moved,open']));
};

describe('founding a deployment', () => {
  it('opens every slot at its owner alone, which pushes to the replicas of its shard', async () => {
    const of = world();
    await foundOnce(of);
    expectFounded(of);
    expect(of.fences.get('a0')?.get(0)).toMatchObject({ state: 'open', pushTo: ['a1'], epoch: 1 });
    expect(of.fences.get('b1')?.get(1023)).toMatchObject({ state: 'follower', pushTo: [] });
  });

  it('goes on after a crash at any step, before or after it was done', async () => {
    const steps = await foundOnce(world());
    expect(steps).toBeGreaterThan(20);
    for (let crashAt = 1; crashAt <= steps; crashAt++) {
      for (const after of [false, true]) {
        const of = world();
        await foundOnce(of, crashAt, after).catch(() => undefined);
        await foundOnce(of);
        expectFounded(of);
      }
    }
  });

  it('is done once: afterwards a missing fence is never made', async () => {
    const of = world();
    await foundOnce(of);
    of.fences.get('a0')?.clear();
    await foundOnce(of);
    expect(of.fences.get('a0')?.size).toBe(0);
  });

  it('refuses a cluster that belongs to another deployment, by name, and logs nothing', async () => {
    const of = world();
    of.stamps.set('b1', { deployment: 'another', cluster: 'b1' });
    await expect(foundOnce(of)).rejects.toMatchObject({
      code: 'CLUSTER_REFUSED',
      message: expect.stringMatching(/b1.*another/),
    });
    expect(of.log.edits).toEqual([]);
  });

  it('refuses one cluster given under two names, by both', async () => {
    const of = world();
    of.aliases.set('a1', 'a0');
    await expect(foundOnce(of)).rejects.toMatchObject({
      code: 'CLUSTER_REFUSED',
      message: expect.stringMatching(/a1.*a0/),
    });
    of.aliases.clear();
    await foundOnce(of);
    expectFounded(of);
  });

  it.each([
    [['a1', 'b0'], /shard a needs exactly one owner/],
    [['a0', 'b1'], /shard b needs exactly one owner/],
  ])('refuses a clusters file of %j', async (names, message) => {
    await expect(foundOnce(world(names))).rejects.toThrow(message);
  });
});
