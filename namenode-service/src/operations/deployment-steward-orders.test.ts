import { ClusterUnreachable } from '@marquee/slot-protocol';
import { addFilm, filmsOf } from '../../test/doubles/operation-world.ts';
import {
  entryOf,
  filmsAt,
  newDeployment,
  settled,
  until,
} from '../../test/doubles/led-deployment.ts';
import { CLEAR_AFTER_MS } from './clear-leftovers.ts';

describe('an order', () => {
  it('to fail over is carried out, and its steps are kept', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    const { steward, die } = await deployment.lead('one');
    const entry = entryOf({ kind: 'planned-failover', shard: 'a', to: 'a2' });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    expect((await shard('a')).owner).toBe('a2');
    expect(store.entries.get('ordered')?.steps.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['begin', 'seal a0', 'decide', 'carry out']),
    );
    await settled(deployment);
    await die();
  });

  it('that the directory does not allow is undone with the reason', async () => {
    const deployment = await newDeployment();
    const { world, store } = deployment;
    const { steward, die } = await deployment.lead('one');
    const entry = entryOf({ kind: 'planned-failover', shard: 'a', to: 'b1' });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'undone');
    expect(store.entries.get('ordered')?.outcome).toMatch(/b1 is not promotable in a/);
    await die();
  });

  it('that was taken and not begun is carried out by the next leader', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    await store.insert(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' }));
    const { die } = await deployment.lead('one');
    await until(world, async () => (await shard('a')).owner === 'a1');
    await settled(deployment);
    await die();
  });

  it('to move slots moves them with their data while they are written, and clears what was left', async () => {
    const deployment = await newDeployment();
    const { world, store, writer, films } = deployment;
    const { steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.order(entry);
    const ids = filmsOf(await world.directory(), 'a', 30).filter((id) => !films.includes(id));
    await world.drive(Promise.all(ids.map((id) => writer.write(addFilm(id)))));
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    await settled(deployment);
    const state = await world.directory();
    expect(state.slots.slice(0, 40).every(({ shard }) => shard === 'b')).toBe(true);
    expect(filmsAt(world, 'b1')).toEqual(expect.arrayContaining([...films, ...ids]));
    await world.clock.advance(CLEAR_AFTER_MS);
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    expect(filmsAt(world, 'a0')).toEqual([]);
    expect(filmsAt(world, 'b0')).toEqual(expect.arrayContaining([...films, ...ids]));
    await settled(deployment);
    await die();
  });

  it('leaves nothing to be cleared at a cluster that is a member of the shard by then', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const { leader, steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    const removal = entryOf({ kind: 'remove-cluster', shard: 'a', cluster: 'a1' }, 'removal');
    await store.insert(removal);
    steward.order(removal);
    await until(world, async () => store.entries.get('removal')?.status === 'completed');
    const added = { kind: 'cluster-added', shard: 'b', cluster: 'a1' } as const;
    await leader.leadership.append(added, { by: 'ann', why: 'she wants it' });
    await settled(deployment);
    await world.clock.advance(CLEAR_AFTER_MS);
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    expect(filmsAt(world, 'a1')).toEqual([...films].sort());
    await settled(deployment);
    await die();
  });

  it('to move slots is undone when it is cancelled, and nothing has changed', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const { steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 100 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.cancel(entry.id);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'undone');
    const state = await world.directory();
    expect(state.slots.every(({ shard }, slot) => shard === (slot < 512 ? 'a' : 'b'))).toBe(true);
    await settled(deployment);
    expect(filmsAt(world, 'a0')).toEqual([...films].sort());
    await die();
  });
});

describe('what a migration has left', () => {
  it('is cleared wherever a cluster answers, while another is silent, and there later', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const { steward, die } = await deployment.lead('one');
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    await settled(deployment);
    // Only what it is asked for from here on stays without an answer, for as long as a deadline is.
    const { transaction } = world.at('a0');
    let calls = 0;
    world.at('a0').transaction = async () => {
      calls += 1;
      await new Promise<void>((resolve) => world.clock.setTimer(resolve, 2_000));
      throw new ClusterUnreachable('a0');
    };
    await world.clock.advance(CLEAR_AFTER_MS);
    await until(world, async () => filmsAt(world, 'a1').length + filmsAt(world, 'a2').length === 0);
    expect(filmsAt(world, 'a0')).toEqual([...films].sort());
    calls = 0;
    await world.clock.advance(600_000);
    expect(calls).toBeLessThan(40);
    world.at('a0').transaction = transaction;
    await world.clock.advance(300_000);
    await until(world, async () => (await world.directory()).leftovers.length === 0);
    expect(filmsAt(world, 'a0')).toEqual([]);
    await settled(deployment);
    await die();
  });
});
