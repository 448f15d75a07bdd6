/** The lease as stored: a counter that the leader raises; no clock of another machine is in it. */
export interface StoredLease {
  /** Name of the instance that leads; null after it has stepped down in order. */
  readonly holder: string | null;
  readonly counter: number;
  /** Where the holder is reached, for requests that only the leader may serve. */
  readonly url: string | null;
}

/** The lease in the metadata cluster. Every method rejects with METADATA_UNAVAILABLE. */
export interface LeaseStore {
  read(): Promise<StoredLease>;
  /** Replaces the lease if its counter is still `counter`; false if somebody was faster. */
  compareAndSet(counter: number, next: StoredLease): Promise<boolean>;
}

/** The leader raises its counter this often. */
export const LEASE_RAISE_INTERVAL_MS = 1_000;

/** Others look this often, so that a take-over comes within a second of the counter's standstill. */
export const LEASE_WATCH_INTERVAL_MS = 700;

/** Another instance takes over after the counter has stood still for this long on its own clock. */
export const LEASE_STANDSTILL_MS = 5_000;

/** What an instance that does not lead has seen of the lease. */
export interface LeaseSighting {
  readonly lease: StoredLease;
  /** Monotonic time at which this counter was first seen. */
  readonly firstSeenAtMs: number;
}

export const sight = (
  before: LeaseSighting | undefined,
  lease: StoredLease,
  nowMs: number,
): LeaseSighting =>
  before?.lease.counter === lease.counter ? before : { lease, firstSeenAtMs: nowMs };

/**
 * Whether to take the lease over: nobody holds it, or its counter has stood still. Being wrong costs
 * availability, never safety: what decides is who appends the next edit.
 */
export const mayTakeOver = (sighting: LeaseSighting, nowMs: number): boolean =>
  sighting.lease.holder === null || nowMs - sighting.firstSeenAtMs >= LEASE_STANDSTILL_MS;
