import { Timestamp } from 'bson';

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
    } else {
      this.#increment++;
    }
  }

  /** A client has seen this time at another member; nothing answered from now on is older. */
  advanceTo(time: Timestamp): void {
    if (time.t > this.#seconds || (time.t === this.#seconds && time.i > this.#increment)) {
      this.#seconds = time.t;
      this.#increment = time.i;
    }
  }
}
