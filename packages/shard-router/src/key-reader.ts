import { hasCode, type MarqueeError } from '@marquee/errors';
import { sleep, type Clock, type Deadline, type StoredDocument } from '@marquee/slot-protocol';
import { slotKeyOf, slotOf, type CollectionName, type SlotPlacement } from '@marquee/topology';
import { tableOf, type MapSource } from './map-source.ts';
import { withRouterFields } from './projection.ts';
import type { ReadLimits } from './router-limits.ts';
import type { ReadOptions } from './shard-router.ts';
import { isLeaseLost, type ReadOrigin, type ShardReader } from './shard-reader.ts';

export interface KeyReaderOptions {
  readonly map: MapSource;
  readonly reader: ShardReader;
  readonly limits: ReadLimits;
  readonly clock: Clock;
}

export interface KeyRead extends Omit<ReadOptions, 'deadline'> {
  readonly collection: CollectionName;
  readonly ids: readonly string[];
  readonly deadline: Deadline;
}

/** Pause before a shard that gave no answer is asked again. */
const RETRY_PAUSE_MS = 50;

/** Reads documents by their keys, those of one shard together. */
export class KeyReader {
  readonly #options: KeyReaderOptions;

  constructor(options: KeyReaderOptions) {
    this.#options = options;
  }

  async read(read: KeyRead): Promise<(StoredDocument | null | MarqueeError)[]> {
    const { collection, ids, includeDeleted } = read;
    const answers = new Map<string, StoredDocument | MarqueeError>();
    const slots = new Map<string, number>();
    for (const id of ids) {
      try {
        slots.set(id, slotOf(slotKeyOf(collection, id)));
      } catch (error) {
        if (!hasCode(error, 'KEY_INVALID')) throw error;
        answers.set(id, error);
      }
    }
    const groups = this.#groupsOf(slots);
    await Promise.all(groups.map((group) => this.#readGroup(group, read, answers)));
    return ids.map((id) => {
      const answer = answers.get(id) ?? null;
      const hidden = answer !== null && 'deleted' in answer && answer.deleted && !includeDeleted;
      return hidden ? null : answer;
    });
  }

  async #readGroup(
    group: KeyGroup,
    read: KeyRead,
    answers: Map<string, StoredDocument | MarqueeError>,
  ): Promise<void> {
    try {
      const { documents, origin } = await this.#readOnce(group, read);
      for (const document of documents) answers.set(document._id, document);
      for (const [key, { slot, shard }] of group.placements) {
        const { collection, trace } = read;
        trace?.record({ collection, key, slot, shard: shard.name, ...origin });
      }
    } catch (error) {
      if (!hasCode(error, 'SHARD_UNAVAILABLE')) throw error;
      const again = await this.#afterRefresh(group, read.deadline);
      if (again === undefined) {
        for (const key of group.placements.keys()) answers.set(key, error);
        return;
      }
      await Promise.all(again.map((next) => this.#readGroup(next, read, answers)));
    }
  }

  /** By the rules of section 5: leased, or else strong, or else (last) possibly stale. */
  async #readOnce(
    group: KeyGroup,
    { collection, projection, readFrom = 'in-sync', deadline }: KeyRead,
  ): Promise<{ documents: StoredDocument[]; origin: ReadOrigin }> {
    const { map, reader, limits } = this.#options;
    const ids = [...group.placements.keys()];
    const { shard, strongReadsOnly } = group;
    const find = withRouterFields(projection);
    if (readFrom !== 'strong' && !strongReadsOnly && map.hasReadLease()) {
      try {
        const leased = { shard, readFrom, leased: true, deadline };
        const { value, origin } = await reader.read(leased, (cluster, within) =>
          cluster.documents(collection, ids, { deadline: within, ...find }),
        );
        return { documents: value, origin };
      } catch (error) {
        if (!isLeaseLost(error)) throw error;
      }
    }
    const share = readFrom === 'strong' ? 1 : limits.strongShare;
    try {
      const within = deadline.sooner(deadline.remainingMs * share);
      const { value, origin } = await reader.readStrong(shard, collection, ids, within);
      return { documents: value, origin };
    } catch (error) {
      if (readFrom === 'strong' || !hasCode(error, 'SHARD_UNAVAILABLE')) throw error;
    }
    const unleased = { shard, readFrom, leased: false, deadline };
    const { value, origin } = await reader.read(unleased, (cluster, within) =>
      cluster.documents(collection, ids, { deadline: within, ...find }),
    );
    return { documents: value, origin };
  }

  /** The keys by the newest map, if there is time for another attempt. */
  async #afterRefresh(group: KeyGroup, deadline: Deadline): Promise<KeyGroup[] | undefined> {
    const { map, clock } = this.#options;
    if (group.attempts >= ATTEMPTS_MAX || deadline.remainingMs < 2 * RETRY_PAUSE_MS)
      return undefined;
    await deadline
      .race(Promise.all([map.refresh(), sleep(RETRY_PAUSE_MS, clock)]))
      .catch(() => undefined);
    if (deadline.expired) return undefined;
    const slots = new Map([...group.placements].map(([key, { slot }]) => [key, slot]));
    return this.#groupsOf(slots, group.attempts + 1);
  }

  #groupsOf(slots: ReadonlyMap<string, number>, attempts = 1): KeyGroup[] {
    const table = tableOf(this.#options.map);
    const groups = new Map<string, KeyGroup[]>();
    for (const [key, slot] of slots) {
      const placement = table.placementOf(slot);
      const { shard, strongReadsOnly } = placement;
      const name = `${shard.name}/${strongReadsOnly}`;
      const started = groups.get(name) ?? [];
      groups.set(name, started);
      const last = started.at(-1);
      if (last !== undefined && last.placements.size < this.#options.limits.keysPerStatementMax) {
        last.placements.set(key, placement);
      } else {
        started.push({
          shard,
          strongReadsOnly,
          attempts,
          placements: new Map([[key, placement]]),
        });
      }
    }
    return [...groups.values()].flat();
  }
}

/** Keys that go into one statement. */
interface KeyGroup {
  readonly shard: SlotPlacement['shard'];
  readonly strongReadsOnly: boolean;
  readonly attempts: number;
  readonly placements: Map<string, SlotPlacement>;
}

/** A second attempt, by a fresh map, finds a new owner; a third would find the same. */
const ATTEMPTS_MAX = 2;
