import { HEADER_BYTES } from './limits.ts';
import { MalformedMessage } from './malformed-message.ts';

/** The opcode of old; clients still begin with it, for their first hello only. */
export const OP_QUERY = 2004;
const OP_REPLY = 1;

const AWAIT_CAPABLE = 8;
const REPLY_FIELDS_BYTES = 20;

export interface OpQuery {
  readonly database: string;
  readonly body: Buffer;
}

/** Throws MalformedMessage for anything but one command. */
export const parseOpQuery = (message: Buffer): OpQuery => {
  const nameStart = HEADER_BYTES + 4;
  const nameEnd = message.indexOf(0, nameStart);
  const bodyStart = nameEnd + 1 + 8;
  if (nameEnd < 0 || bodyStart + 5 > message.length)
    throw new MalformedMessage('OP_QUERY that ends early');
  const length = message.readInt32LE(bodyStart);
  const namespace = message.toString('utf8', nameStart, nameEnd);
  if (length < 5 || bodyStart + length > message.length || !namespace.endsWith('.$cmd')) {
    throw new MalformedMessage('OP_QUERY that is no command');
  }
  return {
    database: namespace.slice(0, -'.$cmd'.length),
    body: message.subarray(bodyStart, bodyStart + length),
  };
};

export const opReply = (document: Uint8Array, responseTo: number, requestId: number): Buffer => {
  const length = HEADER_BYTES + REPLY_FIELDS_BYTES + document.length;
  const message = Buffer.alloc(length);
  message.writeInt32LE(length, 0);
  message.writeInt32LE(requestId, 4);
  message.writeInt32LE(responseTo, 8);
  message.writeInt32LE(OP_REPLY, 12);
  message.writeInt32LE(AWAIT_CAPABLE, HEADER_BYTES);
  message.writeInt32LE(1, HEADER_BYTES + 16);
  message.set(document, HEADER_BYTES + REPLY_FIELDS_BYTES);
  return message;
};
