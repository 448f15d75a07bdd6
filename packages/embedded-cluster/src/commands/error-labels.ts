/* Which errors a driver may answer by trying again; from the server's error_codes.yml and error_labels.cpp. */

const NOT_PRIMARY_OR_SHUTDOWN = [91, 189, 10107, 11600, 11602, 13435, 13436];
const NETWORK = [6, 7, 89, 9001];
const EXCEEDED_TIME_LIMIT = 262;

const RETRYABLE_WRITE: ReadonlySet<number> = new Set([
  ...NOT_PRIMARY_OR_SHUTDOWN,
  ...NETWORK,
  134,
  317,
  EXCEEDED_TIME_LIMIT,
]);

/** LockTimeout, WriteConflict, SnapshotUnavailable, NoSuchTransaction, PreparedTransactionInProgress. */
const TRANSIENT_ALWAYS: ReadonlySet<number> = new Set([24, 112, 246, 251, 267]);
const TRANSIENT_BEFORE_COMMIT: ReadonlySet<number> = new Set([
  ...NOT_PRIMARY_OR_SHUTDOWN,
  ...NETWORK,
  EXCEEDED_TIME_LIMIT,
]);

export interface Circumstances {
  readonly command: string;
  /** `autocommit: false` was sent. */
  readonly inTransaction: boolean;
  readonly hasTxnNumber: boolean;
}

const ENDS_TRANSACTION: ReadonlySet<string> = new Set(['commitTransaction', 'abortTransaction']);

export const labelsFor = (
  code: number,
  given: readonly string[],
  where: Circumstances,
): string[] => {
  const labels = new Set(given);
  const ends = ENDS_TRANSACTION.has(where.command);
  if (where.inTransaction) {
    if (TRANSIENT_ALWAYS.has(code) || (!ends && TRANSIENT_BEFORE_COMMIT.has(code))) {
      labels.add('TransientTransactionError');
    }
  } else {
    labels.delete('TransientTransactionError');
  }
  if (where.hasTxnNumber && (!where.inTransaction || ends) && RETRYABLE_WRITE.has(code)) {
    labels.add('RetryableWriteError');
  }
  return [...labels];
};
