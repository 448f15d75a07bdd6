import type { Shard, ShardMap, SlotRange } from './shard-map.ts';
import { SLOT_COUNT } from './slot.ts';

/** What the map says of one slot. */
export interface SlotPlacement {
  readonly slot: number;
  readonly shard: Shard;
  readonly epoch: number;
  readonly strongReadsOnly: boolean;
}

/**
 * A shard map made ready for look-ups: constant time, no allocation after construction.
 *
 * @throws TypeError if the ranges leave a gap, overlap, or name a shard that the map does not have;
 * such a map must never be used.
 */
export class SlotTable {
  readonly map: ShardMap;
  readonly #placements: readonly SlotPlacement[];

  constructor(map: ShardMap) {
    this.map = map;
    const shards = new Map(map.shards.map((shard) => [shard.name, shard]));
    const placements: SlotPlacement[] = [];
    for (const range of map.slots)
      placements.push(...placementsOf(range, shards, placements.length));
    if (placements.length !== SLOT_COUNT) {
      throw new TypeError(
        `shard map ${String(map.version)} covers ${String(placements.length)} slots`,
      );
    }
    this.#placements = placements;
  }

  placementOf(slot: number): SlotPlacement {
    const placement = this.#placements[slot];
    if (placement === undefined) throw new TypeError(`no slot ${String(slot)}`);
    return placement;
  }

  /** Slots that the map gives to `shard`, ascending. */
  slotsOf(shard: string): number[] {
    return this.#placements.filter((p) => p.shard.name === shard).map((p) => p.slot);
  }
}

const placementsOf = (
  range: SlotRange,
  shards: ReadonlyMap<string, Shard>,
  expectedFrom: number,
): SlotPlacement[] => {
  const shard = shards.get(range.shard);
  if (shard === undefined) throw new TypeError(`slots ${String(range.from)}… name no known shard`);
  if (range.from !== expectedFrom || range.to < range.from || range.to >= SLOT_COUNT) {
    throw new TypeError(
      `slot range ${String(range.from)}-${String(range.to)} leaves a gap or overlaps`,
    );
  }
  const strongReadsOnly = shard.strongReadsOnly || range.strongReadsOnly === true;
  return Array.from({ length: range.to - range.from + 1 }, (_, i) => ({
    slot: range.from + i,
    shard,
    epoch: range.epoch,
    strongReadsOnly,
  }));
};
