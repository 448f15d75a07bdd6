import { CommandError } from '../../command-error.ts';
import { typeAlias } from '../type-alias.ts';
import { isNullish, operandsOf, unary } from './arity.ts';
import type { OperatorCompiler } from './operator-compiler.ts';

export const compileConcat: OperatorCompiler = (argument, compile) => {
  const operands = operandsOf(argument, compile);
  return (root) => {
    let text = '';
    for (const operand of operands) {
      const value = operand(root);
      if (isNullish(value)) return null;
      if (typeof value !== 'string') {
        throw new CommandError(16702, `$concat only supports strings, not ${typeAlias(value)}`);
      }
      text += value;
    }
    return text;
  };
};

/** Only ASCII letters change case in the server; only strings are taken here, it also converts numbers and dates. */
const caseOperator = (name: string, pattern: RegExp, change: (letter: string) => string) =>
  unary(name, (value) => {
    if (isNullish(value)) return '';
    if (typeof value !== 'string') {
      throw new CommandError(16007, `can't convert from BSON type ${typeAlias(value)} to String`);
    }
    return value.replace(pattern, change);
  });

export const compileToLower = caseOperator('$toLower', /[A-Z]+/g, (text) => text.toLowerCase());
export const compileToUpper = caseOperator('$toUpper', /[a-z]+/g, (text) => text.toUpperCase());
