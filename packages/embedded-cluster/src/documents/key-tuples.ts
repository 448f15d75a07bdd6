import type { FieldPath } from './path.ts';
import { CommandError } from '../command-error.ts';
import { isDocument, type Value } from './value.ts';

/** One value for each path; `undefined` stands for an empty array, a missing field is null. */
export type KeyTuple = readonly Value[];

/**
 * The values by which a document is sorted, as the server's key generator makes them: one tuple for
 * each element of an array on the paths. An array inside that array is a value, not opened again.
 * Paths that enter two different arrays have no order: `onParallelArrays` makes the error.
 */
export function keyTuples(
  document: Value,
  paths: readonly FieldPath[],
  onParallelArrays: () => CommandError,
): KeyTuple[] {
  const walks = paths.map((path) => advance(document, path, 0));
  if (walks.every((walk) => !('array' in walk))) {
    return [walks.map((walk) => ('value' in walk ? walk.value : null))];
  }
  return expand(walks, onParallelArrays);
}

/** A finished path has its value; an unfinished one stands at an array that it must enter. */
type KeyWalk =
  | { readonly value: Value }
  | { readonly array: readonly Value[]; readonly path: FieldPath; readonly position: number };

type OpenWalk = Extract<KeyWalk, { array: readonly Value[] }>;

function advance(start: Value, path: FieldPath, from: number): KeyWalk {
  let value = start;
  let position = from;
  for (;;) {
    if (position === path.names.length) {
      return Array.isArray(value) ? { array: value, path, position } : { value: value ?? null };
    }
    const name = path.names[position] ?? '';
    if (isDocument(value)) {
      value = value.get(name);
    } else if (Array.isArray(value)) {
      const element = elementAt(value, path.indexes[position] ?? -1, name);
      if (element === undefined) return { array: value, path, position };
      value = element;
    } else {
      return { value: null };
    }
    position += 1;
  }
}

/** What a numeric name in a path means in an array; ambiguous where documents inside have that field. */
function elementAt(array: readonly Value[], index: number, name: string): Value {
  const element = index < 0 ? undefined : array[index];
  if (element === undefined) return undefined;
  if (array.some((other) => isDocument(other) && other.has(name))) {
    throw new CommandError(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${name}'`,
    );
  }
  return element;
}

function expand(walks: readonly KeyWalk[], onParallelArrays: () => CommandError): KeyTuple[] {
  const open = walks.find((walk): walk is OpenWalk => 'array' in walk);
  if (!open) return [walks.map((walk) => ('value' in walk ? walk.value : null))];
  for (const walk of walks) {
    if ('array' in walk && walk.array !== open.array) throw onParallelArrays();
  }
  if (open.array.length === 0) {
    return expand(
      walks.map((walk) => ('array' in walk ? enterEmpty(walk) : walk)),
      onParallelArrays,
    );
  }
  return open.array.flatMap((element) =>
    expand(
      walks.map((walk) => ('array' in walk ? enter(walk, element) : walk)),
      onParallelArrays,
    ),
  );
}

const enterEmpty = (walk: OpenWalk): KeyWalk => ({
  value: walk.position === walk.path.names.length ? undefined : null,
});

function enter(walk: OpenWalk, element: Value): KeyWalk {
  if (walk.position === walk.path.names.length) return { value: element };
  return isDocument(element) ? advance(element, walk.path, walk.position) : { value: null };
}
