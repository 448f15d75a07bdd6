import { MarqueeError } from '@marquee/errors';
import {
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoClientClosedError,
  MongoError,
} from 'mongodb';
import { ClusterUnreachable } from '../cluster-unreachable.ts';

// Answers of a server that is no longer, or not yet, a primary that can be written to.
const NOT_PRIMARY_CODES = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);

// A write to a socket that was closing: the driver passes the system's own error on.
const SOCKET_CODES = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

const isSocketError = (error: unknown): boolean =>
  error instanceof Error && SOCKET_CODES.has(String((error as NodeJS.ErrnoException).code));

const RETRYABLE_LABELS = [
  'TransientTransactionError',
  'RetryableWriteError',
  'UnknownTransactionCommitResult',
];

/**
 * No answer from the deployment, or from one that has no primary. Names are compared beside classes:
 * the driver's pool errors are not exported.
 */
export const isUnreachable = (error: unknown): boolean => {
  if (isSocketError(error)) return true;
  if (!(error instanceof MongoError)) return false;
  // No server's answer, whatever its class says: the driver wraps what broke a bulk write.
  if (error instanceof MongoBulkWriteError && error.code === undefined) return true;
  if (error instanceof MongoServerError) return NOT_PRIMARY_CODES.has(Number(error.code));
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoClientClosedError ||
    ['MongoPoolClearedError', 'MongoPoolClosedError', 'MongoWaitQueueTimeoutError'].includes(
      error.name,
    )
  );
};

// MaxTimeMSExpired: the server stopped at the deadline that it was told.
const MAX_TIME_EXPIRED = 50;

/** The driver's error as the data plane knows it; what is none of its own passes unchanged. */
export const fromDriver = (cluster: string, error: unknown): unknown => {
  if (error instanceof MongoServerError && error.code === MAX_TIME_EXPIRED) {
    return new MarqueeError('DEADLINE_EXCEEDED', { cluster }, { cause: error });
  }
  const retryable =
    error instanceof MongoError && RETRYABLE_LABELS.some((label) => error.hasErrorLabel(label));
  return isUnreachable(error) || retryable
    ? new ClusterUnreachable(cluster, { cause: error })
    : error;
};
