import { type Document, isDocument, type Value } from '../value.ts';

/** `{$gt: 1}`, but neither `{a: 1}` nor a reference `{$ref, $id, $db}`: its first name decides. */
export function isOperatorDocument(value: Value): value is Document {
  if (!isDocument(value)) return false;
  const [first] = value.keys();
  if (first === undefined || !first.startsWith('$')) return false;
  return first !== '$ref' && first !== '$id' && first !== '$db';
}
