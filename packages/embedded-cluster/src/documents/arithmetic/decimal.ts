import { Decimal128 } from 'bson';
import { exactDouble, type ExactNumber, exactNumber } from '../exact-number.ts';
import type { NumberValue } from '../value.ts';

/** IEEE 754-2008 decimal128. */
const DIGITS = 34;
const EXPONENT_MAX = 6111;
const EXPONENT_MIN = -6176;
/** Significant digits that the server keeps when a double becomes a decimal. */
const DIGITS_OF_DOUBLE = 15;

const digitsOf = (coefficient: bigint): number =>
  (coefficient < 0n ? -coefficient : coefficient).toString().length;

/** coefficient / 10^places, ties to even. */
function shiftRight(coefficient: bigint, places: number): bigint {
  const divisor = 10n ** BigInt(places);
  return roundedQuotient(coefficient, divisor);
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n;
  const a = dividend < 0n ? -dividend : dividend;
  const b = divisor < 0n ? -divisor : divisor;
  const quotient = a / b;
  const twice = (a % b) * 2n;
  const roundsUp = twice > b || (twice === b && quotient % 2n === 1n);
  const rounded = roundsUp ? quotient + 1n : quotient;
  return isNegative ? -rounded : rounded;
}

/** Rounds to at most `digits` significant digits. */
function roundTo({ coefficient, exponent }: ExactNumber, digits: number): ExactNumber {
  const surplus = digitsOf(coefficient) - digits;
  if (surplus <= 0) return { coefficient, exponent };
  const rounded = shiftRight(coefficient, surplus);
  // Rounding up 99…9 gives one digit more again.
  return roundTo({ coefficient: rounded, exponent: exponent + surplus }, digits);
}

/** The decimal nearest to an exact number, with its exponent kept where it fits. */
export function toDecimal(exact: ExactNumber | number): Decimal128 {
  if (typeof exact === 'number') {
    return Decimal128.fromString(
      Number.isNaN(exact) ? 'NaN' : exact > 0 ? 'Infinity' : '-Infinity',
    );
  }
  let { coefficient, exponent } = roundTo(exact, DIGITS);
  if (exponent < EXPONENT_MIN) {
    coefficient = shiftRight(coefficient, Math.min(EXPONENT_MIN - exponent, DIGITS + 1));
    exponent = EXPONENT_MIN;
  }
  if (exponent > EXPONENT_MAX) {
    const missing = exponent - EXPONENT_MAX;
    if (coefficient !== 0n && digitsOf(coefficient) + missing > DIGITS) {
      return toDecimal(coefficient > 0n ? Infinity : -Infinity);
    }
    coefficient *= coefficient === 0n ? 1n : 10n ** BigInt(missing);
    exponent = EXPONENT_MAX;
  }
  return Decimal128.fromString(`${coefficient.toString()}E${exponent.toString()}`);
}

/** A number as decimal arithmetic takes it: a double is first rounded to 15 digits, as the server does. */
export function decimalOperand(value: NumberValue): ExactNumber | number {
  if (value._bsontype !== 'Double' || !Number.isFinite(value.value) || value.value === 0) {
    return exactNumber(value);
  }
  const exact = exactDouble(value.value);
  const missing = DIGITS_OF_DOUBLE - digitsOf(exact.coefficient);
  if (missing <= 0) return roundTo(exact, DIGITS_OF_DOUBLE);
  return {
    coefficient: exact.coefficient * 10n ** BigInt(missing),
    exponent: exact.exponent - missing,
  };
}

const asDouble = (operand: ExactNumber | number): number =>
  typeof operand === 'number' ? operand : Math.sign(Number(operand.coefficient));

export function addDecimals(
  a: ExactNumber | number,
  b: ExactNumber | number,
): ExactNumber | number {
  if (typeof a === 'number' || typeof b === 'number') {
    return (typeof a === 'number' ? a : 0) + (typeof b === 'number' ? b : 0);
  }
  const exponent = Math.min(a.exponent, b.exponent);
  return {
    coefficient:
      a.coefficient * 10n ** BigInt(a.exponent - exponent) +
      b.coefficient * 10n ** BigInt(b.exponent - exponent),
    exponent,
  };
}

export function multiplyDecimals(
  a: ExactNumber | number,
  b: ExactNumber | number,
): ExactNumber | number {
  // With NaN or an infinity only the other operand's sign matters.
  if (typeof a === 'number' || typeof b === 'number') return asDouble(a) * asDouble(b);
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** Quotient to 34 digits; exact quotients keep the exponent nearest to the operands' difference. */
export function divideDecimals(
  a: ExactNumber | number,
  b: ExactNumber | number,
): ExactNumber | number {
  if (typeof a === 'number' || typeof b === 'number') {
    if (typeof a !== 'number') return Number.isNaN(b) ? NaN : { coefficient: 0n, exponent: 0 };
    return a / (asDouble(b) || 1);
  }
  if (b.coefficient === 0n) return asDouble(a) / 0;
  const ideal = a.exponent - b.exponent;
  if (a.coefficient === 0n) return { coefficient: 0n, exponent: ideal };
  const scale = Math.max(0, DIGITS + 1 + digitsOf(b.coefficient) - digitsOf(a.coefficient));
  const scaled = a.coefficient * 10n ** BigInt(scale);
  if (scaled % b.coefficient !== 0n) {
    // A digit beyond the rounding place tells a tie from a remainder.
    const truncated = (scaled / b.coefficient) * 10n;
    const sticky = scaled < 0n === b.coefficient < 0n ? 1n : -1n;
    return { coefficient: truncated + sticky, exponent: ideal - scale - 1 };
  }
  let coefficient = scaled / b.coefficient;
  let exponent = ideal - scale;
  while (exponent < ideal && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return { coefficient, exponent };
}
