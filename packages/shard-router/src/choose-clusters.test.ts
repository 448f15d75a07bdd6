import type { Shard } from '@marquee/topology';
import { chooseClusters } from './choose-clusters.ts';

const shard: Shard = {
  name: 'a',
  owner: 'o',
  replicas: [
    { cluster: 'r1', readable: true, promotable: true },
    { cluster: 'r2', readable: true, promotable: true },
    { cluster: 'r3', readable: false, promotable: true },
  ],
  strongReadsOnly: false,
};

const choose = (resting: string[], random = 0, readFrom: 'in-sync' | 'owner' = 'in-sync') =>
  chooseClusters({ shard, readFrom, random, isResting: (name) => resting.includes(name) });

describe('chooseClusters', () => {
  it('spreads over readable replicas and ends at the owner', () => {
    expect(choose([], 0)).toEqual(['r1', 'r2', 'o']);
    expect(choose([], 0.6)).toEqual(['r2', 'r1', 'o']);
    expect(choose([], 1)).toEqual(['r2', 'r1', 'o']);
  });

  it('tries last what failed lately', () => {
    expect(choose(['r1'])).toEqual(['r2', 'o', 'r1']);
    expect(choose(['o'])).toEqual(['r1', 'r2', 'o']);
    expect(choose(['r1', 'r2'])).toEqual(['o', 'r1', 'r2']);
    expect(choose(['r1', 'r2', 'o'])).toEqual(['o', 'r1', 'r2']);
  });

  it('has the owner alone where the owner is asked for', () => {
    expect(choose([], 0, 'owner')).toEqual(['o']);
  });

  it('has the owner where there is no replica', () => {
    const alone = { ...shard, replicas: [] };
    const choice = { shard: alone, readFrom: 'in-sync', random: 0.5, isResting: () => false };
    expect(chooseClusters({ ...choice, readFrom: 'in-sync' })).toEqual(['o']);
  });
});
