import { badValue } from '../../command-error.ts';
import { isArrayIndex, type ValueTest } from '../path.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import type { Condition, NestedCompilers } from './condition.ts';
import { isOperatorDocument } from './operator-document.ts';
import { anyArray, type FieldCondition } from './field-condition.ts';
import { intersectIntervals, type PathPredicate } from './path-predicate.ts';

const DOCUMENT_OPERATORS = new Set(['$and', '$or', '$nor', '$comment']);

/** One element meets all conditions: of a document's fields, or (`{$elemMatch: {$gt: 1}}`) its own. */
export function compileElemMatch(
  argument: Value,
  pathText: string,
  nested: NestedCompilers,
): FieldCondition {
  if (!isDocument(argument)) throw badValue('$elemMatch needs an Object');
  const [first] = argument.keys();
  return isOperatorDocument(argument) && !DOCUMENT_OPERATORS.has(first ?? '')
    ? elementValue(nested.operators(argument, pathText))
    : elementDocument(nested.logical(argument));
}

/** Tests an array's elements; the first that passes is what the positional operator means. */
const anyElement =
  (passes: (element: Value) => boolean): ValueTest =>
  (value, details) => {
    if (!Array.isArray(value)) return false;
    const index = value.findIndex((element) => passes(element));
    if (index < 0) return false;
    if (details) details.arrayIndex = index;
    return true;
  };

function elementDocument({ test, predicates }: Condition): FieldCondition {
  return anyArray(
    anyElement((element) => {
      const document = asDocument(element);
      return document !== undefined && test(document);
    }),
    (path) =>
      predicates
        // In an array inside the array a numeric name is a position, which index keys do not show.
        .filter((predicate) => !isArrayIndex(predicate.path.split('.')[0] ?? ''))
        .map((predicate) => ({ ...predicate, path: `${path}.${predicate.path}` })),
  );
}

/** To the server an array is an object whose names are positions. */
function asDocument(element: Value): Document | undefined {
  if (isDocument(element)) return element;
  if (!Array.isArray(element)) return undefined;
  return new Map(element.map((value, index) => [index.toString(), value]));
}

function elementValue(condition: FieldCondition): FieldCondition {
  return anyArray(anyElement(condition.test), (path) =>
    sameElement(condition.elementPredicates(path)),
  );
}

/** The same element meets every predicate, so here their intervals do intersect. */
function sameElement(predicates: readonly PathPredicate[]): readonly PathPredicate[] {
  const [first, ...others] = predicates;
  if (!first || others.length === 0) return predicates;
  return [
    {
      path: first.path,
      kind: 'range',
      intervals: others.reduce(
        (intervals, other) => intersectIntervals(intervals, other.intervals),
        first.intervals,
      ),
      matchesMissing: false,
    },
  ];
}
