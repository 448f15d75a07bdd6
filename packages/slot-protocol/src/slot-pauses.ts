import { MarqueeError } from '@marquee/errors';
import type { Clock } from './clock.ts';

export interface PauseLimits {
  /** First pause of a slot whose writes are not acknowledged; doubles with each further failure. */
  readonly retryPauseMs: number;
  readonly retryPauseMaxMs: number;
  /** Operations that may wait for one slot. */
  readonly queueOperationsMax: number;
}

interface Failing {
  readonly failures: number;
  readonly untilMs: number;
}

/**
 * Pauses of slots whose writes fail. All operations on a slot wait together and then go in one batch:
 * each trying by itself would keep the slot's fence changing without end, and the NameNode, which has to
 * change it before anything can succeed, would never find it at rest. A new map ends every pause: what
 * failed under the old one says nothing about it.
 */
export class SlotPauses {
  readonly #limits: PauseLimits;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #failing = new Map<number, Failing>();
  /** By slot, what ends the wait of each operation that waits for it. */
  readonly #waiting = new Map<number, Set<() => void>>();

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

  /** The map has changed: all slots may be tried again at once. */
  mapChanged(): void {
    this.#failing.clear();
    for (const waiting of this.#waiting.values()) for (const wake of waiting) wake();
  }

  /**
   * Resolves when the slot may be tried again; at once if nothing has failed. `isNew`: nothing of the
   * operation has been tried yet, so that it may still be refused.
   *
   * @throws OVERLOADED for a new operation if too many wait already
   */
  async wait(slot: number, { isNew }: { isNew: boolean }): Promise<void> {
    const untilMs = this.#failing.get(slot)?.untilMs;
    if (untilMs === undefined) return;
    const leftMs = untilMs - this.#clock.monotonicNow();
    if (leftMs <= 0) return;
    const waiting = this.#waiting.get(slot) ?? new Set();
    if (isNew && waiting.size >= this.#limits.queueOperationsMax) {
      throw new MarqueeError('OVERLOADED', { slot, waiting: waiting.size });
    }
    this.#waiting.set(slot, waiting);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        resolve();
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(slot);
      };
      let cancel = (): void => undefined;
      waiting.add(wake);
      cancel = this.#clock.setTimer(wake, leftMs);
    });
  }
}
