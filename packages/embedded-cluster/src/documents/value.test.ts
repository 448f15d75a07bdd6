import { Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import { documentOf, fromPlain, isNumber, isTruthy, toSafeInteger, type Value } from './value.ts';

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);

describe('values', () => {
  it('are integers where they are so exactly, whatever their type', () => {
    const integers: [Value, number][] = [
      [new Int32(5), 5],
      [new Double(-3), -3],
      [Long.fromNumber(2 ** 53 - 1), 2 ** 53 - 1],
      [decimal('15'), 15],
      [decimal('15.00'), 15],
      [decimal('1.5E+1'), 15],
      [decimal('1E+2'), 100],
      [decimal('-0'), 0],
    ];
    for (const [value, integer] of integers) expect(toSafeInteger(value)).toBe(integer);
    const others: Value[] = [
      new Double(1.5),
      new Double(NaN),
      new Double(Infinity),
      Long.MAX_VALUE,
      decimal('1.5'),
      decimal('1.00000000000000000001'),
      decimal('1.25E+1'),
      decimal('1E-7'),
      decimal('NaN'),
      '5',
      null,
      new Timestamp({ t: 0, i: 5 }),
    ];
    for (const value of others) expect(toSafeInteger(value)).toBeUndefined();
  });

  it('are true but for false, null, missing and zeros', () => {
    for (const value of [false, null, undefined, new Int32(0), new Double(-0), decimal('0E+3')]) {
      expect(isTruthy(value)).toBe(false);
    }
    for (const value of [true, '', [], new Map(), new Double(NaN)])
      expect(isTruthy(value)).toBe(true);
  });

  it('come from plain JavaScript with the types that a driver would send', () => {
    const document = documentOf({
      a: 1,
      b: 1.5,
      c: 2 ** 31,
      d: 5n,
      e: [{ f: null }],
      g: undefined,
      h: -0,
    });
    expect(document.get('a')).toEqual(new Int32(1));
    expect(document.get('b')).toEqual(new Double(1.5));
    expect(document.get('c')).toEqual(new Double(2 ** 31));
    expect(document.get('d')).toEqual(Long.fromNumber(5));
    expect(document.get('e')).toEqual([new Map([['f', null]])]);
    expect(document.has('g')).toBe(false);
    expect(document.get('h')).toEqual(new Double(-0));
    expect(fromPlain('x')).toBe('x');
  });

  it('do not take a timestamp for a number, though its class extends Long', () => {
    expect(isNumber(new Timestamp({ t: 1, i: 1 }))).toBe(false);
  });
});
