import { CommandError } from '../command-error.ts';
import { RetryRecord } from '../sessions/retry-record.ts';
import { noSuchTransaction, transactionState } from '../sessions/transaction-steps.ts';
import { retryKey } from '../storage/keys.ts';
import type { Command, CommandContext } from './command.ts';
import type { Session } from '../sessions/session.ts';
import { txnNumberOf } from './txn-number.ts';

const EMPTY = new Map();

export const commitTransaction: Command = {
  name: 'commitTransaction',
  kind: 'write',
  inTransaction: true,
  fields: ['recoveryToken'],
  run: (context) => {
    const { session, txnNumber } = ending(context);
    const found = transactionState(session, txnNumber);
    if (found.state === 'aborted') {
      throw noSuchTransaction(
        `Transaction with { txnNumber: ${txnNumber.toString()} } has been aborted.`,
      );
    }
    if (found.state === 'open') {
      const { transaction } = found;
      const record = new RetryRecord(txnNumber, 'transaction');
      // The record tells a retry, also after a crash, that this transaction happened.
      const also = transaction.wrote
        ? { key: retryKey(session.id), value: record.encode(context.cluster.nowMs()) }
        : undefined;
      transaction.commit({ majority: context.writeConcern.majority, ...(also && { also }) });
      session.transaction = { state: 'committed' };
    }
    return EMPTY;
  },
};

export const abortTransaction: Command = {
  name: 'abortTransaction',
  kind: 'write',
  inTransaction: true,
  fields: ['recoveryToken'],
  run: (context) => {
    const { session, txnNumber } = ending(context);
    const found = transactionState(session, txnNumber);
    if (found.state === 'committed') {
      throw new CommandError(
        'TransactionCommitted',
        `Transaction with { txnNumber: ${txnNumber.toString()} } has been committed.`,
      );
    }
    if (found.state === 'aborted') {
      throw noSuchTransaction(
        `Transaction with { txnNumber: ${txnNumber.toString()} } has been aborted.`,
      );
    }
    session.abortTransaction();
    return EMPTY;
  },
};

const ending = (context: CommandContext): { session: Session; txnNumber: bigint } => {
  const txnNumber = txnNumberOf(context.body);
  if (!context.session || txnNumber === undefined || context.body.get('autocommit') !== false) {
    throw new CommandError(125, `${context.name} must be run within a transaction`);
  }
  if (context.database !== 'admin') {
    throw new CommandError(
      'Unauthorized',
      `${context.name} may only be run against the admin database.`,
    );
  }
  return { session: context.session, txnNumber };
};
