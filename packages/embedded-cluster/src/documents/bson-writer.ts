import type { Code } from 'bson';
import { NESTING_MAX, nestedTooDeep } from './bson-reader.ts';
import { type Document, isDocument, type Value } from './value.ts';

const START_BYTES = 64 * 1024;
/** A larger scratch buffer is given back after use, so that one big document costs nothing later. */
const KEEP_MAX_BYTES = 1024 * 1024;

/** Writes BSON into a scratch buffer that grows; one write at a time (it never yields). */
export class BsonWriter {
  #bytes: Buffer = Buffer.allocUnsafe(START_BYTES);
  #position = 0;
  #depth = 0;

  write(document: Document): Uint8Array {
    this.#position = 0;
    this.#depth = 0;
    this.#document(document);
    const result = Buffer.allocUnsafeSlow(this.#position);
    this.#bytes.copy(result, 0, 0, this.#position);
    if (this.#bytes.length > KEEP_MAX_BYTES) this.#bytes = Buffer.allocUnsafe(START_BYTES);
    return result;
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
    // Reserved first: it may put another buffer in place.
    const position = this.#reserve(1);
    this.#bytes[position] = byte;
  }

  #document(document: Document): void {
    const start = this.#open();
    for (const [name, value] of document) {
      if (value !== undefined) this.#element(name, value);
    }
    this.#close(start);
  }

  #array(array: readonly Value[]): void {
    const start = this.#open();
    for (let index = 0; index < array.length; index += 1) {
      this.#element(index.toString(), array[index] ?? null);
    }
    this.#close(start);
  }

  #open(): number {
    this.#depth += 1;
    if (this.#depth > NESTING_MAX) throw nestedTooDeep();
    return this.#reserve(4);
  }

  #close(start: number): void {
    this.#depth -= 1;
    this.#byte(0);
    this.#bytes.writeInt32LE(this.#position - start, start);
  }

  #header(type: number, name: string): void {
    this.#byte(type);
    this.#cString(name);
  }

  #cString(text: string): void {
    this.#text(text);
    this.#byte(0);
  }

  #text(text: string): void {
    const start = this.#reserve(text.length * 3);
    if (text.length < 32) {
      const bytes = this.#bytes;
      let index = 0;
      for (; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code >= 0x80) break;
        bytes[start + index] = code;
      }
      if (index === text.length) {
        this.#position = start + index;
        return;
      }
    }
    this.#position = start + this.#bytes.write(text, start, 'utf8');
  }

  #string(text: string): void {
    const start = this.#reserve(4);
    this.#cString(text);
    this.#bytes.writeInt32LE(this.#position - start - 4, start);
  }

  #int64(value: { low: number; high: number }): void {
    const start = this.#reserve(8);
    this.#bytes.writeInt32LE(value.low | 0, start);
    this.#bytes.writeInt32LE(value.high | 0, start + 4);
  }

  #raw(bytes: Uint8Array): void {
    const start = this.#reserve(bytes.length);
    this.#bytes.set(bytes, start);
  }

  #bigInt64(value: bigint): void {
    const start = this.#reserve(8);
    this.#bytes.writeBigInt64LE(value, start);
  }

  #element(name: string, value: Exclude<Value, undefined>): void {
    if (typeof value === 'string') {
      this.#header(0x02, name);
      this.#string(value);
    } else if (typeof value === 'boolean') {
      this.#header(0x08, name);
      this.#byte(value ? 1 : 0);
    } else if (value === null) {
      this.#header(0x0a, name);
    } else if (isDocument(value)) {
      this.#header(0x03, name);
      this.#document(value);
    } else if (Array.isArray(value)) {
      this.#header(0x04, name);
      this.#array(value);
    } else if (value instanceof Date) {
      this.#header(0x09, name);
      this.#bigInt64(BigInt(value.getTime()));
    } else {
      this.#wrapped(name, value);
    }
  }

  #wrapped(name: string, value: Extract<Value, { _bsontype: string }>): void {
    switch (value._bsontype) {
      case 'Int32': {
        this.#header(0x10, name);
        const start = this.#reserve(4);
        this.#bytes.writeInt32LE(value.value, start);
        return;
      }
      case 'Double': {
        this.#header(0x01, name);
        const start = this.#reserve(8);
        this.#bytes.writeDoubleLE(value.value, start);
        return;
      }
      case 'Long':
        this.#header(0x12, name);
        this.#int64(value);
        return;
      case 'Timestamp':
        this.#header(0x11, name);
        this.#int64(value);
        return;
      case 'Decimal128':
        this.#header(0x13, name);
        this.#raw(value.bytes);
        return;
      case 'ObjectId':
        this.#header(0x07, name);
        this.#raw(value.id);
        return;
      case 'Binary': {
        this.#header(0x05, name);
        const start = this.#reserve(5);
        this.#bytes.writeInt32LE(value.position, start);
        this.#bytes[start + 4] = value.sub_type;
        this.#raw(value.buffer.subarray(0, value.position));
        return;
      }
      case 'FarDate':
        this.#header(0x09, name);
        this.#bigInt64(value.ms);
        return;
      case 'BSONRegExp':
        this.#header(0x0b, name);
        this.#cString(value.pattern);
        this.#cString(value.options);
        return;
      case 'BSONSymbol':
        this.#header(0x0e, name);
        this.#string(value.value);
        return;
      case 'Code':
        this.#code(name, value);
        return;
      case 'MinKey':
        this.#header(0xff, name);
        return;
      case 'MaxKey':
        this.#header(0x7f, name);
    }
  }

  #code(name: string, value: Code): void {
    if (value.scope === null) {
      this.#header(0x0d, name);
      this.#string(value.code);
      return;
    }
    this.#header(0x0f, name);
    const start = this.#reserve(4);
    this.#string(value.code);
    this.#document(value.scope as unknown as Document);
    this.#bytes.writeInt32LE(this.#position - start, start);
  }
}
