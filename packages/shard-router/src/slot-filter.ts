import type { SlotTable } from '@marquee/topology';
import type { DocumentFilter } from './shard-router.ts';

/** Ranges that a filter spells out; a more fragmented map is told slot by slot. */
const RANGES_MAX = 8;

/** What a list needs to know of one shard by one version of the map. */
export interface ShardSlots {
  readonly isEmpty: boolean;
  /** Leaves out what lies in the shard's clusters and is not, or not yet, or no longer its own. */
  readonly filter: DocumentFilter;
  /** Its slots in parts of so many: each can be looked up, and together they are all that it has. */
  readonly parts: (size: number) => DocumentFilter[];
  /** The same for one document. */
  readonly owns: (slot: number) => boolean;
  /** One of its slots may not be read by the lease alone. */
  readonly strongReadsOnly: boolean;
}

const known = new WeakMap<SlotTable, Map<string, ShardSlots>>();

export const shardSlotsOf = (table: SlotTable, shard: string): ShardSlots => {
  const ofTable = known.get(table) ?? new Map<string, ShardSlots>();
  known.set(table, ofTable);
  const found = ofTable.get(shard) ?? describe(table, shard);
  ofTable.set(shard, found);
  return found;
};

const describe = (table: SlotTable, shard: string): ShardSlots => {
  const slots = table.slotsOf(shard);
  return {
    isEmpty: slots.length === 0,
    filter: filterOf(slots),
    parts: (size) =>
      Array.from({ length: Math.ceil(slots.length / size) }, (_, index) => ({
        slot: { $in: slots.slice(index * size, (index + 1) * size) },
      })),
    owns: (slot) => table.placementOf(slot).shard.name === shard,
    strongReadsOnly: slots.some((slot) => table.placementOf(slot).strongReadsOnly),
  };
};

const filterOf = (slots: readonly number[]): DocumentFilter => {
  const ranges: [from: number, to: number][] = [];
  for (const slot of slots) {
    const last = ranges.at(-1);
    if (last?.[1] === slot - 1) last[1] = slot;
    else ranges.push([slot, slot]);
  }
  const conditions = ranges.map(([from, to]) => ({ slot: { $gte: from, $lte: to } }));
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  return conditions.length <= RANGES_MAX && conditions.length > 0
    ? { $or: conditions }
    : { slot: { $in: slots } };
};
