import type { BSONRegExp, Binary, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';
import { compareNumbers } from './compare-numbers.ts';
import { type Document, type FarDate, isDocument, type NumberValue, type Value } from './value.ts';

/**
 * The order of BSON types when values of different types meet ("canonical types" in the server).
 * `missing` is where the server puts an empty array as a sort or index key: before null.
 */
export const TYPE_ORDER = {
  minKey: -1,
  missing: 0,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 47,
  regExp: 50,
  code: 60,
  codeWithScope: 65,
  maxKey: 127,
} as const;

export type TypeOrder = (typeof TYPE_ORDER)[keyof typeof TYPE_ORDER];

/** Which group of mutually comparable types a value belongs to. */
export function typeOrder(value: Value): TypeOrder {
  if (typeof value === 'string') return TYPE_ORDER.string;
  if (value === undefined) return TYPE_ORDER.missing;
  if (value === null) return TYPE_ORDER.null;
  if (typeof value === 'boolean') return TYPE_ORDER.boolean;
  if (isDocument(value)) return TYPE_ORDER.object;
  if (Array.isArray(value)) return TYPE_ORDER.array;
  if (value instanceof Date) return TYPE_ORDER.date;
  switch (value._bsontype) {
    case 'Int32':
    case 'Double':
    case 'Long':
    case 'Decimal128':
      return TYPE_ORDER.number;
    case 'ObjectId':
      return TYPE_ORDER.objectId;
    case 'Binary':
      return TYPE_ORDER.binary;
    case 'FarDate':
      return TYPE_ORDER.date;
    case 'Timestamp':
      return TYPE_ORDER.timestamp;
    case 'BSONRegExp':
      return TYPE_ORDER.regExp;
    case 'BSONSymbol':
      return TYPE_ORDER.string;
    case 'Code':
      return value.scope === null ? TYPE_ORDER.code : TYPE_ORDER.codeWithScope;
    case 'MinKey':
      return TYPE_ORDER.minKey;
    case 'MaxKey':
      return TYPE_ORDER.maxKey;
  }
}

/**
 * MongoDB's total order (BSONElement::compareElements): by type, then by value. Numbers compare by
 * exact numeric value across all four types; NaN is the smallest number and equal to itself; -0
 * equals 0. Strings compare by their UTF-8 bytes, and equal symbols of the same text. Objects
 * compare field by field: type, then name, then value. A missing value comes before null and is not
 * equal to it: that `{a: null}` finds a missing field, and that a missing field sorts as null, are
 * rules of filter and sort, which map missing to null themselves.
 */
export function compareValues(a: Value, b: Value): number {
  const order = typeOrder(a);
  const difference = order - typeOrder(b);
  return difference === 0 ? compareSameType(order, a, b) : difference;
}

export const equalValues = (a: Value, b: Value): boolean => compareValues(a, b) === 0;

function compareSameType(order: TypeOrder, a: Value, b: Value): number {
  switch (order) {
    case TYPE_ORDER.number:
      return compareNumbers(a as NumberValue, b as NumberValue);
    case TYPE_ORDER.string:
      return compareUtf8(textOf(a as string | BSONSymbol), textOf(b as string | BSONSymbol));
    case TYPE_ORDER.object:
      return compareDocuments(a as Document, b as Document);
    case TYPE_ORDER.array:
      return compareArrays(a as Value[], b as Value[]);
    case TYPE_ORDER.binary:
      return compareBinaries(a as Binary, b as Binary);
    case TYPE_ORDER.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case TYPE_ORDER.boolean:
      return Number(a) - Number(b);
    case TYPE_ORDER.date:
      return compareDates(a as Date | FarDate, b as Date | FarDate);
    case TYPE_ORDER.timestamp:
      return compareTimestamps(a as Timestamp, b as Timestamp);
    case TYPE_ORDER.regExp:
      return compareRegExps(a as BSONRegExp, b as BSONRegExp);
    case TYPE_ORDER.code:
      return compareUtf8((a as Code).code, (b as Code).code);
    case TYPE_ORDER.codeWithScope:
      return compareScopedCode(a as Code, b as Code);
    case TYPE_ORDER.minKey:
    case TYPE_ORDER.missing:
    case TYPE_ORDER.null:
    case TYPE_ORDER.maxKey:
      return 0;
  }
}

const textOf = (value: string | BSONSymbol): string =>
  typeof value === 'string' ? value : value.value;

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** UTF-8 byte order. It differs from UTF-16 order only where a surrogate meets U+E000..U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x === y) continue;
    if (isSurrogate(x) !== isSurrogate(y)) return isSurrogate(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

function compareDocuments(a: Document, b: Document): number {
  const others = b.entries();
  for (const [name, value] of a) {
    const next = others.next();
    if (next.done) return 1;
    const [otherName, otherValue] = next.value;
    const order = typeOrder(value);
    const difference =
      order - typeOrder(otherValue) ||
      compareUtf8(name, otherName) ||
      compareSameType(order, value, otherValue);
    if (difference !== 0) return difference;
  }
  return others.next().done ? 0 : -1;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = compareValues(a[index], b[index]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  return (
    a.position - b.position ||
    a.sub_type - b.sub_type ||
    Buffer.compare(a.buffer.subarray(0, a.position), b.buffer.subarray(0, b.position))
  );
}

/** Milliseconds of either kind of date. */
export const dateMs = (date: Date | FarDate): bigint =>
  date instanceof Date ? BigInt(date.getTime()) : date.ms;

function compareDates(a: Date | FarDate, b: Date | FarDate): number {
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  const x = dateMs(a);
  const y = dateMs(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a.t - b.t || a.i - b.i;
}

function compareRegExps(a: BSONRegExp, b: BSONRegExp): number {
  return compareUtf8(a.pattern, b.pattern) || compareUtf8(a.options, b.options);
}

function compareScopedCode(a: Code, b: Code): number {
  return (
    compareUtf8(a.code, b.code) ||
    compareDocuments(a.scope as unknown as Document, b.scope as unknown as Document)
  );
}
