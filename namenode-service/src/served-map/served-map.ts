import { SlotTable, type CollectionName, type ShardMap } from '@marquee/topology';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import { toShardMap } from '../directory/to-shard-map.ts';

/**
 * One version of the shard map in the forms in which it is served. Everything that can be made once
 * is made once: a look-up joins two strings.
 */
export class ServedMap {
  readonly map: ShardMap;
  readonly table: SlotTable;
  readonly etag: string;
  /** The whole map as JSON. */
  readonly body: string;
  /** The detection time that leases follow from; 0 while nobody has been elected: no lease. */
  readonly detectionTimeMs: number;
  readonly #tails: (string | undefined)[] = [];

  constructor(state: FoundedDirectory) {
    this.map = toShardMap(state);
    this.table = new SlotTable(this.map);
    this.etag = `"${String(this.map.version)}"`;
    this.detectionTimeMs = state.leader?.detectionTimeMs ?? 0;
    this.body = JSON.stringify(this.map);
  }

  get version(): number {
    return this.map.version;
  }

  /** The JSON of one located key: `{collection, key, slot, shard, owner, replicas, epoch, version}`. */
  locationJson(collection: CollectionName, key: string, slot: number): string {
    return `{"collection":"${collection}","key":${JSON.stringify(key)},${this.#tail(slot)}`;
  }

  #tail(slot: number): string {
    return (this.#tails[slot] ??= this.#makeTail(slot));
  }

  #makeTail(slot: number): string {
    const { shard, epoch } = this.table.placementOf(slot);
    const replicas = shard.replicas.filter((r) => r.promotable).map((r) => r.cluster);
    const { version } = this.map;
    const rest = { slot, shard: shard.name, owner: shard.owner, replicas, epoch, version };
    return JSON.stringify(rest).slice(1);
  }
}
