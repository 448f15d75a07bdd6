import type { AddressLimits } from './address-limit.ts';

/** Bounds on what one request may ask for. Each refusal names the limit and what was asked for. */
export interface OperationLimits {
  readonly tokensMax: number;
  readonly depthMax: number;
  readonly aliasesMax: number;
  readonly rootFieldsMax: number;
  readonly complexityMax: number;
}

export const DEFAULT_LIMITS: OperationLimits = {
  // GraphiQL's introspection has about 300; the largest page of our own clients less than that.
  tokensMax: 2_000,
  // film → credits → nodes → person → filmography → nodes → movie → title are eight.
  depthMax: 15,
  // Aliases multiply the work of one field without widening the document much.
  aliasesMax: 50,
  // Each root field is at least one request to a subgraph.
  rootFieldsMax: 20,
  // Fields that the answer may hold: a page of 100 films with 20 credits each needs about 13,000.
  complexityMax: 30_000,
};

/**
 * What one address may ask for of `signIn`, `signUp`, `refreshSession` and `signOut`. An office behind
 * one address signs in on a morning; in the long run it is a twentieth of the passwords that one
 * process of `users` can check, so that a single address shuts nobody out for longer than its burst.
 */
export const OPEN_MUTATIONS_LIMITS: AddressLimits = { burstMax: 120, perMinute: 120 };

/** The largest page that any list of the graph gives; subgraphs refuse a larger `first`. */
export const PAGE_MAX = 100;

/** What a list without `first` is taken to hold: genres, external ids. */
export const UNPAGED_LIST_SIZE = 10;
