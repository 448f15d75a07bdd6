import type { MarqueeError } from '@marquee/errors';
import type { CollectionName } from '@marquee/topology';

export interface StoredDocument {
  readonly _id: string;
  readonly slot: number;
  readonly version: { readonly epoch: number; readonly sequence: number };
  readonly revision: number;
  readonly deleted: boolean;
  readonly [field: string]: unknown;
}
export interface NewDocument {
  readonly _id: string;
  readonly revision?: number;
  readonly deleted?: boolean;
  readonly [field: string]: unknown;
}
export interface SlotTransaction {
  find(collection: CollectionName, id: string): Promise<StoredDocument | null>;
  put(collection: CollectionName, document: NewDocument): void;
}
export interface SlotOperation<Result> {
  readonly slotKey: string;
  readonly operationId: string;
  readonly requestHash: string;
  readonly prefetch?: readonly { collection: CollectionName; id: string }[];
  apply(slot: SlotTransaction): Promise<Result>;
}
export interface Deadline {
  readonly remainingMs: number;
}
export interface RoutingEntry {
  readonly collection: CollectionName;
  readonly key?: string;
  readonly slot?: number;
  readonly shard: string;
  readonly cluster: string;
  readonly readFrom: string;
}
export interface RoutingTrace {
  record(entry: RoutingEntry): void;
}
export type DocumentFilter = Readonly<Record<string, unknown>>;
export interface ReadOptions {
  readonly readFrom?: 'in-sync' | 'owner' | 'strong';
  readonly includeDeleted?: boolean;
  readonly deadline?: Deadline;
  readonly trace?: RoutingTrace;
  readonly projection?: Readonly<Record<string, 0 | 1>>;
}
export interface ListQuery extends ReadOptions {
  readonly filter: DocumentFilter;
  readonly sort: readonly { readonly field: string; readonly direction: 1 | -1 }[];
  readonly first: number;
  readonly after?: string;
  readonly queryName: string;
}
export interface ListPage {
  readonly nodes: StoredDocument[];
  readonly cursors: string[];
  readonly hasNextPage: boolean;
  readonly unavailable: { shard: string; code: 'SHARD_UNAVAILABLE' }[];
}
export interface ShardRouter {
  findByIds(
    collection: CollectionName,
    ids: readonly string[],
    options?: ReadOptions,
  ): Promise<(StoredDocument | null | MarqueeError)[]>;
  list(collection: CollectionName, query: ListQuery): Promise<ListPage>;
  count(collection: CollectionName, filter: DocumentFilter, options?: ReadOptions): Promise<number>;
  write<Result extends Record<string, unknown>>(
    operation: SlotOperation<Result>,
    options?: { deadlineMs?: number },
  ): Promise<Result>;
  close(): Promise<void>;
}
