import type { OperationWorld } from '../../test/doubles/operation-world.ts';
import {
  entryOf,
  filmsAt,
  newDeployment,
  settled,
  until,
} from '../../test/doubles/led-deployment.ts';
import { inSyncClusters } from '../directory/directory-state.ts';
import type { Change } from '../directory/edit.ts';
import { CLEAR_AFTER_MS } from './clear-leftovers.ts';

describe('safe mode', () => {
  const newerFence = (world: OperationWorld, cluster: string) => {
    const fence = world.at(cluster).contents.fences.get(5)!;
    world.at(cluster).contents.fences.set(5, { ...fence, edit: 900 });
    return () => world.at(cluster).contents.fences.set(5, fence);
  };

  it('holds orders, comparisons and clearing off the shard, and nothing else', async () => {
    const deployment = await newDeployment();
    const { world, store, shard, log } = deployment;
    const mend = newerFence(world, 'a1');
    const before = [...world.at('a0').contents.fences.values()];
    const held = entryOf({ kind: 'planned-failover', shard: 'a', to: 'a2' }, 'held');
    await store.insert(held);
    const other = entryOf({ kind: 'planned-failover', shard: 'b', to: 'b1' }, 'other');
    await store.insert(other);
    const { die, leader, steward } = await deployment.lead('one');
    const left: Change = { kind: 'leftovers-found', cluster: 'a1', slots: [900] };
    await leader.leadership.append(left, { by: 'ann', why: 'test' });
    steward.compareSoon('a');
    await until(world, async () => (await shard('b')).owner === 'b1');
    await world.clock.advance(CLEAR_AFTER_MS + 60_000);
    expect(leader.leadership.isLeader).toBe(true);
    expect(steward.safeModeOf('a')).toBe('held');
    expect(steward.safeModeOf('b')).toBe('over');
    expect(store.entries.get('held')?.status).toBe('queued');
    expect((await world.directory()).leftovers).toHaveLength(1);
    expect([...world.at('a0').contents.fences.values()]).toEqual(before);
    expect(
      log.error.filter((about) => 'event' in about && about.event === 'safe-mode'),
    ).toHaveLength(1);

    mend();
    await until(world, async () => (await shard('a')).owner === 'a2');
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    await settled(deployment);
    await die();
  });

  it('looks at the fences rarely while it holds a shard', async () => {
    const deployment = await newDeployment();
    const { world } = deployment;
    newerFence(world, 'a1');
    const { die, steward } = await deployment.lead('one');
    await until(world, async () => steward.safeModeOf('a') === 'held');
    let calls = 0;
    world.onStep = (what) => {
      if (what === 'call a0') calls += 1;
    };
    await world.clock.advance(600_000);
    expect(calls).toBeLessThan(20);
    await die();
  });

  it('does not keep a person from giving the shard to the only cluster that answers', async () => {
    const deployment = await newDeployment();
    const { world, store, set, shard } = deployment;
    const first = await deployment.lead('one');
    set('a2', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    set('a0', 'down');
    set('a1', 'down');
    await first.die();
    world.at('a2').down = false;
    await store.insert(entryOf({ kind: 'unclean-failover', shard: 'a', to: 'a2' }));
    const { die } = await deployment.lead('two');
    await until(world, async () => (await shard('a')).owner === 'a2');
    for (const cluster of ['a0', 'a1', 'a2']) set(cluster, 'healthy');
    await settled(deployment);
    await die();
  });

  it('holds a shard whose fences are newer than the log: nothing is touched', async () => {
    const deployment = await newDeployment();
    const { world, log } = deployment;
    const fence = world.at('a1').contents.fences.get(5)!;
    world.at('a1').contents.fences.set(5, { ...fence, edit: 900 });
    const { die, leader } = await deployment.lead('one');
    await until(world, async () => log.error.length > 0);
    expect(log.error[0]).toMatchObject({
      event: 'safe-mode',
      shard: 'a',
      cluster: 'a1',
      edit: 900,
    });
    expect(world.at('a0').contents.fences.get(0)?.edit).toBe(1);
    expect(leader.leadership.isLeader).toBe(true);
    await die();
  });
});

describe('a comparison of the fences', () => {
  it('finds an owner that pushes to others than the replicas that are in sync', async () => {
    const deployment = await newDeployment();
    const { world, steward, die } = { ...deployment, ...(await deployment.lead('one')) };
    // The first look settles all fences, whatever they are.
    await world.clock.advance(5_000);
    const { fences } = world.at('a0').contents;
    fences.set(3, { ...fences.get(3)!, pushTo: ['a1'] });
    fences.set(4, { ...fences.get(4)!, pushTo: ['a1', 'a2', 'gone'] });
    steward.compareSoon('a');
    await settled(deployment);
    await die();
  });

  it('brings along what a writer that died has left behind', async () => {
    const deployment = await newDeployment();
    const { world, steward } = { ...deployment, ...(await deployment.lead('one')) };
    await settled(deployment);
    const { contents } = world.at('a2');
    const film = deployment.films[0]!;
    const { slot } = contents.documents.get('movies')!.get(film)!;
    contents.documents.get('movies')!.delete(film);
    contents.records.delete(slot);
    contents.fences.set(slot, { ...contents.fences.get(slot)!, sequence: 0 });
    steward.compareSoon('a');
    await settled(deployment);
    expect(filmsAt(world, 'a2')).toContain(film);
    expect(steward.comparisonOf('a')?.lag.get('a2')).toBe(1);
  });
});
