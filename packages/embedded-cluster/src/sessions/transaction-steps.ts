import { CommandError } from '../command-error.ts';
import { OpenTransaction } from '../storage/open-transaction.ts';
import type { Store } from '../storage/store.ts';
import { RetryRecord } from './retry-record.ts';
import type { Session, SessionTransaction } from './session.ts';
import type { SessionRegistry } from './session-registry.ts';

/* What a session's txnNumber allows next: MongoDB's TransactionParticipant, as far as one member needs it. */

const tooOld = (session: Session, txnNumber: bigint): CommandError =>
  new CommandError(
    'TransactionTooOld',
    session.transaction
      ? `Cannot start transaction with ${show(session, txnNumber)} because a newer transaction with txnNumber ${session.txnNumber.toString()} has already started on this session.`
      : `Retryable write with txnNumber ${txnNumber.toString()} is prohibited on session ${session.key} because a newer retryable write with txnNumber ${session.txnNumber.toString()} has already started on this session.`,
  );

const show = (session: Session, txnNumber: bigint): string =>
  `${session.key}:${txnNumber.toString()} on session ${session.key}`;

export const noSuchTransaction = (message: string): CommandError =>
  new CommandError('NoSuchTransaction', message, { labels: ['TransientTransactionError'] });

/** Finds what an earlier attempt of this write did, or makes room for what this one will do. */
export const beginRetryableWrite = (session: Session, txnNumber: bigint): RetryRecord => {
  if (txnNumber < session.txnNumber) throw tooOld(session, txnNumber);
  if (txnNumber === session.txnNumber) {
    if (session.transaction) {
      throw new CommandError(
        50911,
        `Cannot retry a retryable write with txnNumber ${txnNumber.toString()} that has been used for a transaction`,
      );
    }
    session.retry ??= new RetryRecord(txnNumber, 'writes');
    return session.retry;
  }
  session.abortTransaction();
  session.txnNumber = txnNumber;
  session.transaction = undefined;
  session.retry = new RetryRecord(txnNumber, 'writes');
  return session.retry;
};

export const startTransaction = (
  session: Session,
  txnNumber: bigint,
  { store, sessions, nowMs }: { store: Store; sessions: SessionRegistry; nowMs: number },
): OpenTransaction => {
  if (txnNumber < session.txnNumber) throw tooOld(session, txnNumber);
  if (txnNumber === session.txnNumber && (session.retry || session.transaction)) {
    throw new CommandError(
      50911,
      `Cannot start a transaction at given transaction number ${txnNumber.toString()} a transaction with the same number is in state ${session.transaction?.state ?? 'none'}`,
    );
  }
  sessions.assertRoomForTransaction();
  session.abortTransaction();
  session.txnNumber = txnNumber;
  session.retry = undefined;
  const transaction = new OpenTransaction(store);
  session.transaction = { state: 'open', transaction, startedMs: nowMs };
  return transaction;
};

/** The transaction with this number, whatever became of it. */
export const transactionState = (session: Session, txnNumber: bigint): SessionTransaction => {
  if (txnNumber < session.txnNumber && session.transaction) throw tooOld(session, txnNumber);
  if (txnNumber !== session.txnNumber || !session.transaction) {
    throw noSuchTransaction(
      `Given transaction number ${txnNumber.toString()} does not match any in-progress transactions. The active transaction number is ${session.txnNumber.toString()}`,
    );
  }
  return session.transaction;
};

/** The open transaction that a further statement belongs to. */
export const continueTransaction = (session: Session, txnNumber: bigint): OpenTransaction => {
  const found = transactionState(session, txnNumber);
  if (found.state === 'open') return found.transaction;
  if (found.state === 'committed') {
    throw new CommandError(
      'TransactionCommitted',
      `Transaction with { txnNumber: ${txnNumber.toString()} } has been committed.`,
    );
  }
  throw noSuchTransaction(
    `Transaction with { txnNumber: ${txnNumber.toString()} } has been aborted.`,
  );
};
