/**
 * What one call may take of what is left: enough for a subgraph to give up on a cluster that hangs and
 * to ask another, and what is left then is enough for calls that need healthy clusters only.
 */
const CALL_SHARE = 0.7;

/** Less is no chance at all. A query whose budget is spent passes it by this much for each further call. */
const CALL_MIN_MS = 100;

/**
 * The time that one query has for reading, over all the calls that its plan makes one after the other:
 * a shard that does not answer must not be waited for by each of them in full.
 */
export class ReadBudget {
  readonly #totalMs: number;
  readonly #monotonicNow: () => number;
  #endsAtMs: number;

  constructor(totalMs: number, monotonicNow: () => number) {
    this.#totalMs = totalMs;
    this.#monotonicNow = monotonicNow;
    this.#endsAtMs = monotonicNow() + totalMs;
  }

  /** For the call that begins now, in whole milliseconds. */
  shareMs(): number {
    const leftMs = this.#endsAtMs - this.#monotonicNow();
    return Math.max(CALL_MIN_MS, Math.floor(leftMs * CALL_SHARE));
  }

  /** After a mutation's write, which may take longer than any read: what follows has its time from here. */
  restart(): void {
    this.#endsAtMs = this.#monotonicNow() + this.#totalMs;
  }
}
