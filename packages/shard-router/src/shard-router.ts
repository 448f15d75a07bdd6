import type { MarqueeError } from '@marquee/errors';
import type { OperationOutcome, SlotOperation, StoredDocument } from '@marquee/slot-protocol';
import type { CollectionName } from '@marquee/topology';

/** A filter in MongoDB's language, of the operators that every engine has. */
export type DocumentFilter = Readonly<Record<string, unknown>>;

/** Where one read went, for people who want to see it. */
export interface RoutingEntry {
  readonly collection: CollectionName;
  /** Absent for lists and counts. */
  readonly key?: string;
  readonly slot?: number;
  readonly shard: string;
  readonly cluster: string;
  /** Keys with the same number were read by one statement; unique in the router's process. */
  readonly statement: number;
  readonly readFrom: 'in-sync' | 'owner' | 'strong';
  /** The answer may lack the latest acknowledged writes: no lease, and no owner to ask. */
  readonly stale?: 'possible';
}

export interface RoutingTrace {
  record(entry: RoutingEntry): void;
}

export interface ReadOptions {
  /**
   * `in-sync` (default): any readable cluster, spread, the owner when they fail; includes every write
   * acknowledged before. `owner`: the owner alone. `strong`: checked by fences, whatever the map says;
   * never stale, SHARD_UNAVAILABLE instead.
   */
  readonly readFrom?: 'in-sync' | 'owner' | 'strong';
  /** Tombstones too. */
  readonly includeDeleted?: boolean;
  /** Until when an answer is worth anything; by default the limit `readDeadlineMs` from now. */
  readonly deadline?: { readonly remainingMs: number };
  readonly trace?: RoutingTrace;
  /** MongoDB's projection, inclusive or exclusive; what the router itself needs is always there. */
  readonly projection?: Readonly<Record<string, 0 | 1>>;
}

export interface ListQuery extends ReadOptions {
  readonly filter: DocumentFilter;
  /** Top-level or dotted fields with one value each; `_id` is added last, in the last direction. */
  readonly sort: readonly { readonly field: string; readonly direction: 1 | -1 }[];
  readonly first: number;
  /** A cursor of a page before: the page begins behind it, whether its document still is there or not. */
  readonly after?: string;
  /** Binds cursors to their query, together with filter and sort. */
  readonly queryName: string;
  /**
   * Binds cursors in the filter's place: for a filter that says the same in other words from page to
   * page, such as the ids of what somebody likes by now.
   */
  readonly filterMeaning?: DocumentFilter;
}

export interface ListPage {
  readonly nodes: StoredDocument[];
  /** One for each node. */
  readonly cursors: string[];
  /** Whether the shards that answered have more. */
  readonly hasNextPage: boolean;
  /** Shards whose nodes are missing. */
  readonly unavailable: { shard: string; code: 'SHARD_UNAVAILABLE' }[];
}

/** What data sources call: four collections, whatever shard and cluster a key lives in. */
export interface ShardRouter {
  /**
   * In the order of `ids`; null where nothing is (or a tombstone, unless `includeDeleted`). What cannot
   * be told stands in its place: SHARD_UNAVAILABLE for the keys of a shard that gives no answer in
   * time, KEY_INVALID for what is no key. Ids of one shard go together.
   *
   * @throws UNKNOWN_COLLECTION, NAMENODE_UNAVAILABLE (there never was a map), OVERLOADED.
   */
  findByIds(
    collection: CollectionName,
    ids: readonly string[],
    options?: ReadOptions,
  ): Promise<(StoredDocument | null | MarqueeError)[]>;
  /**
   * One page merged over all shards, in order. @throws INVALID_CURSOR; UNKNOWN_COLLECTION,
   * NAMENODE_UNAVAILABLE, OVERLOADED; BAD_USER_INPUT if `first` is out of bounds.
   */
  list(collection: CollectionName, query: ListQuery): Promise<ListPage>;
  /** How many match over all shards, exactly. @throws SHARD_UNAVAILABLE and what `list` throws. */
  count(collection: CollectionName, filter: DocumentFilter, options?: ReadOptions): Promise<number>;
  /**
   * How many match for each value of a top-level field, over all shards; of a list, each element once.
   * In no particular order. Each shard is asked slot by slot, a few at a time, so that no statement
   * keeps a cluster from others for long: what is written meanwhile may be in it or not.
   *
   * @throws SHARD_UNAVAILABLE and what `list` throws.
   */
  countBy(
    collection: CollectionName,
    request: { readonly field: string; readonly filter: DocumentFilter },
    options?: ReadOptions,
  ): Promise<ReadonlyMap<unknown, number>>;
  /**
   * Acknowledged once the owner and every in-sync cluster have it. The same operation id again: the
   * first result. @throws what `SlotWriter.write` throws.
   */
  write<Result extends Record<string, unknown>>(
    operation: SlotOperation<Result>,
    options?: { deadlineMs?: number },
  ): Promise<Result>;
  /** Many operations, several slots to a transaction; an outcome for each, in order. */
  writeMany(
    operations: readonly SlotOperation[],
    options?: { deadlineMs?: number },
  ): Promise<OperationOutcome[]>;
  /**
   * Declared indexes that clusters lack to which reads go, by cluster; empty: code that relies on them may
   * take traffic. Clusters that do not answer are left out. @throws NAMENODE_UNAVAILABLE
   */
  missingIndexes(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Closes the connections; the shard map's client is the caller's. */
  close(): Promise<void>;
}
