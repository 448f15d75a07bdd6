import fc from 'fast-check';
import { Memtable, mergeTables } from './memtable.ts';

const key = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => Buffer.from(bytes));
const value = fc.option(
  fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
  { nil: undefined },
);

describe('a memtable', () => {
  it('lists the newest rows of a range in byte order, whenever it is asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(key, value), { maxLength: 60 }), { maxLength: 4 }),
        key,
        key,
        (groups, start, end) => {
          const table = new Memtable();
          const plain = new Map<string, { key: Buffer; value: Buffer | undefined }>();
          for (const group of groups) {
            for (const [rowKey, rowValue] of group) {
              table.set(rowKey, rowValue);
              plain.set(rowKey.toString('hex'), { key: rowKey, value: rowValue });
            }
            const expected = [...plain.values()]
              .filter((row) => row.key.compare(start) >= 0 && row.key.compare(end) < 0)
              .sort((a, b) => a.key.compare(b.key));
            const found = table.between(start, end);
            expect(found.map((row) => [row.key, row.value])).toEqual(
              expected.map((row) => [row.key, row.value]),
            );
          }
        },
      ),
    );
  });

  it('lets the newer of two tables win', () => {
    const [newer, older] = [new Memtable(), new Memtable()];
    older.set(Buffer.of(1), Buffer.of(10));
    older.set(Buffer.of(2), Buffer.of(20));
    newer.set(Buffer.of(2), undefined);
    newer.set(Buffer.of(3), Buffer.of(30));
    const merged = mergeTables([newer, older], Buffer.of(0), Buffer.of(9));
    expect(merged.map((row) => [row.key[0], row.value?.[0]])).toEqual([
      [1, 10],
      [2, undefined],
      [3, 30],
    ]);
  });

  it('counts the bytes that it holds, not those it has replaced', () => {
    const table = new Memtable();
    table.set(Buffer.of(1), Buffer.alloc(100));
    table.set(Buffer.of(1), Buffer.alloc(10));
    expect(table.bytes).toBe(11);
    table.set(Buffer.of(1), undefined);
    expect(table.bytes).toBe(1);
  });
});
