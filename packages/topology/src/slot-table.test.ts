import type { ShardMap } from './shard-map.ts';
import { SlotTable } from './slot-table.ts';

const map: ShardMap = {
  deployment: 'd',
  version: 3,
  shards: [
    { name: 'a', owner: 'shard-a', replicas: [], strongReadsOnly: false },
    { name: 'b', owner: 'shard-b', replicas: [], strongReadsOnly: true },
  ],
  slots: [
    { from: 0, to: 511, shard: 'a', epoch: 1 },
    { from: 512, to: 512, shard: 'a', epoch: 3, strongReadsOnly: true },
    { from: 513, to: 1023, shard: 'b', epoch: 2 },
  ],
};

describe('SlotTable', () => {
  it('knows shard, epoch and read rule of every slot', () => {
    const table = new SlotTable(map);
    expect(table.placementOf(0)).toMatchObject({ epoch: 1, strongReadsOnly: false });
    expect(table.placementOf(512)).toMatchObject({ epoch: 3, strongReadsOnly: true });
    expect(table.placementOf(1023).shard.owner).toBe('shard-b');
    expect(table.placementOf(1023).strongReadsOnly).toBe(true);
    expect(table.slotsOf('b')).toHaveLength(511);
  });

  it.each([
    [
      'a gap',
      [
        { from: 0, to: 510, shard: 'a', epoch: 1 },
        { from: 512, to: 1023, shard: 'b', epoch: 1 },
      ],
    ],
    [
      'an overlap',
      [
        { from: 0, to: 512, shard: 'a', epoch: 1 },
        { from: 512, to: 1023, shard: 'b', epoch: 1 },
      ],
    ],
    ['a short end', [{ from: 0, to: 1022, shard: 'a', epoch: 1 }]],
    ['an unknown shard', [{ from: 0, to: 1023, shard: 'c', epoch: 1 }]],
  ])('refuses a map with %s', (_, slots) => {
    expect(() => new SlotTable({ ...map, slots })).toThrow(TypeError);
  });
});
