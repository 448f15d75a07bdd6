/** Limits of the write path of one process, with their defaults. */
export interface WriteLimits {
  /** Acknowledged by then, or WRITE_OUTCOME_UNKNOWN; twice the detection time plus 5 s. */
  readonly deadlineMs: number;
  /**
   * How long one attempt waits at the clusters that the map names before the map is asked for again:
   * a failover or a replica's leave shows there first.
   */
  readonly attemptMaxMs: number;
  /** Pause before the second attempt; doubles, with jitter, up to `retryPauseMaxMs`. */
  readonly retryPauseMs: number;
  readonly retryPauseMaxMs: number;
  /** Operations of one slot in one owner transaction: bounds its length, not the throughput. */
  readonly batchOperationsMax: number;
  /** Operations that may wait for one slot; more are OVERLOADED at once instead of late. */
  readonly queueOperationsMax: number;
  /** Operations of all slots under way in this process. */
  readonly underwayOperationsMax: number;
  /** Operations of several slots in one bulk transaction; MongoDB advises ≤1,000 documents in one. */
  readonly bulkOperationsMax: number;
  /** How long one bulk transaction may take at one cluster before its operations go on singly. */
  readonly bulkAttemptMaxMs: number;
}

export const WRITE_LIMITS: WriteLimits = {
  deadlineMs: 35_000,
  attemptMaxMs: 2_500,
  retryPauseMs: 20,
  retryPauseMaxMs: 500,
  batchOperationsMax: 64,
  queueOperationsMax: 1_000,
  underwayOperationsMax: 10_000,
  bulkOperationsMax: 500,
  bulkAttemptMaxMs: 10_000,
};
