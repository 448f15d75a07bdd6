import { MarqueeError } from '@marquee/errors';

/** Failed attempts for one handle before the next has to wait. */
export const FREE_ATTEMPTS = 5;

/** First wait; it doubles with each further failure. */
export const WAIT_FIRST_MS = 1_000;

/** Longest wait: a guesser gets nowhere, and the person who was attacked gets in again. */
export const WAIT_MAX_MS = 5 * 60_000;

/** Failures are forgotten after this time without another. */
export const FORGET_AFTER_MS = 15 * 60_000;

/**
 * Handles remembered; beyond that the one that failed longest ago is forgotten. Each took a password that
 * was looked at: to flush them takes minutes of hashing, not a burst of requests.
 */
export const HANDLES_MAX = 10_000;

/** Failures, or attempts that have not ended, of one handle. */
interface Tries {
  readonly count: number;
  readonly lastAtMs: number;
}

/** What an attempt came to; to be told exactly once. */
export interface Attempt {
  succeeded(): void;
  failed(): void;
  /** Nobody looked at the password: no guess was made. */
  withdrawn(): void;
}

/**
 * Slows down guessing of passwords, per handle, whether there is such a handle or not. Kept in the
 * memory of one process: several instances of the subgraph allow as many times the attempts.
 */
export interface SignInAttempts {
  /**
   * To be called before a password is looked at. It counts as failed until its end is told, so that
   * attempts at the same time do not slip through together.
   *
   * @throws RATE_LIMITED with `retryAfterSeconds`.
   */
  begin(handle: string, nowMs: number): Attempt;
}

export const createSignInAttempts = (): SignInAttempts => {
  const failures = new Map<string, Tries>();
  // As many as there are requests under way.
  const underway = new Map<string, Tries>();

  const failuresOf = (handle: string, nowMs: number): Tries | undefined => {
    const known = failures.get(handle);
    return known !== undefined && nowMs - known.lastAtMs < FORGET_AFTER_MS ? known : undefined;
  };

  const waitUntilMs = (handle: string, nowMs: number): number => {
    const failed = failuresOf(handle, nowMs);
    const open = underway.get(handle);
    const count = (failed?.count ?? 0) + (open?.count ?? 0);
    return Math.max(failed?.lastAtMs ?? 0, open?.lastAtMs ?? 0) + waitMs(count);
  };

  const ended = (handle: string): void => {
    const open = underway.get(handle);
    if (open === undefined || open.count <= 1) underway.delete(handle);
    else underway.set(handle, { ...open, count: open.count - 1 });
  };

  return {
    begin: (handle, nowMs) => {
      const leftMs = waitUntilMs(handle, nowMs) - nowMs;
      if (leftMs > 0) {
        throw new MarqueeError('RATE_LIMITED', { retryAfterSeconds: Math.ceil(leftMs / 1000) });
      }
      underway.set(handle, { count: (underway.get(handle)?.count ?? 0) + 1, lastAtMs: nowMs });
      return {
        succeeded: () => {
          ended(handle);
          failures.delete(handle);
        },
        failed: () => {
          ended(handle);
          const count = (failuresOf(handle, nowMs)?.count ?? 0) + 1;
          // Put at the end: the first entry is always the one that failed longest ago.
          failures.delete(handle);
          failures.set(handle, { count, lastAtMs: nowMs });
          for (const oldest of failures.keys()) {
            if (failures.size <= HANDLES_MAX) break;
            failures.delete(oldest);
          }
        },
        withdrawn: () => ended(handle),
      };
    },
  };
};

const waitMs = (failures: number): number =>
  failures < FREE_ATTEMPTS
    ? 0
    : Math.min(WAIT_FIRST_MS * 2 ** (failures - FREE_ATTEMPTS), WAIT_MAX_MS);
