import { type Document, documentOf } from '../documents/value.ts';
import { indexFromSpec } from './catalog.ts';
import { indexKeysOf } from './index-keys.ts';

const indexOn = (key: Record<string, number>, options: Record<string, unknown> = {}) =>
  indexFromSpec(1, documentOf({ v: 2, key, name: 'x', ...options }), { building: false });

const keysOf = (index: ReturnType<typeof indexOn>, document: Record<string, unknown>) =>
  indexKeysOf(index, documentOf(document));

const hex = (index: ReturnType<typeof indexOn>, document: Record<string, unknown>): string[] =>
  keysOf(index, document)
    .keys.map((key) => key.toString('hex'))
    .sort();

describe('index keys', () => {
  it('are one for each element of an array, and none twice', () => {
    const index = indexOn({ a: 1 });
    expect(hex(index, { a: [1, 2, 2] })).toEqual([
      ...hex(index, { a: 1 }),
      ...hex(index, { a: 2 }),
    ]);
    expect(keysOf(index, { a: [1] }).multikeyFields).toBe(1);
    expect(keysOf(index, { a: 1 }).multikeyFields).toBe(0);
  });

  it('take a missing field for null, and an empty array for neither', () => {
    const index = indexOn({ a: 1 });
    expect(hex(index, {})).toEqual(hex(index, { a: null }));
    expect(hex(index, { a: [] })).not.toEqual(hex(index, {}));
    expect(hex(index, { a: [[]] })).not.toEqual(hex(index, { a: [] }));
  });

  it('pair the fields of one array’s elements', () => {
    const index = indexOn({ 'c.d': 1, 'c.e': 1 });
    const pair = (d: unknown, e: unknown) => hex(index, { c: { d, e } });
    expect(hex(index, { c: [{ d: 1, e: 2 }, { d: 3 }] })).toEqual(
      [...pair(1, 2), ...pair(3, null)].sort(),
    );
  });

  it('refuse two different arrays in one document', () => {
    expect(() => keysOf(indexOn({ a: 1, b: 1 }), { a: [1], b: [2] })).toThrow(
      'cannot index parallel arrays',
    );
  });

  it('leave out what a sparse or partial index does not hold', () => {
    expect(hex(indexOn({ a: 1, b: 1 }, { sparse: true }), { c: 1 })).toEqual([]);
    expect(hex(indexOn({ a: 1, b: 1 }, { sparse: true }), { b: 1 })).toHaveLength(1);
    const partial = indexOn({ a: 1 }, { partialFilterExpression: { on: true } });
    expect(hex(partial, { a: 1 })).toEqual([]);
    expect(hex(partial, { a: 1, on: true })).toHaveLength(1);
  });

  it('follow a number in a path as a position, and as a name', () => {
    const index = indexOn({ 'a.1': 1 });
    const plain = indexOn({ 'a.x': 1 });
    expect(hex(index, { a: [5, 6] })).toEqual(hex(plain, { a: { x: 6 } }));
    expect(hex(index, { a: { 1: 7 } })).toEqual(hex(plain, { a: { x: 7 } }));
  });

  it('stay within LMDB’s limit and say that they were cut', () => {
    const document: Document = documentOf({ a: 'x'.repeat(5000), b: 'y'.repeat(5000) });
    const { keys, shortened } = indexKeysOf(indexOn({ a: 1, b: -1 }), document);
    expect(shortened).toBe(true);
    expect(keys[0]?.length).toBeLessThanOrEqual(1978 - 6);
  });
});
