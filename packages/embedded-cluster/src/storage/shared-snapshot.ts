import type { DiskSnapshot, Entry } from './environment.ts';

/** One disk snapshot for all who read the same moment; closed when the last one lets go. */
export class SharedSnapshot implements DiskSnapshot {
  readonly #snapshot: DiskSnapshot;
  #holders = 1;

  constructor(snapshot: DiskSnapshot) {
    this.#snapshot = snapshot;
  }

  retain(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) this.#snapshot.release();
  }

  get(key: Buffer): Buffer | undefined {
    return this.#snapshot.get(key);
  }

  range(start: Buffer, end: Buffer, reverse?: boolean): Iterable<Entry> {
    return this.#snapshot.range(start, end, reverse);
  }
}
