import { CommandError } from '../../command-error.ts';
import type { CompileExpression, Expression, OperatorCompiler } from './operator-compiler.ts';
import type { Value } from '../value.ts';

/** The operands of an operator; a single one need not stand in an array. */
export const operandsOf = (argument: Value, compile: CompileExpression): Expression[] =>
  (Array.isArray(argument) ? argument : [argument]).map(compile);

/** Exactly so many operands. */
export function exactly(
  name: string,
  count: number,
  argument: Value,
  compile: CompileExpression,
): Expression[] {
  const operands = operandsOf(argument, compile);
  if (operands.length !== count) {
    throw new CommandError(
      16020,
      `Expression ${name} takes exactly ${count.toString()} arguments. ${operands.length.toString()} were passed in.`,
    );
  }
  return operands;
}

/** Two operands, evaluated. */
export const binary =
  (name: string, evaluate: (a: Value, b: Value) => Value): OperatorCompiler =>
  (argument, compile) => {
    const [a, b] = exactly(name, 2, argument, compile);
    return (root) => evaluate(a?.(root), b?.(root));
  };

/** One operand, evaluated. */
export const unary =
  (name: string, evaluate: (value: Value) => Value): OperatorCompiler =>
  (argument, compile) => {
    const [operand] = exactly(name, 1, argument, compile);
    return (root) => evaluate(operand?.(root));
  };

export const isNullish = (value: Value): value is null | undefined =>
  value === null || value === undefined;
