/** How long clusters that failed are left alone. */
export interface RestLimits {
  readonly restMs: number;
  readonly restMaxMs: number;
}

interface Failing {
  readonly failures: number;
  readonly restsUntilMs: number;
  /** One read is trying it. */
  readonly onTrial: boolean;
}

/**
 * A circuit breaker for each cluster, as facts: a cluster that failed is not tried for a while, twice
 * as long after each further failure. When the rest is over, one read tries it; the others go on
 * leaving it alone until that one has succeeded.
 */
export class ClusterRest {
  readonly #limits: RestLimits;
  readonly #monotonicNow: () => number;
  readonly #failing = new Map<string, Failing>();

  constructor(limits: RestLimits, monotonicNow: () => number) {
    this.#limits = limits;
    this.#monotonicNow = monotonicNow;
  }

  isResting(cluster: string): boolean {
    const failing = this.#failing.get(cluster);
    return failing !== undefined && failing.restsUntilMs > this.#monotonicNow();
  }

  /** A read goes there now; after a failure it goes alone. */
  tried(cluster: string): void {
    const failing = this.#failing.get(cluster);
    if (failing !== undefined && !this.isResting(cluster)) {
      this.#failing.set(cluster, this.#restFrom(failing.failures, true));
    }
  }

  failed(cluster: string): void {
    const failing = this.#failing.get(cluster);
    // Reads that were under way together fail together: that is one failure.
    if (failing !== undefined && this.isResting(cluster) && !failing.onTrial) return;
    this.#failing.set(cluster, this.#restFrom((failing?.failures ?? 0) + 1, false));
  }

  succeeded(cluster: string): void {
    this.#failing.delete(cluster);
  }

  #restFrom(failures: number, onTrial: boolean): Failing {
    const restMs = Math.min(this.#limits.restMs * 2 ** (failures - 1), this.#limits.restMaxMs);
    return { failures, restsUntilMs: this.#monotonicNow() + restMs, onTrial };
  }
}
