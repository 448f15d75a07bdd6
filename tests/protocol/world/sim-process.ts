import type { Clock } from '@marquee/slot-protocol';
import type { Scheduler } from './scheduler.ts';

export interface ProcessOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** Seconds of its monotonic clock per true second. */
  readonly clockRate: number;
  /** How far its wall clock is off. */
  readonly clockOffMs: number;
}

/** A moment in 2026 at which walks begin: wall clocks are only recorded. */
const WALL_CLOCK_START_MS = Date.UTC(2026, 0, 1);

/** As Node's timers have it: nothing is due sooner. */
const TIMER_MIN_MS = 1;

/**
 * One run of a program: whatever reaches it does so while it is alive and not stopped. After a kill
 * nothing of it ever goes on; a restart is another process.
 */
export class SimProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly #scheduler: Scheduler;
  #alive = true;
  #pausedUntilMs = 0;
  #held: (() => void)[] = [];

  constructor({ name, scheduler, clockRate, clockOffMs }: ProcessOptions) {
    this.name = name;
    this.#scheduler = scheduler;
    const startMs = scheduler.nowMs;
    this.clock = {
      now: () => WALL_CLOCK_START_MS + scheduler.nowMs + clockOffMs,
      monotonicNow: () => (scheduler.nowMs - startMs) * clockRate,
      setTimer: (callback, delayMs) => {
        let cancelled = false;
        const stop = scheduler.after(Math.max(TIMER_MIN_MS, delayMs) / clockRate, () => {
          this.deliver(() => {
            if (!cancelled) callback();
          });
        });
        return () => {
          cancelled = true;
          stop();
        };
      },
    };
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  get isPaused(): boolean {
    return this.#pausedUntilMs > this.#scheduler.nowMs;
  }

  /** Runs code of this process: now, when it goes on, or never. */
  deliver(code: () => void): void {
    if (!this.#alive) return;
    if (this.isPaused) {
      this.#held.push(code);
      return;
    }
    this.#scheduler.codeRuns();
    code();
  }

  /** Like SIGSTOP and, after that time, SIGCONT. */
  pause(durationMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#scheduler.nowMs + durationMs);
    this.#scheduler.after(durationMs, () => this.#goOn());
  }

  resume(): void {
    this.#pausedUntilMs = 0;
    this.#goOn();
  }

  kill(): void {
    this.#alive = false;
    this.#held = [];
  }

  /** What came meanwhile is handled one after the other, each with all that follows from it. */
  #goOn(): void {
    if (this.isPaused) return;
    const held = this.#held;
    this.#held = [];
    for (const code of held) this.#scheduler.after(0, () => this.deliver(code));
  }
}
