/** Limits of the write path of one process, with their defaults. */
export interface WriteLimits {
  /** Acknowledged by then, or WRITE_OUTCOME_UNKNOWN; twice the detection time plus 5 s. */
  readonly deadlineMs: number;
  /**
   * How long an attempt waits at the clusters that the map named before the map is asked for again; it
   * is given up if that has changed. Not a time-out: a slow cluster is no better for being asked twice.
   */
  readonly patienceMs: number;
  /** First pause of a slot whose writes are not acknowledged; doubles up to `retryPauseMaxMs`. */
  readonly retryPauseMs: number;
  readonly retryPauseMaxMs: number;
  /** Operations of one slot in one owner transaction: bounds its length, not the throughput. */
  readonly batchOperationsMax: number;
  /** Operations that may wait for one slot; more are OVERLOADED at once instead of late. */
  readonly queueOperationsMax: number;
  /** Operations of all slots under way in this process. */
  readonly underwayOperationsMax: number;
  /** Operations of several slots in one bulk transaction. */
  readonly bulkOperationsMax: number;
  /** Documents that a bulk transaction aims at, by what the one before wrote; MongoDB advises ≤1,000. */
  readonly bulkDocumentsAim: number;
}

export const WRITE_LIMITS: WriteLimits = {
  deadlineMs: 35_000,
  patienceMs: 1_000,
  retryPauseMs: 20,
  retryPauseMaxMs: 500,
  batchOperationsMax: 64,
  queueOperationsMax: 1_000,
  underwayOperationsMax: 10_000,
  bulkOperationsMax: 500,
  bulkDocumentsAim: 1_000,
};
