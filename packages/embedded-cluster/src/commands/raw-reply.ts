/*
 * Replies are put together from bytes: documents that were stored raw are answered raw, and the fields
 * that every reply carries are appended to whatever the command answered.
 */

/** A reply that is bytes already: a whole BSON document, without `ok` and the cluster's times. */
export class RawReply {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

const EMPTY_DOCUMENT_BYTES = 5;
const OBJECT = 3;
const ARRAY = 4;

/** `document` with the fields of `tail` behind its own. */
export const appendFields = (document: Uint8Array, tail: Uint8Array): Buffer => {
  const length = document.length + tail.length - EMPTY_DOCUMENT_BYTES;
  const joined = Buffer.allocUnsafe(length);
  joined.set(document.subarray(0, document.length - 1), 0);
  joined.set(tail.subarray(4), document.length - 1);
  joined.writeInt32LE(length, 0);
  return joined;
};

/** `{ cursor: { <batchName>: [documents…], …rest } }`, the documents copied as they are. */
export const cursorReply = (
  batchName: 'firstBatch' | 'nextBatch',
  documents: readonly Uint8Array[],
  rest: Uint8Array,
): RawReply => {
  let elementsBytes = 0;
  for (let index = 0; index < documents.length; index++) {
    elementsBytes += 2 + digits(index) + (documents[index]?.length ?? 0);
  }
  const arrayBytes = EMPTY_DOCUMENT_BYTES + elementsBytes;
  const cursorBytes = rest.length + 1 + batchName.length + 1 + arrayBytes;
  const replyBytes = EMPTY_DOCUMENT_BYTES + 1 + 'cursor'.length + 1 + cursorBytes;
  const reply = Buffer.allocUnsafe(replyBytes);
  let at = reply.writeInt32LE(replyBytes, 0);
  at = writeName(reply, at, OBJECT, 'cursor');
  at = reply.writeInt32LE(cursorBytes, at);
  at = writeName(reply, at, ARRAY, batchName);
  at = reply.writeInt32LE(arrayBytes, at);
  for (const [index, document] of documents.entries()) {
    at = writeName(reply, at, OBJECT, index.toString());
    reply.set(document, at);
    at += document.length;
  }
  reply[at++] = 0;
  // The other fields, and with them the end of the cursor's document.
  reply.set(rest.subarray(4), at);
  at += rest.length - 4;
  reply[at] = 0;
  return new RawReply(reply);
};

const writeName = (bytes: Buffer, at: number, type: number, name: string): number => {
  bytes[at] = type;
  const end = at + 1 + bytes.write(name, at + 1, 'latin1');
  bytes[end] = 0;
  return end + 1;
};

const digits = (index: number): number =>
  index < 10 ? 1 : index < 100 ? 2 : index.toString().length;
