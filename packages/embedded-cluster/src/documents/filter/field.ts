import { badValue } from '../../command-error.ts';
import { FIELD_FILTER_OPERATORS, isListed } from '../../scope/scope.ts';
import { parsePath } from '../path.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import { everyCondition, type FieldCondition } from './field-condition.ts';
import { equality, FIELD_COMPILERS } from './field-operators.ts';
import type { Condition } from './logical.ts';

/** `{path: argument}` of a filter. */
export function compileField(pathText: string, argument: Value): Condition {
  const path = parsePath(pathText);
  const condition = compileFieldArgument(argument, pathText);
  return {
    predicates: condition.predicates(pathText),
    test: (document, details) => condition.matches(document, path, details),
  };
}

/** A literal or regular expression to be equal to, or a document of operators. */
export function compileFieldArgument(argument: Value, pathText: string): FieldCondition {
  return isOperatorDocument(argument)
    ? compileOperators(argument, pathText)
    : equality(argument, 'matches-regular-expression');
}

/** `{$gt: 1}`, but neither `{a: 1}` nor a reference `{$ref, $id, $db}`: its first name decides. */
export function isOperatorDocument(value: Value): value is Document {
  if (!isDocument(value)) return false;
  const [first] = value.keys();
  if (first === undefined || !first.startsWith('$')) return false;
  return first !== '$ref' && first !== '$id' && first !== '$db';
}

/** Every operator of one document must hold. */
export function compileOperators(operators: Document, pathText: string): FieldCondition {
  const conditions = [...operators].map(([name, argument]) => {
    if (!isListed(FIELD_FILTER_OPERATORS, name)) throw badValue(`unknown operator: ${name}`);
    return FIELD_COMPILERS[name]({ argument, operators, pathText });
  });
  return everyCondition(conditions);
}
