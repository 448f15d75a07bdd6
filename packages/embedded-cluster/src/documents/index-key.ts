import type { BSONRegExp, Binary, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';
import { dateMs, TYPE_ORDER, typeOrder } from './compare.ts';
import { compareExact, type ExactNumber, exactDouble, exactNumber } from './exact-number.ts';
import type { Document, FarDate, NumberValue, Value } from './value.ts';

/*
 * A key is the value's type byte and then its content. No key is the beginning of another one, so
 * keys can be put one behind the other, and comparing bytes compares component by component.
 *
 * Numbers: a class byte, then the magnitude cut towards zero to a double (8 bytes, big-endian), then
 * 0 if that is exact, else 1 and the exact decimal digits. All four types thus share one order, and
 * only numbers that no double holds pay for it. Negative magnitudes are inverted.
 */

const END = 0;

const NUMBER_NAN = 1;
const NUMBER_NEGATIVE = 2;
const NUMBER_NOT_NEGATIVE = 3;
const EXACT = 0;
const INEXACT = 1;
const EXPONENT_BIAS = 0x8000;

/**
 * Order-preserving bytes: comparing two keys bytewise gives the sign of compareValues; values that
 * compare equal (1, 1.0, Long 1) give equal bytes; keys are self-delimiting. `undefined` encodes
 * what MongoDB indexes for an empty array; a missing field is indexed as null.
 */
export function encodeIndexKey(value: Value): Uint8Array {
  const writer = new KeyWriter();
  writer.value(value);
  return writer.finish();
}

/** Flips the order of a key, for a descending field of a compound key. */
export function invert(bytes: Uint8Array): Uint8Array {
  const inverted = new Uint8Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) inverted[index] = ~(bytes[index] ?? 0);
  return inverted;
}

/** The byte that every key of values of this type starts with. */
export const typeByte = (order: number): number => order + 2;

/** What every key of a string that starts with `prefix` starts with. */
export function encodeStringPrefix(prefix: string): Uint8Array {
  // The terminator's two bytes are cut off.
  return encodeIndexKey(prefix).slice(0, -2);
}

class KeyWriter {
  #bytes: Buffer = Buffer.allocUnsafe(64);
  #position = 0;

  finish(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#position);
  }

  #reserve(count: number): number {
    const start = this.#position;
    const end = start + count;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    this.#position = end;
    return start;
  }

  #byte(byte: number): void {
    const position = this.#reserve(1);
    this.#bytes[position] = byte;
  }

  #raw(bytes: Uint8Array): void {
    const start = this.#reserve(bytes.length);
    this.#bytes.set(bytes, start);
  }

  #uint32(value: number): void {
    const start = this.#reserve(4);
    this.#bytes.writeUInt32BE(value, start);
  }

  value(value: Value): void {
    this.#byte(typeByte(typeOrder(value)));
    this.#content(value);
  }

  #content(value: Value): void {
    switch (typeOrder(value)) {
      case TYPE_ORDER.number:
        this.#number(value as NumberValue);
        return;
      case TYPE_ORDER.string:
        this.#string(typeof value === 'string' ? value : (value as BSONSymbol).value);
        return;
      case TYPE_ORDER.object:
        this.#document(value as Document);
        return;
      case TYPE_ORDER.array:
        for (const element of value as Value[]) this.value(element);
        this.#byte(END);
        return;
      case TYPE_ORDER.binary:
        this.#binary(value as Binary);
        return;
      case TYPE_ORDER.objectId:
        this.#raw((value as ObjectId).id);
        return;
      case TYPE_ORDER.boolean:
        this.#byte(value === true ? 1 : 0);
        return;
      case TYPE_ORDER.date: {
        const start = this.#reserve(8);
        this.#bytes.writeBigUInt64BE(dateMs(value as Date | FarDate) + (1n << 63n), start);
        return;
      }
      case TYPE_ORDER.timestamp:
        this.#uint32((value as Timestamp).t);
        this.#uint32((value as Timestamp).i);
        return;
      case TYPE_ORDER.regExp:
        this.#string((value as BSONRegExp).pattern);
        this.#string((value as BSONRegExp).options);
        return;
      case TYPE_ORDER.code:
        this.#string((value as Code).code);
        return;
      case TYPE_ORDER.codeWithScope:
        this.#string((value as Code).code);
        this.#document((value as Code).scope as unknown as Document);
        return;
      case TYPE_ORDER.minKey:
      case TYPE_ORDER.missing:
      case TYPE_ORDER.null:
      case TYPE_ORDER.maxKey:
    }
  }

  #document(document: Document): void {
    for (const [name, value] of document) {
      this.#byte(typeByte(typeOrder(value)));
      this.#raw(Buffer.from(name, 'utf8'));
      this.#byte(END);
      this.#content(value);
    }
    this.#byte(END);
  }

  /** A zero byte inside becomes 00 ff; 00 00 ends the string, before any continuation. */
  #string(text: string): void {
    const start = this.#reserve(text.length * 3);
    const written = this.#bytes.write(text, start, 'utf8');
    this.#position = start + written;
    if (text.includes('\0')) {
      const raw = Buffer.from(this.#bytes.subarray(start, start + written));
      this.#position = start;
      for (const byte of raw) {
        this.#byte(byte);
        if (byte === 0) this.#byte(0xff);
      }
    }
    this.#byte(END);
    this.#byte(END);
  }

  #binary(value: Binary): void {
    this.#uint32(value.position);
    this.#byte(value.sub_type);
    this.#raw(value.buffer.subarray(0, value.position));
  }

  #number(value: NumberValue): void {
    if (value._bsontype === 'Int32' || value._bsontype === 'Double') {
      this.#double(value.value);
      return;
    }
    const exact = exactNumber(value);
    if (typeof exact === 'number') {
      this.#double(exact);
      return;
    }
    const magnitude = {
      coefficient: exact.coefficient < 0n ? -exact.coefficient : exact.coefficient,
      exponent: exact.exponent,
    };
    const cut = cutToDouble(magnitude);
    const isExact = compareExact(exactDouble(cut), magnitude) === 0;
    const isNegative = exact.coefficient < 0n;
    this.#magnitude(isNegative, cut, isExact ? undefined : magnitude);
  }

  #double(double: number): void {
    if (Number.isNaN(double)) this.#byte(NUMBER_NAN);
    else this.#magnitude(double < 0, Math.abs(double), undefined);
  }

  #magnitude(isNegative: boolean, double: number, remainder: ExactNumber | undefined): void {
    this.#byte(isNegative ? NUMBER_NEGATIVE : NUMBER_NOT_NEGATIVE);
    const start = this.#reserve(8);
    this.#bytes.writeDoubleBE(double, start);
    if (remainder) this.#digits(remainder);
    else this.#byte(EXACT);
    if (isNegative) {
      for (let index = start; index < this.#position; index += 1) {
        this.#bytes[index] = ~(this.#bytes[index] ?? 0);
      }
    }
  }

  /** The decimal magnitude, then the digits without trailing zeros, ended by a byte below any digit. */
  #digits(number: ExactNumber): void {
    this.#byte(INEXACT);
    const digits = number.coefficient.toString();
    const start = this.#reserve(2);
    this.#bytes.writeUInt16BE(digits.length + number.exponent + EXPONENT_BIAS, start);
    this.#raw(Buffer.from(digits.replace(/0+$/, ''), 'latin1'));
    this.#byte(END);
  }
}

/** The largest double that is not above a magnitude. */
function cutToDouble(magnitude: ExactNumber): number {
  const nearest = Number(`${magnitude.coefficient.toString()}e${magnitude.exponent.toString()}`);
  if (nearest === Infinity) return Number.MAX_VALUE;
  return compareExact(exactDouble(nearest), magnitude) > 0 ? nextDown(nearest) : nearest;
}

const scratch = new DataView(new ArrayBuffer(8));

function nextDown(positive: number): number {
  scratch.setFloat64(0, positive);
  scratch.setBigUint64(0, scratch.getBigUint64(0) - 1n);
  return scratch.getFloat64(0);
}
