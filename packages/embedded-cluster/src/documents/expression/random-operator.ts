import { Double } from 'bson';
import { CommandError } from '../../command-error.ts';
import { isDocument } from '../value.ts';
import type { OperatorCompiler } from './operator-compiler.ts';

/** A number from 0 up to 1. Nothing depends on which, so it is the one source of chance that is not passed in. */
export const compileRand: OperatorCompiler = (argument) => {
  const empty = isDocument(argument)
    ? argument.size === 0
    : Array.isArray(argument) && argument.length === 0;
  if (!empty) throw new CommandError(3040501, '$rand does not accept arguments');
  return () => new Double(Math.random());
};
