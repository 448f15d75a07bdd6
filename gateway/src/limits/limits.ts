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

/** What a list over all shards counts as, beside what it answers, where each parent needs one of its own. */
const OWN_LIST_COST = 300;

/**
 * Fields that cannot be read for many parents at once, and what each of them counts as: a page of 100
 * people with 100 films each would be 100 lists over every shard.
 */
export const FIELD_COSTS: Readonly<Record<string, number>> = {
  'Person.filmography': OWN_LIST_COST,
  'FilmographyConnection.totalCount': OWN_LIST_COST,
  'User.interactions': OWN_LIST_COST,
  'InteractionConnection.totalCount': OWN_LIST_COST,
  // Read together, but each film brings the likes of hundreds of people.
  'Movie.alsoLiked': OWN_LIST_COST,
};
