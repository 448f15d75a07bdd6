import { MarqueeError } from '@marquee/errors';
import { entryOf, newDeployment, settled, until } from '../../test/doubles/led-deployment.ts';

const MIGRATE = { kind: 'migrate' as const, to: 'b', slots: [], why: 'she wants it' };

describe('a leader that died', () => {
  it('in the midst of an ordered migration: its successor undoes it and moves the rest', async () => {
    const deployment = await newDeployment();
    const { world, store, kinds } = deployment;
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
    await store.insert({ ...entry, request: MIGRATE });
    const first = await deployment.lead('one');
    world.onStep = (what) => {
      if (what === 'append slots-moved') first.leader.leadership.stepDown();
    };
    await until(world, async () => kinds().includes('slots-moved'));
    await first.die();
    world.onStep = () => undefined;
    const moved = (await world.directory()).slots.filter(({ shard }, n) => n < 40 && shard === 'b');
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThan(40);

    const told: string[] = [];
    const { update } = store;
    store.update = async (id, change) => {
      if (change.status !== undefined) told.push(change.status);
      return update.call(store, id, change);
    };
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    expect(told).toEqual(['queued', 'running', 'completed']);
    expect(kinds()).toContain('operation-undone');
    const state = await world.directory();
    expect(state.slots.slice(0, 40).every(({ shard }) => shard === 'b')).toBe(true);
    await settled(deployment);
    await die();
  });

  it('does not make its successor refuse what waits behind: that begins when it is undone', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    const first = await deployment.lead('one');
    await settled(deployment);
    const plan = { kind: 'migration', from: 'a', to: 'b', slots: [1, 2, 3] } as const;
    const begun = { kind: 'operation-begun', operationId: 'left', plan } as const;
    await first.leader.leadership.append(begun, { by: 'one', why: 'test' });
    await first.die();
    await store.insert(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' }));
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')?.status).toBe('completed');
    expect((await shard('a')).owner).toBe('a1');
    await settled(deployment);
    await die();
  });

  it('leaves orders that are found also when the metadata cluster is silent at first', async () => {
    const deployment = await newDeployment();
    const { world, store, shard } = deployment;
    await store.insert(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' }));
    const { unfinished } = store;
    let silences = 3;
    store.unfinished = async () => {
      if (silences-- > 0) throw new MarqueeError('METADATA_UNAVAILABLE');
      return unfinished.call(store);
    };
    const { die } = await deployment.lead('two');
    await until(world, async () => (await shard('a')).owner === 'a1');
    await settled(deployment);
    await die();
  });
});

describe('an operation during which the log could not be written', () => {
  it('is undone once it can, and its entry ends', async () => {
    const deployment = await newDeployment();
    const { world, store, log: logged } = deployment;
    const { steward, die } = await deployment.lead('one');
    await settled(deployment);
    const entry = entryOf({ kind: 'planned-failover', shard: 'a', to: 'a1' });
    await store.insert(entry);
    world.onStep = (what) => {
      if (what === 'append owner-changed') world.log.down = true;
    };
    steward.order(entry);
    await until(world, async () => logged.warn.length > 0);
    world.onStep = () => undefined;
    world.log.down = false;
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')?.status).toBe('undone');
    await settled(deployment);
    await die();
  });
});
