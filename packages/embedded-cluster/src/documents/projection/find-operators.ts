import { CommandError } from '../../command-error.ts';
import type { Expression } from '../expression.ts';
import type { Filter } from '../filter.ts';
import { compileLogical } from '../filter/logical.ts';
import { typeAlias } from '../type-alias.ts';
import { type Document, isDocument, isNumber, toSafeInteger, type Value } from '../value.ts';
import { editAtPath, valueAtPath } from '../update/path-edit.ts';
import type { MatchDetails } from '../path.ts';

/** The slice of an array that `$slice: n` or `$slice: [skip, n]` keeps. */
export type ArraySlice = (array: readonly Value[]) => Value[];

export function parseSlice(argument: Value): ArraySlice {
  if (isNumber(argument)) {
    const count = whole(argument);
    return (array) => (count >= 0 ? array.slice(0, count) : array.slice(count));
  }
  if (!Array.isArray(argument)) {
    throw new CommandError(31273, '$slice only supports numbers and [skip, limit] arrays');
  }
  const [skip, limit] = argument;
  if (argument.length !== 2) {
    throw new CommandError(31272, '$slice array argument should be of form [skip, limit]');
  }
  if (!isNumber(skip)) {
    throw new CommandError(
      31257,
      `$slice expects the skip argument to be a number, got ${typeAlias(skip)}`,
    );
  }
  if (!isNumber(limit)) {
    throw new CommandError(
      31258,
      `$slice expects the limit argument to be a number, got ${typeAlias(limit)}`,
    );
  }
  const start = whole(skip);
  const count = whole(limit);
  if (count <= 0) {
    throw new CommandError(31259, `$slice limit must be positive, got ${count.toString()}`);
  }
  return (array) => {
    const from = start < 0 ? Math.max(0, array.length + start) : start;
    return array.slice(from, from + count);
  };
}

function whole(value: Value): number {
  const integer = toSafeInteger(value);
  if (integer === undefined || (integer | 0) !== integer) {
    throw new CommandError(31273, '$slice only supports numbers and [skip, limit] arrays');
  }
  return integer;
}

/** Cuts the arrays that a path leads to; documents in arrays on the way are entered, nested arrays are not. */
export function sliceAtPath(
  document: Document,
  names: readonly string[],
  slice: ArraySlice,
): Document {
  const [name = '', ...rest] = names;
  const value = document.get(name);
  if (value === undefined) return document;
  return new Map(document).set(name, sliceValue(value, rest, slice));
}

function sliceValue(value: Value, rest: readonly string[], slice: ArraySlice): Value {
  if (Array.isArray(value)) {
    if (rest.length === 0) return slice(value);
    return value.map((element) =>
      isDocument(element) ? sliceAtPath(element, rest, slice) : element,
    );
  }
  return isDocument(value) && rest.length > 0 ? sliceAtPath(value, rest, slice) : value;
}

/** The first element that passes, as an array of one; missing where none does. */
export function elemMatchProjection(argument: Value, path: string): Expression {
  if (!isDocument(argument)) {
    throw new CommandError(
      31274,
      `elemMatch: Invalid argument, object required, but got ${typeAlias(argument)}`,
    );
  }
  if (path.includes('.')) {
    throw new CommandError(31275, 'Cannot use $elemMatch projection on a nested field.');
  }
  const { test } = compileLogical(new Map([[path, new Map([['$elemMatch', argument]])]]));
  return (root) => {
    const array = root.get(path);
    const details: MatchDetails = {};
    if (!Array.isArray(array) || !test(root, details)) return undefined;
    return [array[details.arrayIndex ?? 0]];
  };
}

/** `path.$`: the first array on the path keeps only the element that the filter matched. */
export function applyPositional(
  original: Document,
  projected: Document,
  names: readonly string[],
  filter: Filter,
): Document {
  for (let depth = 1; depth <= names.length; depth += 1) {
    const place = names.slice(0, depth);
    const value = valueAtPath(projected, place);
    if (!Array.isArray(value)) continue;
    const { arrayIndex } = filter.match(original);
    if (arrayIndex === undefined) {
      throw new CommandError(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      );
    }
    const element = value[arrayIndex];
    if (element === undefined) {
      throw new CommandError(
        51247,
        "Executor error during find command :: caused by :: positional operator '.$' element mismatch",
      );
    }
    return editAtPath(projected, place, 'skip', () => [element]);
  }
  return projected;
}
