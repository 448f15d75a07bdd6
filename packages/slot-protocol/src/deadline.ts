import { MarqueeError } from '@marquee/errors';
import type { Clock } from './clock.ts';

/**
 * A moment on the monotonic clock after which nobody waits for an answer any more. It is handed down
 * through every call, so that all of them together keep it.
 *
 * The driver (7.9) ignores its own `timeoutMS`, so deadlines are ours: whoever waits stops waiting. What
 * was sent ends by itself, at the latest when the driver's heartbeat finds the cluster frozen.
 */
export class Deadline {
  readonly atMs: number;
  readonly clock: Clock;
  /** A timer may fire a little before its time; whoever was told that it is too late must be right. */
  #isOver = false;

  private constructor(atMs: number, clock: Clock) {
    this.atMs = atMs;
    this.clock = clock;
  }

  static after(delayMs: number, clock: Clock): Deadline {
    return new Deadline(clock.monotonicNow() + delayMs, clock);
  }

  get remainingMs(): number {
    return this.#isOver ? 0 : Math.max(0, this.atMs - this.clock.monotonicNow());
  }

  get expired(): boolean {
    return this.remainingMs === 0;
  }

  /** The earlier of this one and `delayMs` from now. */
  sooner(delayMs: number): Deadline {
    return new Deadline(Math.min(this.atMs, this.clock.monotonicNow() + delayMs), this.clock);
  }

  /**
   * What `work` answers, or a rejection with `late()` once the deadline has passed. The work itself
   * goes on; it must end by itself and its late failure is nobody's any more.
   */
  race<T>(work: Promise<T>, late: () => Error = deadlineExceeded): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.setTimer(() => {
        this.#isOver = true;
        reject(late());
      }, this.remainingMs);
      work.finally(cancel).then(resolve, reject);
    });
  }

  /** Runs `work` with a signal that aborts at the deadline. */
  async abortable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.expired) throw deadlineExceeded();
    const controller = new AbortController();
    const cancel = this.clock.setTimer(() => {
      this.#isOver = true;
      controller.abort(deadlineExceeded());
    }, this.remainingMs);
    try {
      return await work(controller.signal);
    } finally {
      cancel();
    }
  }
}

const deadlineExceeded = (): MarqueeError => new MarqueeError('DEADLINE_EXCEEDED');
