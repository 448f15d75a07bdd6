// What data sources know of the layer below, in one place: subgraphs import neither the protocol nor
// the driver.
export type {
  DocumentFilter,
  ListPage,
  ListQuery,
  ReadOptions,
  RoutingEntry,
  ShardRouter,
} from '@marquee/shard-router';
export type {
  NewDocument,
  SlotOperation,
  SlotTransaction,
  StoredDocument,
} from '@marquee/slot-protocol';

/** Until when an answer is worth anything. */
export interface ReadDeadline {
  readonly remainingMs: number;
}
