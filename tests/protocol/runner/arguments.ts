import { parseArgs } from 'node:util';

export interface Arguments {
  /** Walks over the product as it is. */
  readonly walks: number;
  readonly seed: number;
  /** Undefined: all of them in turn. */
  readonly scenario: string | undefined;
  /** Only these mistakes; undefined: all of them. */
  readonly mutants: readonly string[] | undefined;
  /** Only mistakes that were caught before, so that none is forgotten again. */
  readonly knownOnly: boolean;
  /** Walks at most for each mistake. */
  readonly mutantWalks: number;
  /** Print what happens in a walk that fails. */
  readonly trace: boolean;
  /** Shrink walks that fail, and keep them as cases. */
  readonly keep: boolean;
  /** Remember in which walk each mistake was caught. */
  readonly learn: boolean;
}

const WALKS_DEFAULT = 100;
const MUTANT_WALKS_DEFAULT = 60;

export const parseArguments = (argv: readonly string[]): Arguments => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      walks: { type: 'string', default: String(WALKS_DEFAULT) },
      seed: { type: 'string', default: '1' },
      scenario: { type: 'string' },
      mutant: { type: 'string', multiple: true },
      'mutant-walks': { type: 'string', default: String(MUTANT_WALKS_DEFAULT) },
      known: { type: 'boolean', default: false },
      'no-mutants': { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      learn: { type: 'boolean', default: false },
    },
  });
  return {
    walks: countOf('walks', values.walks),
    seed: countOf('seed', values.seed),
    scenario: values.scenario,
    mutants: values['no-mutants'] ? [] : values.mutant,
    knownOnly: values.known,
    mutantWalks: countOf('mutant-walks', values['mutant-walks']),
    trace: values.trace,
    keep: values.keep,
    learn: values.learn,
  };
};

const countOf = (name: string, text: string): number => {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new TypeError(`--${name} must be a whole number, not ${text}`);
};
