import { MarqueeError } from '@marquee/errors';
import { MongoError, WriteConcern, type ClientSession, type MongoClient } from 'mongodb';
import { sleep } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { isUnreachable } from './driver-errors.ts';

/** First pause before a transaction runs again; grows by half, with jitter, as the driver's does. */
export const RETRY_PAUSE_FIRST_MS = 5;
/** Longest pause before it runs again. */
export const RETRY_PAUSE_MAX_MS = 500;

/**
 * Runs `work` in a transaction until it is committed, `work` throws, or the deadline passes: what the
 * driver's `withTransaction` does, which knows no deadline of ours. Unlike that, it does not wait for
 * a cluster that is gone: whoever calls may know of another one by now. Rejects with the driver's
 * error, or DEADLINE_EXCEEDED; what happened then is unknown only if a commit had been sent.
 *
 * The caller is answered at the deadline; a statement under way then ends by itself, at the latest by
 * the socket's time-out, and the transaction is aborted afterwards.
 */
export const runTransaction = async <T>(
  client: MongoClient,
  work: (session: ClientSession) => Promise<T>,
  deadline: Deadline,
  random: () => number,
): Promise<T> => {
  const session = client.startSession({ causalConsistency: false });
  const attempts = runUntilCommitted(session, work, deadline, random).finally(() => {
    // Aborts what is still open. Not awaited: a dead cluster would hold the answer up.
    session.endSession().catch(() => undefined);
  });
  return deadline.race(attempts);
};

const runUntilCommitted = async <T>(
  session: ClientSession,
  work: (session: ClientSession) => Promise<T>,
  deadline: Deadline,
  random: () => number,
): Promise<T> => {
  let lastError: unknown;
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0) {
      const pauseMs = Math.min(RETRY_PAUSE_FIRST_MS * 1.5 ** attempt, RETRY_PAUSE_MAX_MS);
      await sleep(random() * pauseMs, deadline.clock);
    }
    throwIfLate(deadline, lastError);
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      writeConcern: new WriteConcern('majority'),
      readPreference: 'primary',
    });
    try {
      const result = await work(session);
      // Nobody waits for it any more: not committing is the better known outcome.
      throwIfLate(deadline);
      await commit(session, deadline);
      return result;
    } catch (error) {
      if (isUnreachable(error)) throw error;
      if (session.inTransaction()) await session.abortTransaction();
      if (!hasLabel(error, 'TransientTransactionError')) throw error;
      lastError = error;
    }
  }
};

const throwIfLate = (deadline: Deadline, cause?: unknown): void => {
  if (deadline.expired) throw new MarqueeError('DEADLINE_EXCEEDED', {}, { cause });
};

const commit = async (session: ClientSession, deadline: Deadline): Promise<void> => {
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!hasLabel(error, 'UnknownTransactionCommitResult') || deadline.expired) throw error;
      // Committing again is safe: the server knows the transaction by its number.
      await sleep(RETRY_PAUSE_FIRST_MS, deadline.clock);
    }
  }
};

const hasLabel = (error: unknown, label: string): boolean =>
  error instanceof MongoError && error.hasErrorLabel(label);
