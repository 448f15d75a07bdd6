import { anyAtPath, type FieldPath, type MatchDetails, type ValueTest } from '../path.ts';
import type { Document } from '../value.ts';
import type { PathPredicate } from './path-predicate.ts';

/** What one operator asks of a field, before the field is known. */
export interface FieldCondition {
  /** Asked of the values that a path leads to. */
  matches(document: Document, path: FieldPath, details?: MatchDetails): boolean;
  /** Asked of one value alone, as inside `$elemMatch`; arrays are not entered. */
  readonly test: ValueTest;
  predicates(path: string): readonly PathPredicate[];
  /**
   * The same for `test` on an element of an array. Conditions on arrays have none: an array inside an
   * array is indexed whole.
   */
  elementPredicates(path: string): readonly PathPredicate[];
}

const noPredicates = (): readonly PathPredicate[] => [];

/** True if any value at the path passes; an array there offers its elements and itself. */
export const anyValue = (
  test: ValueTest,
  predicates: (path: string) => readonly PathPredicate[] = noPredicates,
): FieldCondition => ({
  test,
  predicates,
  elementPredicates: predicates,
  matches: (document, path, details) => anyAtPath(document, path, true, test, details),
});

/** True if any array at the path passes as a whole. */
export const anyArray = (
  test: ValueTest,
  predicates: (path: string) => readonly PathPredicate[] = noPredicates,
): FieldCondition => ({
  test,
  predicates,
  elementPredicates: noPredicates,
  matches: (document, path, details) => anyAtPath(document, path, false, test, details),
});

export const negated = (condition: FieldCondition): FieldCondition => ({
  test: (value) => !condition.test(value),
  predicates: noPredicates,
  elementPredicates: noPredicates,
  matches: (document, path) => !condition.matches(document, path),
});

export const everyCondition = (conditions: readonly FieldCondition[]): FieldCondition => {
  const [only] = conditions;
  if (only && conditions.length === 1) return only;
  return {
    test: (value, details) => conditions.every((condition) => condition.test(value, details)),
    predicates: (path) => conditions.flatMap((condition) => condition.predicates(path)),
    elementPredicates: (path) =>
      conditions.flatMap((condition) => condition.elementPredicates(path)),
    matches: (document, path, details) => {
      for (const condition of conditions) {
        if (!condition.matches(document, path, details)) {
          if (details) details.arrayIndex = undefined;
          return false;
        }
      }
      return true;
    },
  };
};
