import type { Leftover } from '../directory/directory-state.ts';
import { shardOf } from '../directory/leftovers.ts';
import { pause } from '../pause.ts';
import { clearableLeftovers, clearLeftover } from './clear-leftovers.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import type { ShardLocks } from './shard-locks.ts';

export interface LeftoverClearingOptions {
  readonly context: OperationContext;
  readonly locks: ShardLocks;
  readonly instance: string;
  /** Whether the fences of the shard may be touched. */
  readonly mayTouch: (shard: string) => boolean;
  readonly isAnswering: (cluster: string) => boolean;
  readonly onFailure: (what: string, error: unknown) => void;
}

/** Between two looks at what may be cleared by now; what is left over is in nobody's way. */
const LOOK_INTERVAL_MS = 1_000;

/** A cluster where it failed is tried again after this, doubling. */
const RETRY_MIN_MS = 2_000;
const RETRY_MAX_MS = 5 * 60_000;

/** Deletes what migrations have left, cluster by cluster, so that a silent one holds up no other. */
export class LeftoverClearing {
  readonly #options: LeftoverClearingOptions;
  readonly #underWay = new Set<string>();
  readonly #retries = new Map<string, { readonly afterMs: number; readonly waitMs: number }>();

  constructor(options: LeftoverClearingOptions) {
    this.#options = options;
  }

  /** Until the term ends. */
  async run(): Promise<void> {
    const { clock, term } = this.#options.context;
    while (!term.aborted) {
      for (const leftover of clearableLeftovers(this.#options.context)) this.#begin(leftover);
      await pause(clock, LOOK_INTERVAL_MS, term);
    }
  }

  #begin(leftover: Leftover): void {
    const { cluster } = leftover;
    const { context, isAnswering } = this.#options;
    const { afterMs } = this.#retries.get(cluster) ?? { afterMs: Number.NEGATIVE_INFINITY };
    if (this.#underWay.has(cluster) || context.clock.monotonicNow() < afterMs) return;
    // A shard that waits for a silent cluster could not fail over.
    if (!isAnswering(cluster)) return;
    this.#underWay.add(cluster);
    void this.#clear(leftover).finally(() => {
      this.#underWay.delete(cluster);
    });
  }

  async #clear(leftover: Leftover): Promise<void> {
    const { context, instance, locks, mayTouch, onFailure } = this.#options;
    const { cluster } = leftover;
    const shard = shardOf(directoryOf(context), cluster);
    if (shard === undefined || !mayTouch(shard.name)) return;
    try {
      await locks.run([shard.name], async () => {
        // It may have been cleared, or moved back, while the shard was busy.
        const isLeft = directoryOf(context).leftovers.includes(leftover);
        if (context.term.aborted || !mayTouch(shard.name) || !isLeft) return;
        await clearLeftover(context, leftover, instance);
      });
      this.#retries.delete(cluster);
    } catch (error) {
      this.#retryLater(cluster);
      onFailure(`clear ${cluster}`, error);
    }
  }

  #retryLater(cluster: string): void {
    const before = this.#retries.get(cluster)?.waitMs ?? RETRY_MIN_MS / 2;
    const waitMs = Math.min(RETRY_MAX_MS, 2 * before);
    const afterMs = this.#options.context.clock.monotonicNow() + waitMs;
    this.#retries.set(cluster, { afterMs, waitMs });
  }
}
