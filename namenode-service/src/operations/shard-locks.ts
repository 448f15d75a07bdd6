/** Mutual exclusion by shard: whatever changes a shard's fences or members does it alone. */
export class ShardLocks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` alone among all that name one of these shards, in the order of asking. */
  async run<Result>(shards: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const releases: (() => void)[] = [];
    try {
      // In one order by everybody, so that nobody waits in a circle.
      for (const shard of [...new Set(shards)].sort()) releases.push(await this.#acquire(shard));
      return await work();
    } finally {
      for (const release of releases) release();
    }
  }

  async #acquire(shard: string): Promise<() => void> {
    const before = this.#tails.get(shard);
    let release = (): void => undefined;
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#tails.set(shard, mine);
    await before;
    return () => {
      if (this.#tails.get(shard) === mine) this.#tails.delete(shard);
      release();
    };
  }
}
