/** What a key held from some commit on; undefined where it was deleted. */
interface Version<Value> {
  readonly since: number;
  readonly value: Value | undefined;
}

/**
 * One collection, or one unique index, with its past: a snapshot reads what was committed when it was
 * taken. Keys are strings; values are frozen by whoever writes them.
 */
export class VersionedTable<Value> {
  readonly #histories = new Map<string, Version<Value>[]>();

  /** The value that the key had after commit number `commit`. */
  at(key: string, commit: number): Value | undefined {
    const history = this.#histories.get(key);
    if (history === undefined) return undefined;
    for (let index = history.length - 1; index >= 0; index -= 1) {
      const version = history[index];
      if (version !== undefined && version.since <= commit) return version.value;
    }
    return undefined;
  }

  /** Number of the commit that last changed the key; 0 if none did. */
  lastChange(key: string): number {
    return this.#histories.get(key)?.at(-1)?.since ?? 0;
  }

  /** Whether the key ever had a value. */
  has(key: string): boolean {
    return this.#histories.has(key);
  }

  /** Every key that ever had a value, those that were deleted included. */
  keys(): IterableIterator<string> {
    return this.#histories.keys();
  }

  /** Sets the key by commit number `commit`; forgets what no snapshot from `oldest` on can see. */
  set(key: string, value: Value | undefined, commit: number, oldest: number): void {
    const history = this.#histories.get(key) ?? [];
    history.push({ since: commit, value });
    let needed = history.length - 1;
    while (needed > 0 && (history[needed]?.since ?? 0) > oldest) needed -= 1;
    if (needed > 0) history.splice(0, needed);
    this.#histories.set(key, history);
  }
}
