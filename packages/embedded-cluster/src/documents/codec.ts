import { CommandError } from '../command-error.ts';
import { BsonReader } from './bson-reader.ts';
import { BsonWriter } from './bson-writer.ts';
import type { Document } from './value.ts';

/** MongoDB's limit for one stored document. */
export const DOCUMENT_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads one BSON document that fills `bytes` exactly. Nothing in the result shares memory with
 * `bytes`. Throws CommandError InvalidBSON for anything malformed, for a field name that occurs
 * twice (MongoDB would keep both; a Map cannot, and dropping one would lose data), for invalid
 * UTF-8 and for the deprecated types undefined and DBPointer; Overflow for nesting past 200.
 */
export function decode(bytes: Uint8Array): Document {
  return new BsonReader(bytes).readWhole();
}

/** Some top-level fields of a stored document, one that `decode` would read. */
export function decodeFields(bytes: Uint8Array, names: ReadonlySet<string>): Document {
  return new BsonReader(bytes).readFields(names);
}

/** Writes a document; `undefined` fields are left out. Throws Overflow for nesting past 200. */
export function encode(document: Document): Uint8Array {
  return writer.write(document);
}

const writer = new BsonWriter();

/** {@link encode}, refusing what MongoDB would not store. */
export function encodeForStorage(document: Document): Uint8Array {
  const bytes = encode(document);
  if (bytes.length > DOCUMENT_MAX_BYTES) {
    throw new CommandError(
      'BSONObjectTooLarge',
      `BSONObj size: ${bytes.length.toString()} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${DOCUMENT_MAX_BYTES.toString()}(16MB)`,
    );
  }
  return bytes;
}
