import { compileFilter, type Filter } from '../documents/filter.ts';
import { equalValues } from '../documents/compare.ts';
import { type Document, isDocument, type Value } from '../documents/value.ts';

/** With these, a document whose key lies in the predicate's intervals is certain to match. */
const EXACT_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte']);

/** True only if every document that matches `filter` also matches `partial`, clause by clause. */
export const impliesPartialFilter = (filter: Filter, partial: Document): boolean =>
  clausesOf(partial).every((clause) => impliesClause(filter, clause.path, clause.condition));

interface Clause {
  readonly path: string;
  readonly condition: Value;
}

const clausesOf = (filter: Document): Clause[] =>
  [...filter].flatMap(([path, condition]) => {
    if (path === '$and' && Array.isArray(condition))
      return condition.filter(isDocument).flatMap(clausesOf);
    if (isOperators(condition)) {
      return [...condition].map(([operator, operand]) => ({
        path,
        condition: new Map([[operator, operand]]),
      }));
    }
    return [{ path, condition }];
  });

const isOperators = (condition: Value): condition is Document =>
  isDocument(condition) && (condition.keys().next().value ?? '').startsWith('$');

const impliesClause = (filter: Filter, path: string, condition: Value): boolean => {
  if (
    clausesOf(filter.source).some(
      (asked) => asked.path === path && equalValues(asked.condition, condition),
    )
  ) {
    return true;
  }
  const asked = filter.predicates.filter((predicate) => predicate.path === path);
  const [operator, operand] = isOperators(condition)
    ? ([...condition][0] ?? [])
    : ['$eq', condition];
  if (operator === '$exists')
    return operand === true && asked.some(({ matchesMissing }) => !matchesMissing);
  if (!operator || !EXACT_OPERATORS.has(operator) || !isPlain(operand)) return false;
  const [needed] = compileFilter(new Map([[path, new Map([[operator, operand]])]])).predicates;
  if (!needed) return false;
  return asked.some(({ intervals }) =>
    intervals.every(({ from, to }) =>
      needed.intervals.some(
        (whole) => Buffer.compare(whole.from, from) <= 0 && Buffer.compare(to, whole.to) <= 0,
      ),
    ),
  );
};

/** Null also matches what is missing, arrays are compared whole and by element: left to the exact comparison above. */
const isPlain = (operand: Value): boolean =>
  operand !== null && operand !== undefined && !Array.isArray(operand) && !isDocument(operand);
