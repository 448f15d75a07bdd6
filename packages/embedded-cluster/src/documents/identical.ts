import { encode } from './codec.ts';
import { type Value, isDocument } from './value.ts';

/** The same BSON bytes: stricter than equal (1 is not 1.0). It decides whether a write changed anything. */
export function isIdentical(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (a.constructor !== b.constructor) return false;
  if (isDocument(a) && a.size !== (b as typeof a).size) return false;
  return Buffer.compare(encode(new Map([['', a]])), encode(new Map([['', b]]))) === 0;
}
