import { Decimal128, Double, Int32, Long } from 'bson';
import fc from 'fast-check';
import { numbers, values } from '../../test/documents/arbitrary-values.ts';
import { compareValues } from './compare.ts';
import { encodeIndexKey, encodeStringPrefix, invert } from './index-key.ts';
import type { Value } from './value.ts';

const sign = (number: number): number => Math.sign(number);
const pairs = fc.oneof(fc.tuple(values, values), fc.tuple(numbers, numbers));

describe('index key', () => {
  it('orders bytes as values compare', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const difference = Buffer.compare(encodeIndexKey(a), encodeIndexKey(b));
        expect(difference).toBe(sign(compareValues(a, b)));
      }),
      { numRuns: 5000 },
    );
  });

  it('orders inverted bytes the other way', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const difference = Buffer.compare(invert(encodeIndexKey(a)), invert(encodeIndexKey(b)));
        expect(difference).toBe(-sign(compareValues(a, b)) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('orders compound keys component by component', () => {
    const compound = (one: Value, other: Value): Buffer =>
      Buffer.concat([encodeIndexKey(one), invert(encodeIndexKey(other))]);
    fc.assert(
      fc.property(fc.tuple(values, values, values, values), ([a, b, c, d]) => {
        const difference = Buffer.compare(compound(a, b), compound(c, d));
        expect(difference).toBe(sign(compareValues(a, c) || -compareValues(b, d)) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives equal numbers of all types the same bytes', () => {
    const ones = [new Int32(1), new Double(1), Long.fromNumber(1), Decimal128.fromString('1.00')];
    const keys = new Set(ones.map((one) => Buffer.from(encodeIndexKey(one)).toString('hex')));
    expect(keys.size).toBe(1);
    expect(encodeIndexKey(new Double(-0))).toEqual(encodeIndexKey(Decimal128.fromString('0E+5')));
  });

  it('starts every string with the key of its prefix', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (prefix, rest) => {
        const start = encodeStringPrefix(prefix);
        expect(encodeIndexKey(prefix + rest).subarray(0, start.length)).toEqual(start);
      }),
    );
  });
});
