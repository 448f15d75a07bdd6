import { ObjectId, type Timestamp } from 'bson';
import { decode, DOCUMENT_MAX_BYTES, encodeForStorage } from '../documents/codec.ts';
import { checkStoredId } from '../documents/stored-id.ts';
import { filledTimestamp } from '../documents/update/replacement.ts';
import type { Document } from '../documents/value.ts';

export interface Prepared {
  readonly document: Document;
  readonly bytes: Buffer;
}

/** A document as it will be stored: valid, its `_id` there and first, and no larger than MongoDB stores. */
export const prepareInsert = (raw: Buffer, clusterTime: Timestamp): Prepared => {
  const received = decode(raw);
  const [first] = received.keys();
  checkStoredId(received);
  const asIs =
    first === '_id' &&
    raw.length <= DOCUMENT_MAX_BYTES &&
    !hasEmptyTimestamp(received, clusterTime);
  if (asIs) return { document: received, bytes: raw };
  const id = received.has('_id') ? received.get('_id') : new ObjectId();
  const document: Document = new Map([['_id', id]]);
  for (const [name, value] of received)
    if (name !== '_id') document.set(name, filledTimestamp(value, clusterTime));
  return { document, bytes: encodeForStorage(document) as Buffer };
};

const hasEmptyTimestamp = (document: Document, clusterTime: Timestamp): boolean => {
  for (const value of document.values())
    if (filledTimestamp(value, clusterTime) !== value) return true;
  return false;
};
