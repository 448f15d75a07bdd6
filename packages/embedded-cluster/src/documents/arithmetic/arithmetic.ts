import { Double, Int32, Long } from 'bson';
import { type NumberValue, toDouble } from '../value.ts';
import { addDecimals, decimalOperand, multiplyDecimals, toDecimal } from './decimal.ts';

/*
 * The server's arithmetic on mixed types: the wider type of the two wins (int < long < double <
 * decimal); two ints whose result is too large give a long.
 */

const LONG_MAX = 0x7fff_ffff_ffff_ffffn;
const LONG_MIN = -0x8000_0000_0000_0000n;
const INT_MAX = 0x7fff_ffffn;
const INT_MIN = -0x8000_0000n;

export type IntegerValue = Int32 | Long;

export const isInteger = (value: NumberValue): value is IntegerValue =>
  value._bsontype === 'Int32' || value._bsontype === 'Long';

export const toBigInt = (value: IntegerValue): bigint =>
  value._bsontype === 'Int32' ? BigInt(value.value) : value.toBigInt();

/** The sum, or undefined where a long overflows. */
export function add(a: NumberValue, b: NumberValue): NumberValue | undefined {
  if (a._bsontype === 'Decimal128' || b._bsontype === 'Decimal128') {
    return toDecimal(addDecimals(decimalOperand(a), decimalOperand(b)));
  }
  if (isInteger(a) && isInteger(b)) return integer(a, b, toBigInt(a) + toBigInt(b));
  return new Double(toDouble(a) + toDouble(b));
}

/** The product, or undefined where a long overflows. */
export function multiply(a: NumberValue, b: NumberValue): NumberValue | undefined {
  if (a._bsontype === 'Decimal128' || b._bsontype === 'Decimal128') {
    return toDecimal(multiplyDecimals(decimalOperand(a), decimalOperand(b)));
  }
  if (isInteger(a) && isInteger(b)) return integer(a, b, toBigInt(a) * toBigInt(b));
  return new Double(toDouble(a) * toDouble(b));
}

/** The result in the type that its operands ask for; undefined past 64 bits. */
export function integer(a: NumberValue, b: NumberValue, result: bigint): IntegerValue | undefined {
  const fitsInt = result >= INT_MIN && result <= INT_MAX;
  if (fitsInt && a._bsontype === 'Int32' && b._bsontype === 'Int32')
    return new Int32(Number(result));
  return result > LONG_MAX || result < LONG_MIN ? undefined : Long.fromBigInt(result);
}
