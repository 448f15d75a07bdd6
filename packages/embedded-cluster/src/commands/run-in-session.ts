import type { Binary } from 'bson';
import { CommandError } from '../command-error.ts';
import { bsonTag, type Document, isDocument } from '../documents/value.ts';
import type { Session } from '../sessions/session.ts';
import {
  beginRetryableWrite,
  continueTransaction,
  startTransaction,
} from '../sessions/transaction-steps.ts';
import type { OpenTransaction } from '../storage/open-transaction.ts';
import type { Command, CommandContext, Reply } from './command.ts';
import { RawReply } from './raw-reply.ts';
import { txnNumberOf } from './txn-number.ts';

type Outside = Omit<CommandContext, 'session' | 'transaction' | 'retry'>;

const invalidOptions = (message: string): CommandError =>
  new CommandError('InvalidOptions', message);

/** Runs a command in whatever its session, txnNumber and autocommit put it: nothing, a retryable write, a transaction. */
export const runInSession = async (command: Command, outside: Outside): Promise<Reply> => {
  const { cluster, body } = outside;
  const sessionId = sessionIdOf(body);
  const session = sessionId && cluster.sessions.use(sessionId);
  const txnNumber = txnNumberOf(body);
  const autocommit = body.get('autocommit');
  if (autocommit !== undefined && autocommit !== false) {
    throw invalidOptions('Specifying autocommit=true is not allowed.');
  }
  if (txnNumber === undefined) {
    if (autocommit === false)
      throw invalidOptions("'autocommit' field requires a transaction number to also be specified");
    if (body.has('startTransaction'))
      throw invalidOptions(
        "'startTransaction' field requires 'autocommit' field to also be specified",
      );
    return await command.run({ ...outside, session, transaction: undefined, retry: undefined });
  }
  if (!session)
    throw invalidOptions('Transaction number requires a session ID to also be specified');
  return await session.inTurn(async () => {
    if (autocommit === false) return await runInTransaction(command, outside, session, txnNumber);
    if (body.has('startTransaction'))
      throw invalidOptions(
        "'startTransaction' field requires 'autocommit' field to also be specified",
      );
    if (!command.retryable) {
      throw new CommandError(
        50768,
        `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${command.name} is not a retryable write command.`,
      );
    }
    const retry = beginRetryableWrite(session, txnNumber);
    return await command.run({ ...outside, session, transaction: undefined, retry });
  });
};

const runInTransaction = async (
  command: Command,
  outside: Outside,
  session: Session,
  txnNumber: bigint,
): Promise<Reply> => {
  const ends = command.name === 'commitTransaction' || command.name === 'abortTransaction';
  if (ends)
    return await command.run({ ...outside, session, transaction: undefined, retry: undefined });
  if (!command.inTransaction) {
    const error = new CommandError(
      'OperationNotSupportedInTransaction',
      `Cannot run '${command.name}' in a multi-document transaction.`,
    );
    session.abortTransaction();
    throw error;
  }
  const transaction = transactionFor(outside, session, txnNumber);
  try {
    const reply = await command.run({ ...outside, session, transaction, retry: undefined });
    // A statement that failed has ended the transaction, though the command itself is answered normally.
    if (!(reply instanceof RawReply) && reply.has('writeErrors')) session.abortTransaction();
    return reply;
  } catch (error) {
    session.abortTransaction();
    throw error;
  }
};

const transactionFor = (outside: Outside, session: Session, txnNumber: bigint): OpenTransaction => {
  const { body, cluster, readConcern, writeConcern } = outside;
  const starts = body.get('startTransaction');
  if (starts !== undefined && starts !== true)
    throw invalidOptions('Specifying startTransaction=false is not allowed.');
  if (writeConcern.given) {
    throw invalidOptions('writeConcern is not allowed within a multi-statement transaction');
  }
  if (starts === true) {
    if (readConcern.given && !['local', 'majority', 'snapshot'].includes(readConcern.level)) {
      throw invalidOptions(
        `The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction`,
      );
    }
    if (readConcern.atClusterTime) {
      throw new CommandError(
        'CommandNotSupported',
        'this engine begins a transaction at the present time only',
      );
    }
    return startTransaction(session, txnNumber, {
      store: cluster.store,
      sessions: cluster.sessions,
      nowMs: cluster.nowMs(),
    });
  }
  if (readConcern.given) {
    throw invalidOptions('Only the first command in a transaction may specify a readConcern');
  }
  return continueTransaction(session, txnNumber);
};

export const sessionIdOf = (body: Document): Buffer | undefined => {
  const lsid = body.get('lsid');
  if (lsid === undefined) return undefined;
  return idOfSession(lsid);
};

/** Of `{ id: UUID }`, wherever a command names a session. */
export const idOfSession = (lsid: unknown): Buffer => {
  const id = isDocument(lsid) ? lsid.get('id') : undefined;
  if (bsonTag(id) !== 'Binary' || (id as Binary).position !== 16) {
    throw new CommandError('TypeMismatch', "BSON field 'lsid.id' must be a UUID");
  }
  return Buffer.from((id as Binary).buffer.subarray(0, 16));
};
