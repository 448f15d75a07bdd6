import type { Document } from './documents/value.ts';

/** MongoDB's own names and numbers (src/mongo/base/error_codes.yml); clients branch on both. */
export const ERROR_CODES = {
  InternalError: 1,
  BadValue: 2,
  NoSuchKey: 4,
  HostUnreachable: 6,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  CannotBackfillArray: 34,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  WriteConcernFailed: 64,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  IndexAlreadyExists: 68,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  UnknownReplWriteConcern: 79,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  NetworkTimeout: 89,
  ShutdownInProgress: 91,
  OperationFailed: 96,
  WriteConflict: 112,
  CommandNotSupported: 115,
  ConflictingOperationInProgress: 117,
  NamespaceNotSharded: 118,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  AmbiguousIndexKeyPattern: 181,
  PrimarySteppedDown: 189,
  ClusterTimeFailsRateLimiter: 209,
  TransactionTooOld: 225,
  NoSuchTransaction: 251,
  TransactionCommitted: 256,
  TransactionTooLarge: 257,
  OperationNotSupportedInTransaction: 263,
  QueryPlanKilled: 175,
  CursorInUse: 235,
  SnapshotUnavailable: 246,
  IndexBuildAborted: 276,
  NoQueryExecutionPlans: 291,
  ExceededTimeLimit: 262,
  NotWritablePrimary: 10107,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  InterruptedAtShutdown: 11600,
  Interrupted: 11601,
  InterruptedDueToReplStateChange: 11602,
  OutOfDiskSpace: 14031,
} as const;

export type ErrorCodeName = keyof typeof ERROR_CODES;

export interface CommandErrorOptions {
  /** For example TransientTransactionError; the reply's `errorLabels`. */
  readonly labels?: readonly string[];
  /** Fields that the reply carries beside code and message, such as `keyPattern`. */
  readonly extra?: Document;
}

/**
 * What the engine answers a client with. `code` and `codeName` are MongoDB's; a bare number is one
 * of its unnamed assertion codes, which it names `LocationNNN`.
 */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly labels: string[];
  readonly extra?: Document;

  constructor(code: ErrorCodeName | number, message: string, options: CommandErrorOptions = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = typeof code === 'number' ? code : ERROR_CODES[code];
    this.codeName = typeof code === 'number' ? `Location${code.toString()}` : code;
    this.labels = [...(options.labels ?? [])];
    if (options.extra) this.extra = options.extra;
  }
}

export const badValue = (message: string): CommandError => new CommandError('BadValue', message);

export const failedToParse = (message: string): CommandError =>
  new CommandError('FailedToParse', message);

export const typeMismatch = (message: string): CommandError =>
  new CommandError('TypeMismatch', message);
