import type { Change, DiskSnapshot, Entry } from './environment.ts';
import { type KeyText, type Memtable, mergeTables } from './memtable.ts';
import type { SharedSnapshot } from './shared-snapshot.ts';

/** What the newest table that knows the key says, else what is on disk. */
export const readLayered = (
  tables: readonly Memtable[],
  snapshot: DiskSnapshot,
  key: Buffer,
  text: KeyText,
): Buffer | undefined => {
  for (const table of tables) {
    const row = table.row(text);
    if (row) return row.value;
  }
  return snapshot.get(key);
};

/** The tables' part is fixed by the call, so a caller may write while it iterates and never meets its own writes. */
export const rangeLayered = (
  tables: readonly Memtable[],
  snapshot: SharedSnapshot,
  start: Buffer,
  end: Buffer,
  reverse: boolean,
): Iterable<Entry> => {
  const changes = mergeTables(tables, start, end);
  return overlay(reverse ? changes.toReversed() : changes, snapshot, { start, end, reverse });
};

function* overlay(
  changes: readonly Change[],
  snapshot: SharedSnapshot,
  { start, end, reverse }: { start: Buffer; end: Buffer; reverse: boolean },
): Generator<Entry> {
  const direction = reverse ? -1 : 1;
  let next = 0;
  let change = changes[next];
  // Whoever iterates may pause in between, and the store may move on to newer snapshots meanwhile.
  snapshot.retain();
  try {
    for (const entry of snapshot.range(start, end, reverse)) {
      while (change && change.key.compare(entry.key) * direction < 0) {
        if (change.value) yield { key: change.key, value: change.value };
        change = changes[++next];
      }
      if (change?.key.equals(entry.key)) {
        if (change.value) yield { key: change.key, value: change.value };
        change = changes[++next];
      } else {
        yield entry;
      }
    }
  } finally {
    snapshot.release();
  }
  for (; change; change = changes[++next])
    if (change.value) yield { key: change.key, value: change.value };
}
