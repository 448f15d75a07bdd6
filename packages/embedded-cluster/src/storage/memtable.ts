import type { Change } from './environment.ts';

/** A key as a string of its bytes: hashable, and `<` on it is the order of the bytes. */
export type KeyText = string;

export const keyText = (key: Buffer): KeyText => key.toString('latin1');

interface Row extends Change {
  readonly text: KeyText;
  readonly value: Buffer | undefined;
}

/** Beyond this many new keys, sorting everything is cheaper than putting each one in its place. */
const PLACE_ONE_BY_ONE_MAX = 32;

/** Changes that are not on disk yet, in key order when asked for. */
export class Memtable {
  readonly #rows = new Map<KeyText, Row>();
  #sorted: KeyText[] = [];
  #unsorted: KeyText[] = [];
  #bytes = 0;

  get size(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A row with an undefined value says that the key was removed. */
  row(text: KeyText): Change | undefined {
    return this.#rows.get(text);
  }

  has(text: KeyText): boolean {
    return this.#rows.has(text);
  }

  set(key: Buffer, value: Buffer | undefined, text: KeyText = keyText(key)): void {
    const before = this.#rows.get(text);
    if (before) this.#bytes -= before.value?.length ?? 0;
    else {
      this.#unsorted.push(text);
      this.#bytes += key.length;
    }
    this.#rows.set(text, { key, value, text });
    this.#bytes += value?.length ?? 0;
  }

  changes(): Iterable<Change> {
    return this.#rows.values();
  }

  /** The rows of [start, end) as they are now; later changes do not show in the answer. */
  between(start: Buffer, end: Buffer): readonly Row[] {
    if (this.#rows.size === 0) return [];
    this.#sort();
    const from = this.#firstAtOrAfter(keyText(start));
    const to = this.#firstAtOrAfter(keyText(end));
    const rows: Row[] = [];
    for (let index = from; index < to; index++) {
      const row = this.#rows.get(this.#sorted[index] ?? '');
      if (row) rows.push(row);
    }
    return rows;
  }

  #sort(): void {
    if (this.#unsorted.length === 0) return;
    if (this.#unsorted.length <= PLACE_ONE_BY_ONE_MAX) {
      for (const text of this.#unsorted) this.#sorted.splice(this.#firstAtOrAfter(text), 0, text);
    } else {
      this.#sorted = [...this.#rows.keys()].sort(byBytes);
    }
    this.#unsorted = [];
  }

  #firstAtOrAfter(text: KeyText): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? '') < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const byBytes = (a: KeyText, b: KeyText): number => (a < b ? -1 : a > b ? 1 : 0);

/** Rows of several memtables as one ordered list; where a key is in more than one, the first table wins. */
export const mergeTables = (
  tables: readonly Memtable[],
  start: Buffer,
  end: Buffer,
): readonly Change[] => {
  const lists = tables.map((table) => table.between(start, end)).filter((rows) => rows.length > 0);
  const [only] = lists;
  if (!only) return [];
  if (lists.length === 1) return only;
  const newest = new Map<KeyText, Row>();
  for (const rows of lists)
    for (const row of rows) if (!newest.has(row.text)) newest.set(row.text, row);
  return [...newest.values()].sort((a, b) => byBytes(a.text, b.text));
};
