import fc from 'fast-check';
import type { StoredDocument } from '@marquee/slot-protocol';
import { ListOrder } from './list-order.ts';
import { firstShare, merged, tooShort, type ShardPart } from './merged-page.ts';

const order = new ListOrder([]);
const placed = (id: string) => ({ document: { _id: id } as StoredDocument, key: [id] });

describe('firstShare', () => {
  it('is everything of one shard, and an even share with room of many', () => {
    expect(firstShare(21, 1)).toBe(21);
    expect(firstShare(21, 2)).toBe(16);
    expect(firstShare(2, 2)).toBe(2);
    expect(firstShare(21, 8)).toBeLessThan(8);
  });
});

describe('tooShort', () => {
  it('goes on exactly until the first rows are certain, however documents lie', () => {
    const shardsOfIds = fc.array(
      fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 40 }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(shardsOfIds, fc.integer({ min: 1, max: 30 }), (numbers, wanted) => {
        const shards = numbers.map((ids, shard) =>
          ids.map((id) => `${String(id).padStart(3, '0')}-${shard}`).sort(),
        );
        const parts = shards.map((shard): ShardPart<string[]> => ({
          shard,
          rows: [],
          hasMore: true,
        }));
        let asked = parts;
        let limit = firstShare(wanted, parts.length);
        for (let round = 0; asked.length > 0; round += 1) {
          expect(round).toBeLessThan(3);
          for (const part of asked) {
            const missing = Math.min(limit, wanted - part.rows.length);
            const rows = part.shard.slice(part.rows.length, part.rows.length + missing);
            part.rows.push(...rows.map(placed));
            part.hasMore = rows.length >= missing && part.rows.length < wanted;
          }
          limit = wanted;
          asked = tooShort(parts, merged(parts, order), order, wanted);
        }
        const all = shards.flat().sort();
        const found = merged(parts, order).map(({ document }) => document._id);
        expect(found.slice(0, wanted)).toEqual(all.slice(0, wanted));
      }),
    );
  });
});
