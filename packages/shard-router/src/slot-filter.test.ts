import { SLOT_COUNT, SlotTable, type SlotRange } from '@marquee/topology';
import { shardSlotsOf } from './slot-filter.ts';

const tableOf = (ranges: readonly (readonly [to: number, shard: string])[]): SlotTable => {
  const slots: SlotRange[] = [];
  for (const [to, shard] of ranges)
    slots.push({ from: (slots.at(-1)?.to ?? -1) + 1, to, shard, epoch: 1 });
  const shards = ['a', 'b'].map((name) => ({
    name,
    owner: name,
    replicas: [],
    strongReadsOnly: false,
  }));
  return new SlotTable({ deployment: 'd', version: 1, shards, slots });
};

describe('shardSlotsOf', () => {
  it('is one range where the map is whole, and several where it is not', () => {
    const halves = tableOf([
      [511, 'a'],
      [1023, 'b'],
    ]);
    expect(shardSlotsOf(halves, 'b').filter).toEqual({ slot: { $gte: 512, $lte: 1023 } });
    const pieces = tableOf([
      [9, 'a'],
      [10, 'b'],
      [1023, 'a'],
    ]);
    expect(shardSlotsOf(pieces, 'a').filter).toEqual({
      $or: [{ slot: { $gte: 0, $lte: 9 } }, { slot: { $gte: 11, $lte: 1023 } }],
    });
  });

  it('names the slots one by one where they are scattered', () => {
    const scattered = tableOf(
      Array.from({ length: SLOT_COUNT }, (_, slot) => [slot, slot % 2 === 0 ? 'a' : 'b'] as const),
    );
    const { filter } = shardSlotsOf(scattered, 'b');
    expect((filter as { slot: { $in: number[] } }).slot.$in).toHaveLength(512);
  });
});
