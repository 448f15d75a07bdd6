import { badValue } from '../../command-error.ts';
import { isListed, PUSH_MODIFIERS } from '../../scope/scope.ts';
import { compareValues } from '../compare.ts';
import { describeElement } from '../describe-value.ts';
import { typeAlias } from '../type-alias.ts';
import {
  type Document,
  isDocument,
  isNumber,
  toDouble,
  toSafeInteger,
  type Value,
} from '../value.ts';
import { eachOf } from './array-operators.ts';
import type { FieldUpdate } from './field-update.ts';
import { valueAtPath } from './path-edit.ts';

type Compare = (a: Value, b: Value) => number;

interface PushModifiers {
  readonly position: number;
  readonly slice: number | undefined;
  readonly sort: Compare | undefined;
}

const NO_MODIFIERS: PushModifiers = { position: Infinity, slice: undefined, sort: undefined };

export function push(_path: string, argument: Value): FieldUpdate {
  const added = eachOf('$push', argument);
  const modifiers =
    isDocument(argument) && argument.has('$each') ? modifiersOf(argument) : NO_MODIFIERS;
  return {
    onMissing: 'create',
    edit: (current, { path, document }) => {
      if (current !== undefined && !Array.isArray(current)) {
        const id = document.has('_id') ? describeElement('_id', document.get('_id')) : 'no id';
        throw badValue(
          `The field '${path}' must be an array but is of type ${typeAlias(current)} in document {${id}}`,
        );
      }
      return pushInto(current ?? [], added, modifiers);
    },
  };
}

function pushInto(
  current: readonly Value[],
  added: readonly Value[],
  { position, slice, sort }: PushModifiers,
): Value[] {
  const at = position < 0 ? Math.max(0, current.length + position) : position;
  const pushed = [...current.slice(0, at), ...added, ...current.slice(at)];
  if (sort) pushed.sort(sort);
  if (slice === undefined) return pushed;
  if (slice >= 0) return pushed.slice(0, slice);
  return pushed.slice(slice);
}

function modifiersOf(argument: Document): PushModifiers {
  for (const name of argument.keys()) {
    if (!isListed(PUSH_MODIFIERS, name)) throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  const slice = argument.has('$slice') ? integerModifier('slice', argument) : undefined;
  const sort = argument.has('$sort') ? sortModifier(argument.get('$sort')) : undefined;
  const position = argument.has('$position') ? integerModifier('position', argument) : Infinity;
  return { position, slice, sort };
}

function integerModifier(name: 'slice' | 'position', argument: Document): number {
  const value = argument.get(`$${name}`);
  const integer = toSafeInteger(value);
  if (integer !== undefined) return integer;
  throw badValue(
    name === 'slice'
      ? `The value for $slice must be an integer value but was given type: ${typeAlias(value)}`
      : `The value for $position must be an integer value, not of type: ${typeAlias(value)}`,
  );
}

function sortModifier(value: Value): Compare {
  if (isNumber(value)) {
    const direction = sortDirection(value);
    return (a, b) => compareValues(a, b) * direction;
  }
  if (!isDocument(value)) {
    throw badValue(
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  return patternCompare(value);
}

/** By fields of the elements; unlike the sort of a query it takes arrays whole. */
function patternCompare(pattern: Document): Compare {
  if (pattern.size === 0) {
    throw badValue('The $sort pattern is empty when it should be a set of fields.');
  }
  const fields = [...pattern].map(([path, value]) => {
    const direction = sortDirection(value);
    if (path === '') throw badValue('The $sort field cannot be empty');
    const names = path.split('.');
    if (names.includes('')) {
      throw badValue(`The $sort field is a dotted field but has an empty part: ${path}`);
    }
    return { names, direction };
  });
  return (a, b) => {
    for (const { names, direction } of fields) {
      const difference = compareValues(fieldOf(a, names), fieldOf(b, names));
      if (difference !== 0) return difference * direction;
    }
    return 0;
  };
}

/** An element that is no document has no fields. */
const fieldOf = (element: Value, names: readonly string[]): Value =>
  (isDocument(element) ? valueAtPath(element, names) : undefined) ?? null;

function sortDirection(value: Value): 1 | -1 {
  const direction = isNumber(value) ? toDouble(value) : 0;
  if (direction !== 1 && direction !== -1) {
    throw badValue('The $sort element value must be either 1 or -1');
  }
  return direction;
}
