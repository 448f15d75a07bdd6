import { isDocument, type Value } from './value.ts';

/** What any value costs at least. */
const VALUE_BYTES = 16;

/** About what a value takes in memory: for limits, where a factor of two does not matter. */
export function roughBytes(value: Value): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (Array.isArray(value)) return sum(value);
  if (isDocument(value)) return sum(value.values());
  if (typeof value === 'object' && value !== null && '_bsontype' in value) {
    if (value._bsontype === 'Binary') return VALUE_BYTES + value.buffer.length;
  }
  return VALUE_BYTES;
}

function sum(values: Iterable<Value>): number {
  let bytes = VALUE_BYTES;
  for (const value of values) bytes += roughBytes(value);
  return bytes;
}
