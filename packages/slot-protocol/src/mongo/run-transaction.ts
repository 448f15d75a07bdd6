import { MarqueeError } from '@marquee/errors';
import {
  MongoClientClosedError,
  MongoError,
  MongoTopologyClosedError,
  WriteConcern,
  type ClientSession,
  type MongoClient,
  type TransactionOptions,
} from 'mongodb';
import { sleep, type Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { FENCES, SLOTS_DATABASE } from '../stored-names.ts';
import { isUnreachable } from './driver-errors.ts';

/** First pause before a transaction runs again; grows by half, with jitter, as the driver's does. */
export const RETRY_PAUSE_FIRST_MS = 5;
/** Longest pause before it runs again. */
export const RETRY_PAUSE_MAX_MS = 500;

/** First pause before a lost transaction is ended again; doubles up to a second. */
const END_PAUSE_FIRST_MS = 50;
const END_PAUSE_MAX_MS = 1_000;
/** MongoDB's transactionLifetimeLimitSeconds: after that the server has ended it by itself. */
const TRANSACTION_LIFETIME_MS = 60_000;

const TRANSACTION: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: new WriteConcern('majority'),
  readPreference: 'primary',
};

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
  const attempts = runUntilCommitted(session, work, deadline, random).then(
    (result) => {
      void end(session);
      return result;
    },
    (error: unknown) => {
      // Not awaited: a dead cluster would hold the answer up.
      void (isLost(error) ? endLost(session, client, deadline.clock) : end(session));
      throw error;
    },
  );
  return deadline.race(attempts);
};

const end = (session: ClientSession): Promise<void> => session.endSession().catch(() => undefined);

/** The connection broke while the transaction was open, so it may be open at the server still. */
const isLost = (error: unknown): boolean =>
  isUnreachable(error) || hasLabel(error, 'UnknownTransactionCommitResult');

/**
 * Ends a transaction whose connection was lost. The driver tries that twice and then leaves it to the
 * server, where it would hold its slots for a minute. A session has one transaction: the server ends the
 * old one when a newer one begins, and refuses statements of the old one that arrive late.
 */
const endLost = async (
  session: ClientSession,
  client: MongoClient,
  clock: Clock,
): Promise<void> => {
  const untilMs = clock.monotonicNow() + TRANSACTION_LIFETIME_MS;
  let pauseMs = END_PAUSE_FIRST_MS;
  for (;;) {
    if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    try {
      session.startTransaction(TRANSACTION);
      await client.db(SLOTS_DATABASE).collection(FENCES).findOne({}, { session });
      break;
    } catch (error) {
      if (error instanceof MongoClientClosedError || error instanceof MongoTopologyClosedError)
        break;
      if (clock.monotonicNow() >= untilMs) break;
    }
    await sleep(pauseMs, clock);
    pauseMs = Math.min(2 * pauseMs, END_PAUSE_MAX_MS);
  }
  await end(session);
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
    session.startTransaction(TRANSACTION);
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
