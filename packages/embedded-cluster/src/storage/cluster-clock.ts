import { Timestamp } from 'bson';
import { CommandError } from '../command-error.ts';

/** MongoDB's maxAcceptableLogicalClockDriftSecs: whoever says that it is later than this is not believed. */
export const DRIFT_MAX_SECONDS = 365 * 24 * 60 * 60;

/** MongoDB's own limit: from there on the next second begins early. */
const INCREMENT_MAX = 0x7fffffff;

/** The logical clock of `operationTime`: seconds of the wall clock and a counter within; it never goes back. */
export class ClusterClock {
  #seconds: number;
  #increment: number;
  readonly #nowMs: () => number;

  constructor(
    nowMs: () => number,
    last: { seconds: number; increment: number } = { seconds: 0, increment: 0 },
  ) {
    this.#nowMs = nowMs;
    this.#seconds = last.seconds;
    this.#increment = last.increment;
    this.tick();
  }

  get seconds(): number {
    return this.#seconds;
  }

  get increment(): number {
    return this.#increment;
  }

  timestamp(): Timestamp {
    return new Timestamp({ t: this.#seconds, i: this.#increment });
  }

  tick(): void {
    const nowSeconds = Math.floor(this.#nowMs() / 1000);
    if (nowSeconds > this.#seconds) {
      this.#seconds = nowSeconds;
      this.#increment = 1;
    } else if (this.#increment >= INCREMENT_MAX) {
      this.#seconds++;
      this.#increment = 1;
    } else {
      this.#increment++;
    }
  }

  /**
   * A client has seen this time at another member; nothing answered from now on is older.
   *
   * @throws ClusterTimeFailsRateLimiter where it is so far ahead that the clock would soon have no room left.
   */
  advanceTo(time: Timestamp): void {
    const nowSeconds = Math.floor(this.#nowMs() / 1000);
    if (time.t > nowSeconds + DRIFT_MAX_SECONDS) {
      throw new CommandError(
        'ClusterTimeFailsRateLimiter',
        `New cluster time, ${time.t.toString()}, is too far from this node's wall clock time, ${nowSeconds.toString()}.`,
      );
    }
    if (time.t > this.#seconds || (time.t === this.#seconds && time.i > this.#increment)) {
      this.#seconds = time.t;
      this.#increment = time.i;
    }
  }
}
