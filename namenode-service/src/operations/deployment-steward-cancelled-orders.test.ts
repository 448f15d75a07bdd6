import { entryOf, newDeployment, settled, until } from '../../test/doubles/led-deployment.ts';

describe('an order that is cancelled', () => {
  it.each([
    ['planned-failover', { kind: 'planned-failover', shard: 'a', to: 'a2' }],
    ['failover', { kind: 'failover', shard: 'a', automatic: false }],
    ['unclean-failover', { kind: 'unclean-failover', shard: 'a', to: 'a2' }],
  ] as const)('before it has begun never begins: %s', async (_kind, plan) => {
    const deployment = await newDeployment();
    const { world, store, shard, kinds } = deployment;
    const { steward, die } = await deployment.lead('one');
    await settled(deployment);
    const slots = Array.from({ length: 40 }, (_, slot) => slot);
    const before = entryOf({ kind: 'migration', from: 'a', to: 'b', slots }, 'before');
    const entry = entryOf(plan);
    for (const each of [before, entry]) {
      await store.insert(each);
      steward.order(each);
    }
    await until(world, async () => kinds().includes('operation-begun'));
    steward.cancel('ordered');
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')).toMatchObject({
      status: 'undone',
      outcome: 'it was cancelled before it began',
    });
    expect((await shard('a')).owner).toBe('a0');
    expect(kinds().filter((kind) => kind === 'operation-begun')).toHaveLength(1);
    await settled(deployment);
    await die();
  });

  it('while it compares, or waits for the read lease, is undone at once', async () => {
    for (const step of ['compare both sides', 'wait until no router trusts an older map']) {
      const deployment = await newDeployment();
      const { world, store, kinds } = deployment;
      const { steward, die } = await deployment.lead('one');
      await settled(deployment);
      const slots = Array.from({ length: 40 }, (_, slot) => slot);
      const entry = entryOf({ kind: 'migration', from: 'a', to: 'b', slots });
      await store.insert(entry);
      const { addStep } = store;
      let atMs = 0;
      store.addStep = async (id, added) => {
        if (added.what === step) {
          steward.cancel('ordered');
          atMs = world.clock.now();
        }
        return addStep.call(store, id, added);
      };
      steward.order(entry);
      await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
      expect(store.entries.get('ordered')?.status).toBe('undone');
      expect((store.entries.get('ordered')?.endedAtMs ?? 0) - atMs).toBeLessThan(1_000);
      expect(kinds()).not.toContain('slots-moved');
      await settled(deployment);
      await die();
    }
  });
});
