import { Decimal128, Double, Int32 } from 'bson';
import { exactNumber } from '../exact-number.ts';
import {
  addDecimals,
  decimalOperand,
  divideDecimals,
  multiplyDecimals,
  toDecimal,
} from './decimal.ts';

const decimal = (text: string): ReturnType<typeof exactNumber> =>
  exactNumber(Decimal128.fromString(text));

const sum = (a: string, b: string): string =>
  toDecimal(addDecimals(decimal(a), decimal(b))).toString();
const product = (a: string, b: string): string =>
  toDecimal(multiplyDecimals(decimal(a), decimal(b))).toString();
const quotient = (a: string, b: string): string =>
  toDecimal(divideDecimals(decimal(a), decimal(b))).toString();

// IEEE 754-2008, decimal128: 34 digits, ties to even, exponents as they come.
describe('decimal arithmetic', () => {
  it('keeps the exponent of exact results', () => {
    expect(sum('1.10', '2')).toBe('3.10');
    expect(sum('0.1', '0.2')).toBe('0.3');
    expect(product('1.5', '2.0')).toBe('3.00');
    expect(quotient('10', '4')).toBe('2.5');
    expect(quotient('9', '3')).toBe('3');
    expect(quotient('0', '3')).toBe('0');
  });

  it('rounds to 34 digits, ties to even', () => {
    expect(quotient('2', '3')).toBe('0.6666666666666666666666666666666667');
    expect(sum('1000000000000000000000000000000000', '0.5')).toBe(
      '1000000000000000000000000000000000',
    );
    expect(sum('1000000000000000000000000000000001', '0.5')).toBe(
      '1000000000000000000000000000000002',
    );
    expect(sum('9999999999999999999999999999999999', '0.6')).toBe(
      '1.000000000000000000000000000000000E+34',
    );
    expect(quotient('-1', '3')).toBe('-0.3333333333333333333333333333333333');
  });

  it('goes on with infinities and NaN', () => {
    expect(sum('Infinity', '1')).toBe('Infinity');
    expect(sum('Infinity', '-Infinity')).toBe('NaN');
    expect(product('-Infinity', '2')).toBe('-Infinity');
    expect(product('Infinity', '0')).toBe('NaN');
    expect(quotient('5', 'Infinity')).toBe('0');
    expect(quotient('-Infinity', '2')).toBe('-Infinity');
    expect(product('9E+6144', '10')).toBe('Infinity');
  });

  it('takes a double as its 15 digits, as the server does', () => {
    const taken = (double: number): string =>
      toDecimal(decimalOperand(new Double(double))).toString();
    expect(taken(0.1)).toBe('0.100000000000000');
    expect(taken(1)).toBe('1.00000000000000');
    expect(taken(123456789.1234567)).toBe('123456789.123457');
    expect(taken(0)).toBe('0');
    expect(toDecimal(decimalOperand(new Int32(7))).toString()).toBe('7');
  });
});
