import { encodeIndexKey, encodeStringPrefix, invert, typeByte } from '../index-key.ts';
import { TYPE_ORDER, typeOrder } from '../compare.ts';
import type { Value } from '../value.ts';

/** Index keys k with `from <= k < to`, bytewise; both ends may be beginnings of keys. */
export interface KeyInterval {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/**
 * A necessary condition: a document matches only if at least one of its index keys for `path` lies in
 * one of `intervals` (sorted, disjoint). Keys are those of encodeIndexKey, ascending. Where the path
 * has several keys in one document (multikey), two predicates may be met by different keys: use one
 * of them, or all by turns, but never their intersection.
 */
export interface PathPredicate {
  readonly path: string;
  readonly kind: 'eq' | 'in' | 'range' | 'prefix' | 'exists';
  readonly intervals: readonly KeyInterval[];
  /** Of `eq` and `in`: what was asked for. */
  readonly values?: readonly Value[];
  /** May a document without the field match? If not, a sparse index can answer. */
  readonly matchesMissing: boolean;
}

/** The first byte string after everything that starts with `prefix`. */
export function afterPrefix(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  // A copy: a Buffer's own slice shares its memory.
  const after = Uint8Array.from(prefix.subarray(0, length));
  after[length - 1] = (after[length - 1] ?? 0) + 1;
  return after;
}

export const EVERY_KEY: KeyInterval = {
  from: Uint8Array.of(typeByte(TYPE_ORDER.minKey)),
  to: Uint8Array.of(typeByte(TYPE_ORDER.maxKey) + 1),
};

export const pointInterval = (value: Value): KeyInterval => {
  const from = encodeIndexKey(value);
  return { from, to: afterPrefix(from) };
};

export const prefixInterval = (prefix: string): KeyInterval => {
  const from = encodeStringPrefix(prefix);
  return { from, to: afterPrefix(from) };
};

/** Every key of the type group that `value` belongs to. */
export const typeInterval = (value: Value): KeyInterval => {
  const byte = typeByte(typeOrder(value));
  return { from: Uint8Array.of(byte), to: Uint8Array.of(byte + 1) };
};

/** The same keys as they are stored for a descending field (each key inverted). */
export const descending = (interval: KeyInterval): KeyInterval => ({
  from: afterPrefix(invert(interval.to)),
  to: afterPrefix(invert(interval.from)),
});

/** Sorted, without overlaps. */
export function normalizeIntervals(intervals: readonly KeyInterval[]): KeyInterval[] {
  const sorted = intervals
    .filter(({ from, to }) => Buffer.compare(from, to) < 0)
    .sort((a, b) => Buffer.compare(a.from, b.from));
  const merged: KeyInterval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last && Buffer.compare(interval.from, last.to) <= 0) {
      if (Buffer.compare(interval.to, last.to) > 0) {
        merged[merged.length - 1] = { from: last.from, to: interval.to };
      }
    } else {
      merged.push(interval);
    }
  }
  return merged;
}

/** Keys that lie in both; only sound where one key must meet both conditions. */
export function intersectIntervals(
  a: readonly KeyInterval[],
  b: readonly KeyInterval[],
): KeyInterval[] {
  const both: KeyInterval[] = [];
  for (const x of a) {
    for (const y of b) {
      const from = Buffer.compare(x.from, y.from) < 0 ? y.from : x.from;
      const to = Buffer.compare(x.to, y.to) < 0 ? x.to : y.to;
      both.push({ from, to });
    }
  }
  return normalizeIntervals(both);
}
