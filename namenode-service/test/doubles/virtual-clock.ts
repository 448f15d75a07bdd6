import type { Clock } from '@marquee/slot-protocol';

/** A clock that moves only when the test says so; what falls due meanwhile runs in order. */
export class VirtualClock implements Clock {
  #nowMs = 1_000_000;
  #timers: { atMs: number; callback: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  monotonicNow(): number {
    return this.#nowMs;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    for (;;) {
      await settled();
      const [next] = [...this.#timers].sort((left, right) => left.atMs - right.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
    await settled();
  }
}

// Doubles answer within a few turns of the microtask queue.
const settled = () => new Promise((resolve) => setImmediate(resolve));
