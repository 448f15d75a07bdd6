import {
  type Binary,
  type BSONRegExp,
  type BSONSymbol,
  type Code,
  type Decimal128,
  Double,
  Int32,
  Long,
  type MaxKey,
  type MinKey,
  type ObjectId,
  type Timestamp,
} from 'bson';

/** A BSON date that a JavaScript Date cannot hold (more than 8.64e15 ms from 1970). */
export class FarDate {
  readonly _bsontype = 'FarDate';
  readonly ms: bigint;

  constructor(ms: bigint) {
    this.ms = ms;
  }
}

/**
 * A BSON value with nothing promoted: numbers are always Int32, Double, Long or Decimal128.
 * `undefined` is a missing value. The deprecated BSON types undefined and DBPointer are refused by
 * the codec, so they never occur. A Binary of subtype 2 holds its payload as on the wire, with the
 * inner length.
 */
export type Value =
  | string
  | boolean
  | null
  | undefined
  | NumberValue
  | Date
  | FarDate
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | Code
  | BSONSymbol
  | MinKey
  | MaxKey
  | Value[]
  | Document;

export type NumberValue = Int32 | Double | Long | Decimal128;

/** A Map, because a JavaScript object moves integer-like field names to the front. */
export type Document = Map<string, Value>;

export const isDocument = (value: unknown): value is Document => value instanceof Map;

/** The wrapper classes' own tag; undefined for strings, booleans, null, arrays, Maps and Dates. */
export const bsonTag = (value: Value): string | undefined =>
  typeof value === 'object' && value !== null && '_bsontype' in value ? value._bsontype : undefined;

export const isNumber = (value: Value): value is NumberValue => {
  // A Timestamp is an instance of Long, so `instanceof` would take it for a number.
  const tag = bsonTag(value);
  return tag === 'Int32' || tag === 'Double' || tag === 'Long' || tag === 'Decimal128';
};

/** Nearest double; use only where MongoDB itself goes through a double. */
export function toDouble(value: NumberValue): number {
  switch (value._bsontype) {
    case 'Int32':
    case 'Double':
      return value.value;
    case 'Long':
      return value.toNumber();
    case 'Decimal128':
      return Number(value.toString());
  }
}

/** What Decimal128 writes: digits, fraction without its trailing zeros, exponent. */
const DECIMAL_TEXT = /^-?\d+(?:\.(\d*?)0*)?(?:E\+?(\d+))?$/i;

/** The integer that a number is exactly, or undefined if it is fractional, NaN, infinite or beyond 2^53. */
export function toSafeInteger(value: Value): number | undefined {
  if (!isNumber(value)) return undefined;
  const number = toDouble(value);
  if (!Number.isSafeInteger(number)) return undefined;
  if (value._bsontype === 'Decimal128' && number !== 0) {
    const parts = DECIMAL_TEXT.exec(value.toString());
    if (!parts || (parts[1] ?? '').length > Number(parts[2] ?? '0')) return undefined;
  }
  // Minus zero is zero.
  return number + 0;
}

/** MongoDB's truth: everything but false, null, missing and zero. */
export const isTruthy = (value: Value): boolean =>
  !(value === false || value === null || value === undefined) &&
  !(isNumber(value) && isZero(value));

/** A Decimal128 may be too small for a double without being zero. */
const isZero = (value: NumberValue): boolean =>
  value._bsontype === 'Decimal128'
    ? /^-?0+(\.0*)?(E|$)/i.test(value.toString())
    : toDouble(value) === 0;

/**
 * A Value from plain JavaScript: integers of 32 bits become Int32, other numbers Double, bigints
 * Long, plain objects Documents. BSON values inside pass through.
 */
export function fromPlain(plain: unknown): Value {
  if (typeof plain === 'number') {
    return Number.isInteger(plain) && (plain | 0) === plain && !Object.is(plain, -0)
      ? new Int32(plain)
      : new Double(plain);
  }
  if (typeof plain === 'bigint') return Long.fromBigInt(plain);
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (plain !== null && typeof plain === 'object') {
    const prototype: unknown = Object.getPrototypeOf(plain);
    if (prototype === Object.prototype) return documentOf(plain as Record<string, unknown>);
  }
  return plain as Value;
}

/** {@link fromPlain} for an object; fields that are undefined are left out. */
export function documentOf(plain: Record<string, unknown>): Document {
  const document: Document = new Map();
  for (const [name, value] of Object.entries(plain)) {
    if (value !== undefined) document.set(name, fromPlain(value));
  }
  return document;
}
