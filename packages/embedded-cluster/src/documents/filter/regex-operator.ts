import { BSONRegExp } from 'bson';
import { badValue, CommandError } from '../../command-error.ts';
import type { Value } from '../value.ts';
import { isRegExp, regExpTest } from './comparison.ts';
import { anyValue, type FieldCondition } from './field-condition.ts';
import {
  type KeyInterval,
  normalizeIntervals,
  pointInterval,
  prefixInterval,
  typeInterval,
} from './path-predicate.ts';
import { type CompiledRegExp, compileBsonRegExp, compileRegExp } from './regular-expression.ts';

/** `$regex` with its `$options`, or a literal regular expression. */
export function compileRegExpOperator(argument: Value, options: Value): FieldCondition {
  const source = sourceOf(argument, options);
  const compiled = compileRegExp(source.pattern, source.options);
  return anyValue(regExpTest(compiled, source), (path) => [
    {
      path,
      kind: compiled.prefix === '' ? 'range' : 'prefix',
      intervals: normalizeIntervals(intervalsOf(compiled, source)),
      matchesMissing: false,
    },
  ]);
}

function sourceOf(argument: Value, options: Value): BSONRegExp {
  if (options !== undefined && typeof options !== 'string') {
    throw badValue('$options has to be a string');
  }
  if (isRegExp(argument)) {
    if (options === undefined) return argument;
    if (argument.options !== '') {
      throw new CommandError(51075, 'options set in both $regex and $options');
    }
    return withOptions(argument.pattern, options);
  }
  if (typeof argument !== 'string') throw badValue('$regex has to be a string');
  return withOptions(argument, options ?? '');
}

function withOptions(pattern: string, options: string): BSONRegExp {
  if (!/^[imsxu]*$/.test(options)) {
    throw new CommandError(51108, `invalid flag in regex options: ${options}`);
  }
  if (pattern.includes('\0')) {
    throw new CommandError(51109, 'Regular expression cannot contain an embedded null byte');
  }
  return new BSONRegExp(pattern, options);
}

/** Text of which the prefix is known, or any text, and the equal regular expression. */
function intervalsOf(compiled: CompiledRegExp, source: BSONRegExp): KeyInterval[] {
  const text = compiled.prefix === '' ? typeInterval('') : prefixInterval(compiled.prefix);
  return [text, pointInterval(source)];
}

export const regExpIntervals = (source: BSONRegExp): KeyInterval[] =>
  intervalsOf(compileBsonRegExp(source), source);
