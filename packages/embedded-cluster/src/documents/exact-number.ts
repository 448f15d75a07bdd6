import type { NumberValue } from './value.ts';

/** A finite number without rounding: `coefficient × 10^exponent`. */
export interface ExactNumber {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** The exact value of any finite BSON number; NaN and infinities come back as JavaScript numbers. */
export function exactNumber(value: NumberValue): ExactNumber | number {
  switch (value._bsontype) {
    case 'Int32':
      return { coefficient: BigInt(value.value), exponent: 0 };
    case 'Long':
      return { coefficient: value.toBigInt(), exponent: 0 };
    case 'Double':
      return Number.isFinite(value.value) ? exactDouble(value.value) : value.value;
    case 'Decimal128':
      return parseDecimal(value.toString());
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** Every double is a finite decimal: m × 2^-k is m × 5^k × 10^-k. */
export function exactDouble(double: number): ExactNumber {
  if (Number.isSafeInteger(double)) return { coefficient: BigInt(double), exponent: 0 };
  scratch.setFloat64(0, double);
  const high = scratch.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(scratch.getUint32(4));
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  const signed = double < 0 ? -mantissa : mantissa;
  return power >= 0
    ? { coefficient: signed << BigInt(power), exponent: 0 }
    : { coefficient: signed * 5n ** BigInt(-power), exponent: power };
}

const DECIMAL_TEXT = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/i;

/** Reads what Decimal128's toString writes. */
function parseDecimal(text: string): ExactNumber | number {
  const parts = DECIMAL_TEXT.exec(text);
  // toString writes NaN, Infinity and -Infinity, which Number reads.
  if (!parts) return Number(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = BigInt(whole + fraction);
  return {
    coefficient: sign === '-' ? -digits : digits,
    exponent: Number(exponent) - fraction.length,
  };
}

/** Number of decimal digits of a coefficient, its sign left out. */
const digitCount = (coefficient: bigint): number =>
  (coefficient < 0n ? -coefficient : coefficient).toString().length;

const signOf = (coefficient: bigint): number => (coefficient > 0n ? 1 : coefficient < 0n ? -1 : 0);

/** Compares without ever scaling by more than the operands' own digits. */
export function compareExact(a: ExactNumber, b: ExactNumber): number {
  const sign = signOf(a.coefficient);
  const otherSign = signOf(b.coefficient);
  if (sign !== otherSign) return sign - otherSign;
  if (sign === 0) return 0;
  const magnitude = digitCount(a.coefficient) + a.exponent;
  const otherMagnitude = digitCount(b.coefficient) + b.exponent;
  if (magnitude !== otherMagnitude) return magnitude < otherMagnitude ? -sign : sign;
  const exponent = Math.min(a.exponent, b.exponent);
  const x = a.coefficient * 10n ** BigInt(a.exponent - exponent);
  const y = b.coefficient * 10n ** BigInt(b.exponent - exponent);
  return x < y ? -1 : x > y ? 1 : 0;
}
