/** Settling may fail once because of a moment's silence; this often, the fences do not fit. */
const TROUBLE_MAX_ROUNDS = 3;

/** Clusters of a shard whose fences are not what they should be, whatever the probes say of them. */
export class ClusterTrouble {
  readonly #rounds = new Map<string, number>();
  readonly #givenUp = new Set<string>();

  /** What one round of settling has found: whoever is not named fits. */
  note(trouble: readonly string[]): void {
    for (const cluster of [...this.#rounds.keys()]) {
      if (!trouble.includes(cluster)) this.#rounds.delete(cluster);
    }
    for (const cluster of trouble) {
      this.#rounds.set(cluster, (this.#rounds.get(cluster) ?? 0) + 1);
    }
  }

  /** What it holds is wrong: no settling helps. */
  giveUp(cluster: string): void {
    this.#givenUp.add(cluster);
  }

  /** It begins anew. */
  forget(cluster: string): void {
    this.#rounds.delete(cluster);
    this.#givenUp.delete(cluster);
  }

  has(cluster: string): boolean {
    return this.#givenUp.has(cluster) || (this.#rounds.get(cluster) ?? 0) >= TROUBLE_MAX_ROUNDS;
  }

  /** Whether it may fit when it is settled once more. */
  mayPass(cluster: string): boolean {
    return this.has(cluster) && !this.#givenUp.has(cluster);
  }
}
