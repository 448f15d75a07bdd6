import { sleep, type Clock } from './clock.ts';

export interface PauseLimits {
  /** First pause of a slot whose writes are not acknowledged; doubles with each further failure. */
  readonly retryPauseMs: number;
  readonly retryPauseMaxMs: number;
}

interface Failing {
  readonly failures: number;
  readonly untilMs: number;
}

/**
 * Pauses of slots whose writes fail. All operations on a slot wait together and then go in one batch:
 * each trying by itself would keep the slot's fence changing without end, and the NameNode, which has to
 * change it before anything can succeed, would never find it at rest.
 */
export class SlotPauses {
  readonly #limits: PauseLimits;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #failing = new Map<number, Failing>();

  constructor(limits: PauseLimits, clock: Clock, random: () => number) {
    this.#limits = limits;
    this.#clock = clock;
    this.#random = random;
  }

  failed(slot: number): void {
    const nowMs = this.#clock.monotonicNow();
    const failing = this.#failing.get(slot);
    // Operations of one batch fail together; that is one failure.
    if (failing !== undefined && nowMs < failing.untilMs) return;
    const failures = (failing?.failures ?? 0) + 1;
    const { retryPauseMs, retryPauseMaxMs } = this.#limits;
    const pauseMs = Math.min(retryPauseMs * 2 ** (failures - 1), retryPauseMaxMs);
    const untilMs = nowMs + pauseMs * (0.5 + this.#random() / 2);
    this.#failing.set(slot, { failures, untilMs });
  }

  succeeded(slot: number): void {
    this.#failing.delete(slot);
  }

  /** Resolves when the slot may be tried again; at once if nothing has failed. */
  async wait(slot: number): Promise<void> {
    const untilMs = this.#failing.get(slot)?.untilMs;
    if (untilMs === undefined) return;
    const leftMs = untilMs - this.#clock.monotonicNow();
    if (leftMs > 0) await sleep(leftMs, this.#clock);
  }
}
