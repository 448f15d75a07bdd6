import { badValue, CommandError } from '../command-error.ts';
import { compareValues } from './compare.ts';
import { type KeyTuple, keyTuples } from './key-tuples.ts';
import { type FieldPath, parsePath } from './path.ts';
import { type Document, isNumber, toSafeInteger, type Value } from './value.ts';

export interface SortField {
  readonly path: string;
  readonly direction: 1 | -1;
}

export interface Sort {
  /** Empty for `{}` and for `{$natural: ±1}`, which is the scan's business. */
  readonly fields: readonly SortField[];
  compare(a: Document, b: Document): number;
  /** For sorting many: make each document's key once. */
  keyOf(document: Document): KeyTuple;
  compareKeys(a: KeyTuple, b: KeyTuple): number;
}

/**
 * Compiles a sort. A missing field sorts as null; an array by its least element, descending by its
 * greatest; an empty array before null. With several fields the tuple of one array element decides.
 * Sorting by two different arrays throws BadValue when it meets them.
 */
export function compileSort(spec: Document): Sort {
  const fields = sortFields(spec);
  const paths = fields.map(({ path }) => parsePath(path));
  const directions = fields.map(({ direction }) => direction);
  const compareKeys = (a: KeyTuple, b: KeyTuple): number => {
    for (let index = 0; index < directions.length; index += 1) {
      const difference = compareValues(a[index], b[index]);
      if (difference !== 0) return directions[index] === 1 ? difference : -difference;
    }
    return 0;
  };
  const keyOf = (document: Document): KeyTuple => leastKey(document, paths, compareKeys);
  return {
    fields,
    keyOf,
    compareKeys,
    compare: (a, b) => compareKeys(keyOf(a), keyOf(b)),
  };
}

const parallelArrays = (): CommandError =>
  badValue('cannot sort with keys that are parallel arrays');

function leastKey(
  document: Document,
  paths: readonly FieldPath[],
  compareKeys: (a: KeyTuple, b: KeyTuple) => number,
): KeyTuple {
  const keys = keyTuples(document, paths, parallelArrays);
  return keys.reduce((least, key) => (compareKeys(key, least) < 0 ? key : least));
}

function sortFields(spec: Document): SortField[] {
  if (spec.size === 1 && spec.has('$natural')) {
    directionOf(spec.get('$natural'), '$natural');
    return [];
  }
  return [...spec].map(([path, value]) => {
    checkSortPath(path);
    return { path, direction: directionOf(value, path) };
  });
}

function checkSortPath(path: string): void {
  for (const name of path.split('.')) {
    if (name === '')
      throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
    if (name.startsWith('$')) {
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    }
  }
}

function directionOf(value: Value, path: string): 1 | -1 {
  if (!isNumber(value)) {
    throw new CommandError(15974, `Illegal key in $sort specification: ${path}`);
  }
  const direction = toSafeInteger(value);
  if (direction !== 1 && direction !== -1) {
    throw new CommandError(
      15975,
      '$sort key ordering must be 1 (for ascending) or -1 (for descending)',
    );
  }
  return direction;
}
