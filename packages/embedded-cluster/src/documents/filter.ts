import { compileLogical } from './filter/logical.ts';
import { NO_VARIABLES, type Variables } from './expression/operator-compiler.ts';
import type { PathPredicate } from './filter/path-predicate.ts';
import type { MatchDetails } from './path.ts';
import type { Document } from './value.ts';

export interface Match {
  readonly matched: boolean;
  /** What the positional `$` stands for, where a matching predicate entered an array. */
  readonly arrayIndex?: number;
}

export interface Filter {
  readonly source: Document;
  matches(document: Document): boolean;
  match(document: Document): Match;
  /** Facts that every matching document fulfils, for choosing an index; the filter itself must still be asked. */
  readonly predicates: readonly PathPredicate[];
}

/** Compiles a query filter. Throws CommandError for operators outside the scope and for bad arguments. */
export function compileFilter(source: Document, variables: Variables = NO_VARIABLES): Filter {
  const { test, predicates } = compileLogical(source, variables);
  return {
    source,
    predicates,
    matches: (document) => test(document),
    match: (document) => {
      const details: MatchDetails = {};
      if (!test(document, details)) return { matched: false };
      return details.arrayIndex === undefined
        ? { matched: true }
        : { matched: true, arrayIndex: details.arrayIndex };
    },
  };
}
