import type { StoredDocument } from '@marquee/slot-protocol';
import type { ListOrder, SortKey } from './list-order.ts';

/** A document with its place in the list. */
export interface Placed {
  readonly document: StoredDocument;
  readonly key: SortKey;
}

/** What one shard has contributed to a page so far, in order. */
export interface ShardPart<Shard> {
  readonly shard: Shard;
  readonly rows: Placed[];
  /** Whether the shard may have more behind the last of its rows. */
  hasMore: boolean;
}

/**
 * How many rows to ask each of `shards` shards for, so that together they mostly have `wanted`: an even
 * share, and twice its standard deviation, since documents lie in shards by hash.
 */
export const firstShare = (wanted: number, shards: number): number => {
  const share = wanted / shards;
  const spread = Math.sqrt(share * (1 - 1 / shards));
  return Math.min(wanted, Math.ceil(share + 2 * spread));
};

/** The parts in one order. */
export const merged = (parts: readonly ShardPart<unknown>[], order: ListOrder): Placed[] =>
  parts.flatMap(({ rows }) => rows).sort((left, right) => order.compare(left.key, right.key));

/**
 * The parts that must be asked for more before the first `wanted` of the merged rows are certain: those
 * that end before them and have more.
 */
export const tooShort = <Shard>(
  parts: readonly ShardPart<Shard>[],
  rows: readonly Placed[],
  order: ListOrder,
  wanted: number,
): ShardPart<Shard>[] => {
  const end = rows[wanted - 1];
  return parts.filter((part) => {
    if (!part.hasMore) return false;
    const last = part.rows.at(-1);
    return last === undefined || end === undefined || order.compare(last.key, end.key) < 0;
  });
};
