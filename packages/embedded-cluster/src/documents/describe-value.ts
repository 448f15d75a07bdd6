import type { Binary } from 'bson';
import { type Document, isDocument, type Value } from './value.ts';

/** A value as the server writes it into messages (BSONElement::toString), such as the key of an E11000. */
export function describeValue(value: Value): string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return bracketed('[', value.map(describeValue), ']');
  if (isDocument(value)) return describeDocument(value);
  if (value instanceof Date) return `new Date(${value.getTime().toString()})`;
  switch (value._bsontype) {
    case 'Double':
      return describeDouble(value.value);
    case 'Int32':
    case 'Long':
    case 'Decimal128':
      return value.toString();
    case 'FarDate':
      return `new Date(${value.ms.toString()})`;
    case 'ObjectId':
      return `ObjectId('${value.toHexString()}')`;
    case 'Binary':
      return describeBinary(value);
    case 'Timestamp':
      return `Timestamp(${value.t.toString()}, ${value.i.toString()})`;
    case 'BSONRegExp':
      return `/${value.pattern}/${value.options}`;
    case 'BSONSymbol':
      return `"${value.value}"`;
    case 'Code':
      return value.code;
    case 'MinKey':
    case 'MaxKey':
      return value._bsontype;
  }
}

export const describeDocument = (document: Document): string =>
  bracketed(
    '{',
    [...document].map(([name, value]) => describeElement(name, value)),
    '}',
  );

/** `name: value`, as the server writes one element. */
export const describeElement = (name: string, value: Value): string =>
  `${name}: ${describeValue(value)}`;

const bracketed = (open: string, parts: readonly string[], close: string): string =>
  parts.length === 0 ? open + close : `${open} ${parts.join(', ')} ${close}`;

function describeDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan.0';
  if (!Number.isFinite(value)) return value > 0 ? 'inf.0' : '-inf.0';
  const text = value.toString();
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function describeBinary(value: Binary): string {
  const hex = Buffer.from(value.buffer.subarray(0, value.position)).toString('hex');
  if (value.sub_type === 4 && hex.length === 32) {
    return `UUID("${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}")`;
  }
  return `BinData(${value.sub_type.toString()}, ${hex.toUpperCase()})`;
}
