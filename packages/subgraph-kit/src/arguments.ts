import { MarqueeError } from '@marquee/errors';

/** How many nodes a page has where the caller does not say. */
export const PAGE_SIZE_DEFAULT = 20;

/** How many nodes a page may have: more costs a cluster more than a page is worth. */
export const PAGE_SIZE_MAX = 100;

/** Longest text of a search, in characters; no title is found by more. */
export const SEARCH_TEXT_MAX_LENGTH = 200;

/**
 * Longer cursors are not even looked into: those of the router have at most 16,384 characters, and lists
 * wrap them up to twice in base64, which takes a third more each time.
 */
const CURSOR_MAX_LENGTH = 32_768;

export const badArgument = (argument: string, expected: string): MarqueeError =>
  new MarqueeError(
    'BAD_USER_INPUT',
    { argument, expected },
    { message: `Argument "${argument}": expected ${expected}.` },
  );

/** The arguments of every connection; GraphQL lets null stand for "not given". */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface PageRequest {
  readonly first: number;
  readonly after?: string;
}

/** @throws BAD_USER_INPUT that names `first` or `after`. */
export const pageRequest = (
  { first, after }: PageArguments,
  limits: { readonly default?: number; readonly max?: number } = {},
): PageRequest => {
  const max = limits.max ?? PAGE_SIZE_MAX;
  const size = first ?? limits.default ?? PAGE_SIZE_DEFAULT;
  if (!Number.isInteger(size) || size < 1 || size > max) {
    throw badArgument('first', `a whole number from 1 to ${max}`);
  }
  if (after === null || after === undefined) return { first: size };
  if (after.length > CURSOR_MAX_LENGTH) throw invalidCursor();
  return { first: size, after };
};

export const invalidCursor = (): MarqueeError =>
  new MarqueeError('INVALID_CURSOR', { argument: 'after' });

/**
 * What someone typed into a search, or undefined if there is nothing in it: an empty search field
 * shows everything. @throws BAD_USER_INPUT
 */
export const searchArgument = (argument: string, text: string | null | undefined) => {
  if (text === null || text === undefined || text.trim() === '') return undefined;
  if (text.length > SEARCH_TEXT_MAX_LENGTH) {
    throw badArgument(argument, `at most ${SEARCH_TEXT_MAX_LENGTH} characters`);
  }
  return text;
};
