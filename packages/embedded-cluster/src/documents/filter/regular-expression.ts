import type { BSONRegExp } from 'bson';
import { CommandError } from '../../command-error.ts';
import { translatePattern } from './pattern-translation.ts';

/** A regular expression of a filter, with PCRE2's meaning. */
export interface CompiledRegExp {
  test(text: string): boolean;
  /** What every matching string starts with; empty where nothing is known. */
  readonly prefix: string;
}

const FLAGS = /^[imsxu]*$/;

/** Compiles what PCRE2 and JavaScript can agree on; throws 51091 for everything else. */
export function compileRegExp(pattern: string, options: string): CompiledRegExp {
  if (!FLAGS.test(options)) {
    throw new CommandError(51108, `invalid flag in regex options: ${options}`);
  }
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  const flags = options + (inline?.[1] ?? '');
  const body = inline ? pattern.slice(inline[0].length) : pattern;
  const { source, prefix } = translatePattern(body, {
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
    extended: flags.includes('x'),
  });
  const expression = toRegExp(source, flags.includes('i') ? 'iu' : 'u');
  return {
    test: (text) => expression.test(text),
    prefix: flags.includes('i') ? '' : prefix,
  };
}

function toRegExp(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(51091, `Regular expression is invalid: ${reason}`);
  }
}

export const compileBsonRegExp = (value: BSONRegExp): CompiledRegExp =>
  compileRegExp(value.pattern, value.options);
