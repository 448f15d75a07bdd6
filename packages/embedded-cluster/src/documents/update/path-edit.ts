import { CommandError } from '../../command-error.ts';
import { describeValue } from '../describe-value.ts';
import { isArrayIndex } from '../path.ts';
import { isIdentical } from '../identical.ts';
import { type Document, isDocument, type Value } from '../value.ts';

/** MongoDB's limit for nulls that a write past an array's end puts in. */
const BACKFILL_MAX = 1_500_000;

/** Gets the present value (undefined: missing), gives the new one (undefined: none). */
export type Edit = (current: Value) => Value;

/** Does an edit make the documents on its way, or does it leave alone what is not there? */
export type OnMissing = 'create' | 'skip';

/**
 * A document in which `edit` was applied to what `names` lead to. The given document is not changed;
 * it is returned itself if nothing was to change. Throws PathNotViable where `create` meets a scalar.
 */
export function editAtPath(
  document: Document,
  names: readonly string[],
  onMissing: OnMissing,
  edit: Edit,
): Document {
  return editDocument(document, { names, onMissing, edit }, 0);
}

interface PathEdit {
  readonly names: readonly string[];
  readonly onMissing: OnMissing;
  readonly edit: Edit;
}

function editDocument(document: Document, path: PathEdit, depth: number): Document {
  const name = path.names[depth] ?? '';
  const before = document.get(name);
  const after = editBelow(before, path, depth + 1);
  if (after === before || isIdentical(after, before)) return document;
  const edited = new Map(document);
  if (after === undefined) edited.delete(name);
  else edited.set(name, after);
  return edited;
}

function editArray(array: Value[], path: PathEdit, depth: number): Value[] {
  const name = path.names[depth] ?? '';
  if (!isArrayIndex(name)) {
    if (path.onMissing === 'skip') return array;
    throw notViable(path, depth, array);
  }
  const index = Number(name);
  const before = array[index];
  const after = editBelow(before, path, depth + 1);
  if (after === before || isIdentical(after, before)) return array;
  const edited = [...array];
  if (index > array.length + BACKFILL_MAX) {
    throw new CommandError(
      'CannotBackfillArray',
      `can't backfill more than ${BACKFILL_MAX.toString()} elements`,
    );
  }
  while (edited.length < index) edited.push(null);
  // An array keeps its length: what is removed leaves null behind.
  edited[index] = after ?? null;
  return edited;
}

function editBelow(value: Value, path: PathEdit, depth: number): Value {
  if (depth === path.names.length) return path.edit(value);
  if (isDocument(value)) return editDocument(value, path, depth);
  if (Array.isArray(value)) return editArray(value, path, depth);
  if (path.onMissing === 'skip') return value;
  if (value !== undefined) throw notViable(path, depth, value);
  return editDocument(new Map(), path, depth);
}

function notViable(path: PathEdit, depth: number, value: Value): CommandError {
  const name = path.names[depth] ?? '';
  const parent = path.names[depth - 1] ?? '';
  return new CommandError(
    'PathNotViable',
    `Cannot create field '${name}' in element {${parent}: ${describeValue(value)}}`,
  );
}

/** What a path leads to, through documents and array positions; undefined if it leads nowhere. */
export function valueAtPath(start: Value, names: readonly string[]): Value {
  let value = start;
  for (const name of names) {
    if (isDocument(value)) value = value.get(name);
    else if (Array.isArray(value) && isArrayIndex(name)) value = value[Number(name)];
    else return undefined;
  }
  return value;
}
