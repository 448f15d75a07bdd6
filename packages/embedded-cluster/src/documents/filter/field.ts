import { badValue } from '../../command-error.ts';
import { FIELD_FILTER_OPERATORS, isListed } from '../../scope/scope.ts';
import { parsePath } from '../path.ts';
import type { Document, Value } from '../value.ts';
import type { Condition, NestedCompilers } from './condition.ts';
import { everyCondition, type FieldCondition } from './field-condition.ts';
import { equality, FIELD_COMPILERS } from './field-operators.ts';
import { isOperatorDocument } from './operator-document.ts';

/** `{path: argument}` of a filter. */
export function compileField(
  pathText: string,
  argument: Value,
  nested: NestedCompilers,
): Condition {
  const path = parsePath(pathText);
  const condition = compileFieldArgument(argument, pathText, nested);
  const hasPosition = path.indexes.some((index) => index >= 0);
  return {
    // `a.0` is also a name in the documents of the array: missing there, though the position has a key.
    predicates: condition
      .predicates(pathText)
      .filter(({ matchesMissing }) => !(hasPosition && matchesMissing)),
    test: (document, details) => condition.matches(document, path, details),
  };
}

/** A literal or regular expression to be equal to, or a document of operators. */
function compileFieldArgument(
  argument: Value,
  pathText: string,
  nested: NestedCompilers,
): FieldCondition {
  return isOperatorDocument(argument)
    ? compileOperators(argument, pathText, nested)
    : equality(argument, 'matches-regular-expression');
}

/** Every operator of one document must hold. */
export function compileOperators(
  operators: Document,
  pathText: string,
  nested: NestedCompilers,
): FieldCondition {
  const conditions = [...operators].map(([name, argument]) => {
    if (!isListed(FIELD_FILTER_OPERATORS, name)) throw badValue(`unknown operator: ${name}`);
    return FIELD_COMPILERS[name]({ argument, operators, pathText, nested });
  });
  return everyCondition(conditions);
}
