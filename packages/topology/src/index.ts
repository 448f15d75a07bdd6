export {
  COLLECTIONS,
  INTERACTION_ID_SEPARATOR,
  isCollectionName,
  KEY_MAX_BYTES,
  parseCollectionName,
  slotKeyOf,
  type CollectionName,
} from './collection.ts';
export { murmur3 } from './murmur3.ts';
export type { ReplicaPlacement, Shard, ShardMap, SlotRange } from './shard-map.ts';
export { SLOT_COUNT, slotOf } from './slot.ts';
export { SlotTable, type SlotPlacement } from './slot-table.ts';
