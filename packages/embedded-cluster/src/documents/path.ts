import { type Document, isDocument, type Value } from './value.ts';

/** A dotted path, split; `indexes[i]` is the array position that `names[i]` can also mean, or -1. */
export interface FieldPath {
  readonly text: string;
  readonly names: readonly string[];
  readonly indexes: readonly number[];
}

const ARRAY_INDEX = /^(?:0|[1-9]\d{0,8})$/;

export const isArrayIndex = (name: string): boolean => ARRAY_INDEX.test(name);

export function parsePath(text: string): FieldPath {
  const names = text.split('.');
  return {
    text,
    names,
    indexes: names.map((name) => (isArrayIndex(name) ? Number(name) : -1)),
  };
}

/** Where the positional operator `$` points after a match: the outermost array that was entered. */
export interface MatchDetails {
  arrayIndex?: number | undefined;
}

/** Tests one value; `undefined` is a missing one. Only tests of arrays write `details`. */
export type ValueTest = (value: Value, details?: MatchDetails) => boolean;

/**
 * Does any value that `path` leads to pass `test`? As the server's ElementIterator: arrays on the
 * way are entered (their documents, and the element that a numeric name points at); an array at the
 * end offers its elements and then itself, or only itself without `entersLastArray`; a scalar on the
 * way counts as missing, but inside an array it offers nothing.
 */
export function anyAtPath(
  document: Document,
  path: FieldPath,
  entersLastArray: boolean,
  test: ValueTest,
  details?: MatchDetails,
): boolean {
  return inDocument(document, 0, { path, entersLastArray, test, details });
}

interface Walk {
  readonly path: FieldPath;
  readonly entersLastArray: boolean;
  readonly test: ValueTest;
  readonly details: MatchDetails | undefined;
}

function inDocument(document: Document, start: number, walk: Walk): boolean {
  const { names } = walk.path;
  let position = start;
  let value: Value = document;
  while (position < names.length && isDocument(value)) {
    value = value.get(names[position] ?? '');
    position += 1;
  }
  if (Array.isArray(value)) return inArray(value, position, walk);
  return walk.test(position < names.length ? undefined : value, walk.details);
}

function inArray(array: readonly Value[], position: number, walk: Walk): boolean {
  if (position === walk.path.names.length) return inLastArray(array, walk);
  const offset = walk.path.indexes[position] ?? -1;
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index];
    if (isDocument(element) && inDocument(element, position, walk)) {
      // The outermost array wins, and this assignment comes after the inner ones.
      if (walk.details) walk.details.arrayIndex = index;
      return true;
    }
    if (index === offset && atOffset(element, position + 1, walk)) return true;
  }
  return false;
}

function inLastArray(array: readonly Value[], walk: Walk): boolean {
  if (walk.entersLastArray) {
    for (let index = 0; index < array.length; index += 1) {
      if (walk.test(array[index])) {
        if (walk.details) walk.details.arrayIndex = index;
        return true;
      }
    }
  }
  return walk.test(array as Value[], walk.details);
}

/** An element named by its position; if the path ends here, an array in it is not entered. */
function atOffset(element: Value, position: number, walk: Walk): boolean {
  if (position === walk.path.names.length) return walk.test(element, walk.details);
  if (isDocument(element)) return inDocument(element, position, walk);
  return Array.isArray(element) && inArray(element, position, walk);
}
