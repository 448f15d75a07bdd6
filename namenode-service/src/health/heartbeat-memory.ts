import type { Clock } from '@marquee/slot-protocol';
import type { Quarantine } from '../directory/directory-state.ts';
import { pause } from '../pause.ts';

/** The highest heartbeat number that each cluster has ever answered with, as far as is remembered. */
export class HeartbeatMemory {
  readonly #numbers = new Map<string, number>();
  readonly #forgottenBy = new Map<string, number>();
  #forgotten = new AbortController();

  /** Whether the cluster once knew more than it does now: it was restored from a backup. */
  isBehind(cluster: string, heartbeat: number): boolean {
    return heartbeat < (this.#numbers.get(cluster) ?? 0);
  }

  learn(cluster: string, heartbeat: number): void {
    this.#numbers.set(cluster, Math.max(heartbeat, this.#numbers.get(cluster) ?? 0));
  }

  /** A cluster begins anew with what it has at its quarantine: it was found out, and that is that. */
  forget(quarantined: readonly Quarantine[]): void {
    for (const { cluster, sinceEdit } of quarantined) {
      if ((this.#forgottenBy.get(cluster) ?? 0) >= sinceEdit) continue;
      this.#forgottenBy.set(cluster, sinceEdit);
      this.#numbers.delete(cluster);
      this.#forgotten.abort();
    }
  }

  /** Waits that long, or until something was forgotten, which must not be remembered elsewhere. */
  async untilForgotten(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
    await pause(clock, durationMs, AbortSignal.any([this.#forgotten.signal, signal]));
    this.#forgotten = new AbortController();
  }

  get numbers(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#numbers);
  }
}

/** Where the numbers outlive all instances. Every method rejects with METADATA_UNAVAILABLE. */
export interface HeartbeatStore {
  load(): Promise<Readonly<Record<string, number>>>;
  save(numbers: Readonly<Record<string, number>>): Promise<void>;
}
