import { crc32c } from './crc32c.ts';
import { HEADER_BYTES } from './limits.ts';
import { MalformedMessage } from './malformed-message.ts';

export const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1 << 0;
const MORE_TO_COME = 1 << 1;
const EXHAUST_ALLOWED = 1 << 16;
/** Of the lower sixteen bits those that a receiver does not know make a message invalid; the upper ones are optional. */
const REQUIRED_BITS = 0xffff;
const FLAGS_BYTES = 4;
const CHECKSUM_BYTES = 4;
const DOCUMENT_MIN_BYTES = 5;

export interface OpMsg {
  /** The command, raw. */
  readonly body: Buffer;
  /** Document sequences beside the body, such as `documents` of an insert, raw. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  /** The client does not want to be answered. */
  readonly moreToCome: boolean;
  /** One request may be answered again and again. */
  readonly exhaustAllowed: boolean;
}

const NO_SEQUENCES: ReadonlyMap<string, readonly Buffer[]> = new Map();

/** Takes a whole message apart; what is inside the documents is not looked at. Throws MalformedMessage. */
export const parseOpMsg = (message: Buffer): OpMsg => {
  if (message.length < HEADER_BYTES + FLAGS_BYTES)
    throw new MalformedMessage('OP_MSG without flags');
  const flags = message.readUInt32LE(HEADER_BYTES);
  if ((flags & REQUIRED_BITS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) {
    throw new MalformedMessage('OP_MSG with unknown flags');
  }
  const end = flags & CHECKSUM_PRESENT ? message.length - CHECKSUM_BYTES : message.length;
  if (
    flags & CHECKSUM_PRESENT &&
    (end < HEADER_BYTES || message.readUInt32LE(end) !== crc32c(message.subarray(0, end)))
  ) {
    throw new MalformedMessage('OP_MSG with a wrong checksum');
  }
  let body: Buffer | undefined;
  let sequences: Map<string, readonly Buffer[]> | undefined;
  let position = HEADER_BYTES + FLAGS_BYTES;
  while (position < end) {
    const kind = message[position++];
    const length = lengthAt(message, position, end);
    const section = message.subarray(position, position + length);
    if (kind === 0) {
      if (body || length < DOCUMENT_MIN_BYTES)
        throw new MalformedMessage('OP_MSG with two bodies or an empty one');
      body = section;
    } else if (kind === 1) {
      const { name, documents } = parseSequence(section);
      sequences ??= new Map();
      if (sequences.has(name)) throw new MalformedMessage(`OP_MSG with two sequences ${name}`);
      sequences.set(name, documents);
    } else {
      throw new MalformedMessage('OP_MSG with a section of unknown kind');
    }
    position += length;
  }
  if (!body) throw new MalformedMessage('OP_MSG without a body');
  return {
    body,
    sequences: sequences ?? NO_SEQUENCES,
    moreToCome: (flags & MORE_TO_COME) !== 0,
    exhaustAllowed: (flags & EXHAUST_ALLOWED) !== 0,
  };
};

const parseSequence = (section: Buffer): { name: string; documents: Buffer[] } => {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new MalformedMessage('a document sequence without a name');
  const documents: Buffer[] = [];
  let position = nameEnd + 1;
  while (position < section.length) {
    const length = lengthAt(section, position, section.length);
    if (length < DOCUMENT_MIN_BYTES) throw new MalformedMessage('a document that is too short');
    documents.push(section.subarray(position, position + length));
    position += length;
  }
  return { name: section.toString('utf8', 4, nameEnd), documents };
};

const lengthAt = (bytes: Buffer, position: number, end: number): number => {
  if (position + 4 > end) throw new MalformedMessage('OP_MSG that ends in a length');
  const length = bytes.readInt32LE(position);
  if (length < 4 || position + length > end)
    throw new MalformedMessage('OP_MSG with a length that leads out of it');
  return length;
};

/** A reply with one body section; `moreToCome` announces another one to the same request. */
export const opMsgReply = (
  document: Uint8Array,
  {
    responseTo,
    requestId,
    moreToCome = false,
  }: { responseTo: number; requestId: number; moreToCome?: boolean },
): Buffer => {
  const length = HEADER_BYTES + FLAGS_BYTES + 1 + document.length;
  const message = Buffer.allocUnsafe(length);
  message.writeInt32LE(length, 0);
  message.writeInt32LE(requestId, 4);
  message.writeInt32LE(responseTo, 8);
  message.writeInt32LE(OP_MSG, 12);
  message.writeInt32LE(moreToCome ? MORE_TO_COME : 0, HEADER_BYTES);
  message[HEADER_BYTES + FLAGS_BYTES] = 0;
  message.set(document, HEADER_BYTES + FLAGS_BYTES + 1);
  return message;
};
