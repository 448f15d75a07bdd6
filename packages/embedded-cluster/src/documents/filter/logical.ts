import { badValue } from '../../command-error.ts';
import {
  isListed,
  LOGICAL_FILTER_OPERATORS,
  type LogicalFilterOperator,
} from '../../scope/scope.ts';
import { compileExpression } from '../expression.ts';
import type { Variables } from '../expression/operator-compiler.ts';
import { type Document, isDocument, isTruthy, type Value } from '../value.ts';
import type { Condition, NestedCompilers } from './condition.ts';
import { isRegExp } from './comparison.ts';
import { compileField, compileOperators } from './field.ts';
import { isOperatorDocument } from './operator-document.ts';
import { unionPredicates } from './union-predicates.ts';

/** Inside `$elemMatch` the document is not at hand, so an expression about it is refused. */
const nested: NestedCompilers = {
  logical: (source) => compileLogical(source),
  operators: (source, pathText) => compileOperators(source, pathText, nested),
};

/**
 * All conditions of a filter document, or of a branch of `$and`, `$or`, `$nor`. `$expr` is taken only
 * with `variables`: at the top of a query, not inside updates and array filters.
 */
export function compileLogical(source: Document, variables?: Variables): Condition {
  const conditions: Condition[] = [];
  for (const [name, argument] of source) {
    conditions.push(
      name.startsWith('$')
        ? compileOperator(name, argument, variables)
        : compileField(name, argument, nested),
    );
  }
  return allOf(conditions);
}

export function allOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only && conditions.length === 1) return only;
  const tests = conditions.map(({ test }) => test);
  return {
    predicates: conditions.flatMap(({ predicates }) => predicates),
    test: (document, details) => {
      for (const test of tests) {
        if (!test(document, details)) {
          // What an earlier condition noted belongs to a match that did not happen.
          if (details) details.arrayIndex = undefined;
          return false;
        }
      }
      return true;
    },
  };
}

function compileOperator(
  name: string,
  argument: Value,
  variables: Variables | undefined,
): Condition {
  if (!isListed(LOGICAL_FILTER_OPERATORS, name)) {
    throw badValue(
      `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
    );
  }
  return LOGICAL_COMPILERS[name](argument, variables);
}

const LOGICAL_COMPILERS: Record<
  LogicalFilterOperator,
  (argument: Value, variables: Variables | undefined) => Condition
> = {
  $and: (argument, variables) => allOf(branches(argument, variables)),
  $or: (argument, variables) => {
    const alternatives = branches(argument, variables);
    const [only] = alternatives;
    if (only && alternatives.length === 1) return only;
    const oneField = equalitiesOfOneField(argument);
    if (oneField) return compileField(...oneField, nested);
    const tests = alternatives.map(({ test }) => test);
    return {
      predicates: unionPredicates(alternatives.map(({ predicates }) => predicates)),
      // As in MongoDB, the positional `$` comes from other conditions only: a branch may not be the one that is meant.
      test: (document) => tests.some((test) => test(document)),
    };
  },
  $nor: (argument, variables) => {
    const tests = branches(argument, variables).map(({ test }) => test);
    return { predicates: [], test: (document) => !tests.some((test) => test(document)) };
  },
  $expr: (argument, variables) => {
    if (!variables) throw badValue('$expr is not allowed in this context');
    const expression = compileExpression(argument, variables);
    return { predicates: [], test: (document) => isTruthy(expression(document)) };
  },
  $comment: () => ({ predicates: [], test: () => true }),
};

/** `{ $or: [{ a: 1 }, { a: 2 }] }` is `{ a: { $in: [1, 2] } }`, as MongoDB's optimizer has it. */
function equalitiesOfOneField(argument: Value): [path: string, condition: Document] | undefined {
  if (!Array.isArray(argument)) return undefined;
  const values: Value[] = [];
  let common: string | undefined;
  for (const branch of argument) {
    if (!isDocument(branch) || branch.size !== 1) return undefined;
    for (const [path, condition] of branch) {
      common ??= path;
      if (path !== common || path.startsWith('$')) return undefined;
      if (isRegExp(condition) || isOperatorDocument(condition)) return undefined;
      values.push(condition);
    }
  }
  return common === undefined ? undefined : [common, new Map([['$in', values]])];
}

function branches(argument: Value, variables: Variables | undefined): Condition[] {
  if (!Array.isArray(argument) || argument.length === 0) {
    throw badValue('$and/$or/$nor must be a nonempty array');
  }
  return argument.map((branch) => {
    if (!isDocument(branch)) throw badValue('$or/$and/$nor entries need to be full objects');
    return compileLogical(branch, variables);
  });
}
