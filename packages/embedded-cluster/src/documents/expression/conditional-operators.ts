import { CommandError } from '../../command-error.ts';
import type { CompileExpression, Expression, OperatorCompiler } from './operator-compiler.ts';
import { type Document, isDocument, isTruthy, type Value } from '../value.ts';
import { exactly, isNullish, operandsOf } from './arity.ts';

export const compileCond: OperatorCompiler = (argument, compile) => {
  const [condition, whenTrue, whenFalse] = isDocument(argument)
    ? condParts(argument, compile)
    : exactly('$cond', 3, argument, compile);
  return (root) => (isTruthy(condition?.(root)) ? whenTrue?.(root) : whenFalse?.(root));
};

const COND_PARTS = [
  ['if', 17080],
  ['then', 17081],
  ['else', 17082],
] as const;

function condParts(argument: Document, compile: CompileExpression): Expression[] {
  for (const name of argument.keys()) {
    if (!COND_PARTS.some(([part]) => part === name)) {
      throw new CommandError(17083, `Unrecognized parameter to $cond: ${name}`);
    }
  }
  return COND_PARTS.map(([part, code]) => {
    if (!argument.has(part)) throw new CommandError(code, `Missing '${part}' parameter to $cond`);
    return compile(argument.get(part));
  });
}

export const compileIfNull: OperatorCompiler = (argument, compile) => {
  const operands = operandsOf(argument, compile);
  if (operands.length < 2) {
    throw new CommandError(
      1257300,
      `$ifNull needs at least two arguments, had: ${operands.length.toString()}`,
    );
  }
  return (root) => {
    let value: Value;
    for (const operand of operands) {
      value = operand(root);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

export const compileAnd: OperatorCompiler = (argument, compile) => {
  const operands = operandsOf(argument, compile);
  return (root) => operands.every((operand) => isTruthy(operand(root)));
};

export const compileOr: OperatorCompiler = (argument, compile) => {
  const operands = operandsOf(argument, compile);
  return (root) => operands.some((operand) => isTruthy(operand(root)));
};
