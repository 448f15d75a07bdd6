import { typeMismatch } from '../command-error.ts';
import { bsonTag, type Document } from '../documents/value.ts';
import type { Long } from 'bson';

export const txnNumberOf = (body: Document): bigint | undefined => {
  const value = body.get('txnNumber');
  if (value === undefined) return undefined;
  if (bsonTag(value) !== 'Long')
    throw typeMismatch("BSON field 'txnNumber' is the wrong type, expected type 'long'");
  return (value as Long).toBigInt();
};
