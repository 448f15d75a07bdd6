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
import { CommandError } from '../command-error.ts';
import { NameCache } from './name-cache.ts';
import { type Document, FarDate, type Value } from './value.ts';

/** MongoDB's BSONDepth default; also keeps recursion far from the stack's end. */
export const NESTING_MAX = 200;

const DATE_MAX_MS = 8_640_000_000_000_000;
const SHORT_STRING_BYTES = 24;
const MIN_DOCUMENT_BYTES = 5;

const invalid = (what: string): CommandError =>
  new CommandError('InvalidBSON', `Invalid BSON: ${what}`);

export const nestedTooDeep = (): CommandError =>
  new CommandError(
    'Overflow',
    `BSONObj exceeds maximum nested object depth: ${NESTING_MAX.toString()}`,
  );

const names = new NameCache();

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads untrusted BSON: every length is checked against its enclosing document before use. */
export class BsonReader {
  readonly #bytes: Buffer;
  #position = 0;
  /** End of the innermost open document, its terminator included. */
  #end: number;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  readWhole(): Document {
    if (this.#bytes.length < MIN_DOCUMENT_BYTES) throw invalid('shorter than an empty document');
    if (this.#bytes.readInt32LE(0) !== this.#bytes.length) {
      throw invalid('the stated length is not the length received');
    }
    return this.#readDocument();
  }

  /** Only the fields of these names, of a document that was read whole before: the others are not looked at. */
  readFields(wanted: ReadonlySet<string>): Document {
    this.#open();
    const document: Document = new Map();
    while (document.size < wanted.size) {
      const type = this.#byte();
      if (type === 0) break;
      const name = this.#name();
      if (wanted.has(name)) document.set(name, this.#readValue(type));
      else this.#skipValue(type);
    }
    return document;
  }

  #skipValue(type: number): void {
    switch (type) {
      case 0x02:
      case 0x0d:
      case 0x0e:
        this.#take(this.#int32());
        return;
      case 0x03:
      case 0x04:
        // Its length counts itself.
        this.#take(this.#int32() - 4);
        return;
      case 0x05:
        this.#take(this.#int32() + 1);
        return;
      case 0x01:
      case 0x09:
      case 0x11:
      case 0x12:
        this.#take(8);
        return;
      case 0x10:
        this.#take(4);
        return;
      default:
        this.#readValue(type);
    }
  }

  #readDocument(): Document {
    const outerEnd = this.#open();
    const document: Document = new Map();
    let size = 0;
    for (;;) {
      const type = this.#byte();
      if (type === 0) break;
      const name = this.#name();
      document.set(name, this.#readValue(type));
      size += 1;
      if (document.size !== size) throw invalid(`the field '${name}' occurs twice`);
    }
    this.#close(outerEnd);
    return document;
  }

  #readArray(): Value[] {
    const outerEnd = this.#open();
    const array: Value[] = [];
    for (;;) {
      const type = this.#byte();
      if (type === 0) break;
      this.#skipCString();
      array.push(this.#readValue(type));
    }
    this.#close(outerEnd);
    return array;
  }

  #open(): number {
    const start = this.#position;
    const length = this.#int32();
    if (length < MIN_DOCUMENT_BYTES || start + length > this.#end) {
      throw invalid('the length of a document runs past its surroundings');
    }
    this.#depth += 1;
    if (this.#depth > NESTING_MAX) throw nestedTooDeep();
    const outerEnd = this.#end;
    this.#end = start + length;
    return outerEnd;
  }

  #close(outerEnd: number): void {
    if (this.#position !== this.#end) throw invalid('a document ends before its stated length');
    this.#end = outerEnd;
    this.#depth -= 1;
  }

  #readValue(type: number): Value {
    switch (type) {
      case 0x01:
        return new Double(this.#bytes.readDoubleLE(this.#take(8)));
      case 0x02:
        return this.#string();
      case 0x03:
        return this.#readDocument();
      case 0x04:
        return this.#readArray();
      case 0x05:
        return this.#binary();
      case 0x07:
        return new ObjectId(this.#bytes.subarray(this.#take(12), this.#position));
      case 0x08:
        return this.#boolean();
      case 0x09:
        return this.#date();
      case 0x0a:
        return null;
      case 0x0b:
        return this.#regExp();
      case 0x0d:
        return new Code(this.#string());
      case 0x0e:
        return new BSONSymbol(this.#string());
      case 0x0f:
        return this.#codeWithScope();
      case 0x10:
        return new Int32(this.#int32());
      case 0x11: {
        const low = this.#int32();
        return new Timestamp({ t: this.#int32() >>> 0, i: low >>> 0 });
      }
      case 0x12: {
        const low = this.#int32();
        return Long.fromBits(low, this.#int32());
      }
      case 0x13:
        return new Decimal128(this.#copy(16));
      case 0x7f:
        return new MaxKey();
      case 0xff:
        return new MinKey();
      default:
        throw invalid(`type ${type.toString()} is not supported`);
    }
  }

  #take(count: number): number {
    const start = this.#position;
    // Strictly before the end: the last byte of a document is its terminator.
    if (count < 0 || start + count >= this.#end) throw invalid('a value runs past its document');
    this.#position = start + count;
    return start;
  }

  #copy(count: number): Uint8Array {
    // Checked before anything is allocated: a stated length may be negative, or gigabytes.
    const start = this.#take(count);
    const copy = new Uint8Array(count);
    copy.set(this.#bytes.subarray(start, this.#position));
    return copy;
  }

  #byte(): number {
    if (this.#position >= this.#end) throw invalid('a document has no end');
    return this.#bytes[this.#position++] ?? 0;
  }

  #int32(): number {
    if (this.#position + 4 > this.#end) throw invalid('a value runs past its document');
    const value = this.#bytes.readInt32LE(this.#position);
    this.#position += 4;
    return value;
  }

  #skipCString(): void {
    const end = this.#bytes.indexOf(0, this.#position);
    if (end < 0 || end >= this.#end - 1) throw invalid('a name has no end');
    this.#position = end + 1;
  }

  #endOfCString(): number {
    const bytes = this.#bytes;
    const limit = this.#end - 1;
    let end = this.#position;
    while (end < limit && bytes[end] !== 0) end += 1;
    if (end >= limit) throw invalid('a name has no end');
    return end;
  }

  #cString(): string {
    const end = this.#endOfCString();
    const text = this.#text(this.#position, end);
    this.#position = end + 1;
    return text;
  }

  #name(): string {
    const end = this.#endOfCString();
    const name = names.read(this.#bytes, this.#position, end) ?? this.#text(this.#position, end);
    this.#position = end + 1;
    return name;
  }

  #string(): string {
    const length = this.#int32();
    if (length < 1) throw invalid('a string has no length');
    const start = this.#take(length);
    if (this.#bytes[start + length - 1] !== 0) throw invalid('a string has no end');
    return this.#text(start, start + length - 1);
  }

  #text(start: number, end: number): string {
    const bytes = this.#bytes;
    if (end - start <= SHORT_STRING_BYTES) {
      let text = '';
      let position = start;
      while (position < end) {
        const byte = bytes[position] ?? 0x80;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
        position += 1;
      }
      if (position === end) return text;
    }
    const text = bytes.toString('utf8', start, end);
    // A replacement character is either real or stands for bytes that are no UTF-8.
    if (text.includes('\ufffd')) {
      try {
        return strictUtf8.decode(bytes.subarray(start, end));
      } catch {
        throw invalid('a string is not valid UTF-8');
      }
    }
    return text;
  }

  #boolean(): boolean {
    const byte = this.#bytes[this.#take(1)];
    if (byte !== 0 && byte !== 1) throw invalid('a boolean is neither 0 nor 1');
    return byte === 1;
  }

  #date(): Date | FarDate {
    const start = this.#take(8);
    const ms = this.#bytes.readInt32LE(start + 4) * 4_294_967_296 + this.#bytes.readUInt32LE(start);
    // Rounding in this sum happens only far beyond what a Date can hold.
    return Math.abs(ms) <= DATE_MAX_MS
      ? new Date(ms)
      : new FarDate(this.#bytes.readBigInt64LE(start));
  }

  #binary(): Binary {
    const length = this.#int32();
    const subtype = this.#bytes[this.#take(1)] ?? 0;
    const payload = this.#copy(length);
    if (subtype === 2) {
      const inner = length < 4 ? -1 : new DataView(payload.buffer).getInt32(0, true);
      if (inner !== length - 4) throw invalid('the inner length of a binary is wrong');
    }
    return new Binary(payload, subtype);
  }

  #regExp(): BSONRegExp {
    const pattern = this.#cString();
    const options = this.#cString();
    if (!/^[ilmsux]*$/.test(options)) throw invalid(`the regular expression options '${options}'`);
    return new BSONRegExp(pattern, options);
  }

  #codeWithScope(): Code {
    const start = this.#position;
    const length = this.#int32();
    if (length < 4 || start + length >= this.#end) throw invalid('code runs past its document');
    const code = this.#string();
    const scope = this.#readDocument();
    if (this.#position !== start + length) throw invalid('code ends before its stated length');
    // The class types its scope as a plain object; this engine keeps a Document there.
    return new Code(code, scope);
  }
}
