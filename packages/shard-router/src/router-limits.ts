import { WRITE_LIMITS, type ConnectionLimits, type WriteLimits } from '@marquee/slot-protocol';

/** Limits of the read path of one process, with their defaults. */
export interface ReadLimits {
  /** A read without a deadline of its own is given up by then. */
  readonly readDeadlineMs: number;
  /** A cluster that has not answered by then gets company, while the hedge budget lasts. */
  readonly hedgeAfterMs: number;
  /** Hedges per read, in the long run: a slow cluster must not double the load of the others. */
  readonly hedgeShare: number;
  /** Hedges that may come at once. */
  readonly hedgeBurst: number;
  /** A cluster that has not answered by then counts as failed, and the next one is asked in any case. */
  readonly attemptMaxMs: number;
  /** First time that a cluster is left alone after a failure; doubles with each further one. */
  readonly restMs: number;
  readonly restMaxMs: number;
  /** How long a shard is waited for of which every cluster failed lately. */
  readonly knownDownMaxMs: number;
  /** Share of the deadline that is given to strong reads before an answer may be `stale: possible`. */
  readonly strongShare: number;
  /** Keys in one statement; more go in several. */
  readonly keysPerStatementMax: number;
  /** Largest page: what merging holds in memory is this times the shards. */
  readonly pageMax: number;
  /** Reads under way in this process; more are OVERLOADED at once instead of late. */
  readonly underwayReadsMax: number;
}

export interface RouterLimits {
  readonly read: ReadLimits;
  readonly write: WriteLimits;
  readonly connection?: ConnectionLimits;
}

export const READ_LIMITS: ReadLimits = {
  readDeadlineMs: 2_000,
  hedgeAfterMs: 150,
  hedgeShare: 0.1,
  hedgeBurst: 20,
  attemptMaxMs: 700,
  restMs: 500,
  restMaxMs: 10_000,
  knownDownMaxMs: 500,
  strongShare: 0.7,
  keysPerStatementMax: 1_000,
  pageMax: 1_000,
  underwayReadsMax: 5_000,
};

export const ROUTER_LIMITS: RouterLimits = { read: READ_LIMITS, write: WRITE_LIMITS };
