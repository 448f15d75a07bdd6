import { Deadline } from '@marquee/slot-protocol';
import { MemoryCluster } from '../../test/doubles/memory-cluster.ts';
import { VirtualClock } from '../../test/doubles/virtual-clock.ts';
import type { FoundedDirectory, Quarantine } from '../directory/directory-state.ts';
import { usableClusters } from './usable-cluster.ts';

const start = () => {
  const world = { quarantined: [] as Quarantine[] };
  const connect = usableClusters(
    (name) => Promise.resolve(new MemoryCluster(name)),
    () =>
      ({
        status: 'running',
        shards: [{ name: 'a', owner: 'a0' }],
        quarantined: world.quarantined,
      }) as unknown as FoundedDirectory,
  );
  return { world, connect };
};

const soon = () => Deadline.after(1_000, new VirtualClock());

describe('a cluster that operations use', () => {
  it('answers no call any more once it is quarantined, whoever had it before', async () => {
    const { connect, world } = start();
    const owner = await connect('a0');
    expect(owner.name).toBe('a0');
    await owner.ping(soon());
    world.quarantined = [{ cluster: 'a0', why: 'foreign', sinceEdit: 7 }];
    await expect(owner.ping(soon())).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    await expect(connect('a0')).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    world.quarantined = [];
    await owner.ping(soon());
  });

  it('is used as a replica that was restored, for a copy mends it, and not as such an owner', async () => {
    const { connect, world } = start();
    world.quarantined = ['a0', 'a1'].map((cluster) => ({
      cluster,
      why: 'restored',
      sinceEdit: 7,
    }));
    await expect(connect('a0')).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    await (await connect('a1')).ping(soon());
  });
});
