import type { MatchDetails } from '../path.ts';
import type { Document } from '../value.ts';
import type { FieldCondition } from './field-condition.ts';
import type { PathPredicate } from './path-predicate.ts';

export type DocumentTest = (document: Document, details?: MatchDetails) => boolean;

/** A compiled part of a filter: the test, and what it says about paths. */
export interface Condition {
  readonly test: DocumentTest;
  readonly predicates: readonly PathPredicate[];
}

/** Handed to operators that hold filters themselves, so that they need not import the compiler that uses them. */
export interface NestedCompilers {
  logical(source: Document): Condition;
  operators(source: Document, pathText: string): FieldCondition;
}
