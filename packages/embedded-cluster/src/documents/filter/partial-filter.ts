import { CommandError } from '../../command-error.ts';
import { isListed, PARTIAL_FILTER_OPERATORS } from '../../scope/scope.ts';
import { describeDocument } from '../describe-value.ts';
import { compileFilter, type Filter } from '../filter.ts';
import { type Document, isDocument, isTruthy, type Value } from '../value.ts';
import { isRegExp } from './comparison.ts';
import { isOperatorDocument } from './operator-document.ts';

/** Compiles a `partialFilterExpression`. Throws CannotCreateIndex for operators that one may not hold. */
export function compilePartialFilter(source: Document): Filter {
  const filter = compileFilter(source);
  checkFilter(source);
  return filter;
}

function checkFilter(filter: Document): void {
  for (const [name, value] of filter) {
    if (!name.startsWith('$')) checkCondition(name, value);
    else if (isListed(PARTIAL_FILTER_OPERATORS, name) && Array.isArray(value)) {
      for (const branch of value) if (isDocument(branch)) checkFilter(branch);
    } else throw unsupported(name, value);
  }
}

function checkCondition(path: string, condition: Value): void {
  if (isRegExp(condition)) throw unsupported(path, condition);
  if (!isOperatorDocument(condition)) return;
  for (const [operator, operand] of condition) {
    const isAllowed =
      isListed(PARTIAL_FILTER_OPERATORS, operator) &&
      !(operator === '$exists' && !isTruthy(operand)) &&
      !(Array.isArray(operand) && operand.some(isRegExp));
    if (!isAllowed) throw unsupported(path, condition);
  }
}

const unsupported = (path: string, condition: Value): CommandError =>
  new CommandError(
    'CannotCreateIndex',
    `unsupported expression in partial index: ${describeDocument(new Map([[path, condition]]))}`,
  );
