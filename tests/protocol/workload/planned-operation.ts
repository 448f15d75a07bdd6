/**
 * - `append`: adds its name to a film;
 * - `like`, `unlike`: sets a person's reaction to a film and the film's count; changes nothing if it is
 *   so already, and is refused if the film is deleted;
 * - `create`: a new document, its id derived from the operation's;
 * - `delete`: leaves a tombstone;
 * - `purge`: lets the slot forget tombstones and records that are old.
 */
export type OperationKind = 'append' | 'like' | 'unlike' | 'create' | 'delete' | 'purge';

/** One operation of a walk, as data: a case can be kept and shrunk. */
export interface PlannedOperation {
  /** Short and unique within the walk; documents list the names of what changed them. */
  readonly name: string;
  readonly kind: OperationKind;
  /** The film it is about, or the id of the document to create or delete. */
  readonly target: string;
  /** `like` and `unlike` only. */
  readonly handle?: string;
  /** `purge` only: a UUIDv7, what has a lower one is old. */
  readonly idsBefore?: string;
  /** A UUIDv7. */
  readonly operationId: string;
  /** Another one than that of the operation with the same id: one of the two must be refused. */
  readonly requestHash: string;
}

/** One call of a client: an operation, or several in bulk; repeated until it is acknowledged. */
export interface PlannedRequest {
  readonly atMs: number;
  readonly router: string;
  readonly operations: readonly string[];
  /** How often the client tries before it gives up for ever; what it sent may have happened. */
  readonly attemptsMax: number;
}

/** A client that reads all the time. */
export interface PlannedReader {
  readonly router: string;
  readonly everyMs: number;
  /** What each of its reads may take. */
  readonly deadlineMs: number;
}

export interface Workload {
  readonly operations: readonly PlannedOperation[];
  readonly requests: readonly PlannedRequest[];
  readonly readers: readonly PlannedReader[];
}
