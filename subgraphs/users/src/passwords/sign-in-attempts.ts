import { MarqueeError } from '@marquee/errors';

/** Failed attempts for one handle before the next has to wait. */
export const FREE_ATTEMPTS = 5;

/** First wait; it doubles with each further failure. */
export const WAIT_FIRST_MS = 1_000;

/** Longest wait: a guesser gets nowhere, and the person who was attacked gets in again. */
export const WAIT_MAX_MS = 5 * 60_000;

/** Failures are forgotten after this time without another. */
export const FORGET_AFTER_MS = 15 * 60_000;

/** Handles remembered; beyond that the one that was tried longest ago is forgotten. */
export const HANDLES_MAX = 10_000;

interface Attempts {
  readonly failures: number;
  readonly lastAtMs: number;
  readonly waitUntilMs: number;
}

/**
 * Slows down guessing of passwords, per handle, whether there is such a handle or not. Kept in the
 * memory of one process: several instances of the subgraph allow as many times the attempts.
 */
export interface SignInAttempts {
  /**
   * To be called before a password is looked at. It counts as failed until `succeeded`, so that
   * attempts at the same time do not slip through together.
   *
   * @throws RATE_LIMITED with `retryAfterSeconds`.
   */
  begin(handle: string, nowMs: number): void;
  succeeded(handle: string): void;
}

export const createSignInAttempts = (): SignInAttempts => {
  const byHandle = new Map<string, Attempts>();
  return {
    begin: (handle, nowMs) => {
      const known = byHandle.get(handle);
      const before =
        known === undefined || nowMs - known.lastAtMs >= FORGET_AFTER_MS ? undefined : known;
      if (before !== undefined && nowMs < before.waitUntilMs) {
        const retryAfterSeconds = Math.ceil((before.waitUntilMs - nowMs) / 1000);
        throw new MarqueeError('RATE_LIMITED', { retryAfterSeconds });
      }
      const failures = (before?.failures ?? 0) + 1;
      // Put at the end: the first entry is always the one that was tried longest ago.
      byHandle.delete(handle);
      byHandle.set(handle, { failures, lastAtMs: nowMs, waitUntilMs: nowMs + waitMs(failures) });
      if (byHandle.size > HANDLES_MAX) {
        for (const oldest of byHandle.keys()) {
          byHandle.delete(oldest);
          break;
        }
      }
    },
    succeeded: (handle) => {
      byHandle.delete(handle);
    },
  };
};

const waitMs = (failures: number): number =>
  failures < FREE_ATTEMPTS
    ? 0
    : Math.min(WAIT_FIRST_MS * 2 ** (failures - FREE_ATTEMPTS), WAIT_MAX_MS);
