export { createShardRouter, type ShardRouterOptions } from './create-shard-router.ts';
export type { MapSource } from './map-source.ts';
export { READ_LIMITS, ROUTER_LIMITS, type ReadLimits, type RouterLimits } from './router-limits.ts';
export type {
  DocumentFilter,
  ListPage,
  ListQuery,
  ReadOptions,
  RoutingEntry,
  RoutingTrace,
  ShardRouter,
} from './shard-router.ts';
