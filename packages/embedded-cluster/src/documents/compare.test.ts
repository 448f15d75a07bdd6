import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { values } from '../../test/documents/arbitrary-values.ts';
import { compareValues, equalValues } from './compare.ts';
import { documentOf, type Value } from './value.ts';

describe('comparison', () => {
  it('puts types in the order that MongoDB documents', () => {
    const ascending: Value[] = [
      new MinKey(),
      undefined,
      null,
      new Int32(1),
      'text',
      documentOf({ a: 1 }),
      [new Int32(1)],
      new Binary(Uint8Array.of(1)),
      new ObjectId(),
      false,
      true,
      new Date(0),
      new Timestamp({ t: 0, i: 0 }),
      new BSONRegExp('a'),
      new Code('a'),
      new Code('a', {}),
      new MaxKey(),
    ];
    ascending.forEach((value, position) => {
      ascending.slice(position + 1).forEach((other) => {
        if (value === undefined && other === undefined) return;
        expect(compareValues(value, other)).toBeLessThan(0);
        expect(compareValues(other, value)).toBeGreaterThan(0);
      });
    });
  });

  it('compares numbers exactly across types', () => {
    const order = (a: Value, b: Value): number => Math.sign(compareValues(a, b));
    expect(order(new Int32(1), new Double(1))).toBe(0);
    expect(order(new Double(0.1), Decimal128.fromString('0.1'))).toBe(1);
    expect(order(new Double(0.5), Decimal128.fromString('0.50'))).toBe(0);
    expect(order(Long.fromString('9007199254740993'), new Double(2 ** 53))).toBe(1);
    expect(order(Long.MAX_VALUE, new Double(2 ** 63))).toBe(-1);
    expect(order(Decimal128.fromString('1E+400'), new Double(Infinity))).toBe(-1);
    expect(order(Decimal128.fromString('Infinity'), new Double(Infinity))).toBe(0);
    expect(order(new Double(NaN), Decimal128.fromString('NaN'))).toBe(0);
    expect(order(new Double(NaN), new Double(-Infinity))).toBe(-1);
    expect(order(new Double(-0), new Int32(0))).toBe(0);
  });

  it('compares objects by type, then name, then value of each field', () => {
    expect(compareValues(documentOf({ b: 1 }), documentOf({ a: 'x' }))).toBeLessThan(0);
    expect(compareValues(documentOf({ a: 2 }), documentOf({ b: 1 }))).toBeLessThan(0);
    expect(compareValues(documentOf({ a: 1 }), documentOf({ a: 1, b: 1 }))).toBeLessThan(0);
    expect(equalValues(documentOf({ a: 1, b: 2 }), documentOf({ b: 2, a: 1 }))).toBe(false);
  });

  it('orders strings by their UTF-8 bytes and symbols as strings', () => {
    expect(compareValues('\uffff', '\u{10000}')).toBeLessThan(0);
    expect(compareValues('a', 'ab')).toBeLessThan(0);
    expect(equalValues(new BSONSymbol('a'), 'a')).toBe(true);
  });

  it('orders binary by length, subtype and bytes', () => {
    const binary = (subtype: number, ...bytes: number[]): Binary =>
      new Binary(Uint8Array.from(bytes), subtype);
    expect(compareValues(binary(0, 9), binary(0, 1, 1))).toBeLessThan(0);
    expect(compareValues(binary(0, 9), binary(5, 1))).toBeLessThan(0);
    expect(compareValues(binary(0, 1), binary(0, 2))).toBeLessThan(0);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) {
          expect(compareValues(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
