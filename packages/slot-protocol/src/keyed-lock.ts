/** Mutual exclusion by key within a process, in the order of asking. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` alone among all that ask for this key. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const release = await this.#acquire(key);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** The same for many keys; taken in one order by everybody, so that nobody waits in a circle. */
  async runAll<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    try {
      for (const key of [...new Set(keys)].sort()) releases.push(await this.#acquire(key));
      return await work();
    } finally {
      for (const release of releases) release();
    }
  }

  async #acquire(key: string): Promise<() => void> {
    const before = this.#tails.get(key);
    let done = (): void => undefined;
    const mine = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#tails.set(key, mine);
    await before;
    return () => {
      if (this.#tails.get(key) === mine) this.#tails.delete(key);
      done();
    };
  }
}
