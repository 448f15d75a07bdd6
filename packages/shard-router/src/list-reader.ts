import { hasCode, MarqueeError } from '@marquee/errors';
import type { DataCluster, Deadline, StoredDocument } from '@marquee/slot-protocol';
import type { CollectionName, Shard, SlotTable } from '@marquee/topology';
import { allOf, conditionsOf } from './conditions.ts';
import { CursorCodec } from './cursor.ts';
import { ListOrder, type SortKey } from './list-order.ts';
import { tableOf, type MapSource } from './map-source.ts';
import { firstShare, merged, tooShort, type Placed, type ShardPart } from './merged-page.ts';
import { withRouterFields } from './projection.ts';
import type { ReadLimits } from './router-limits.ts';
import type { DocumentFilter, ListPage, ListQuery, ReadOptions } from './shard-router.ts';
import type { ShardReader } from './shard-reader.ts';
import { shardSlotsOf, type ShardSlots } from './slot-filter.ts';

export interface ListReaderOptions {
  readonly map: MapSource;
  readonly reader: ShardReader;
  readonly limits: ReadLimits;
}

/**
 * Slots that one statement of a count by value takes: it reads their documents whole, and a cluster
 * that takes long to answer counts as failed.
 */
const COUNT_BY_SLOTS = 32;

/** Lists and counts: every shard is asked, by one version of the map. */
export class ListReader {
  readonly #options: ListReaderOptions;

  constructor(options: ListReaderOptions) {
    this.#options = options;
  }

  async list(collection: CollectionName, query: ListQuery, deadline: Deadline): Promise<ListPage> {
    const { first, after, filter, includeDeleted } = query;
    this.#checkFirst(first);
    const order = new ListOrder(query.sort);
    const codec = new CursorCodec(collection, query, order);
    const from = after === undefined ? undefined : codec.decode(after);
    const conditions = conditionsOf(filter, includeDeleted);
    const walk = this.#beginWalk(collection, query, deadline);
    const parts = walk.shards.map((shard): ShardPart<Shard> => ({
      shard,
      rows: [],
      hasMore: true,
    }));
    // One more than the page shows, to know whether there is another page.
    const wanted = first + 1;
    let rows: Placed[] = [];
    let asked = parts;
    let limit = firstShare(wanted, parts.length);
    while (asked.length > 0) {
      const askFor = async (part: ShardPart<Shard>, upTo: number): Promise<void> => {
        const missing = Math.min(upTo, wanted - part.rows.length);
        const behind = part.rows.at(-1)?.key ?? from;
        const page = { collection, order, query, conditions, behind, limit: missing };
        const found = await walk.ask(part.shard, (cluster, { owns }, within) =>
          ownRows(cluster, page, owns, within),
        );
        for (const document of found ?? []) {
          part.rows.push({ document, key: order.keyOf(document) });
        }
        part.hasMore = (found?.length ?? 0) >= missing && part.rows.length < wanted;
      };
      await askAll(asked, {
        ask: (part) => askFor(part, limit),
        askMore: (part) => (part.hasMore ? askFor(part, wanted) : Promise.resolve()),
        deadline,
      });
      limit = wanted;
      rows = merged(parts, order);
      asked = tooShort(parts, rows, order, wanted);
    }
    const shown = rows.slice(0, first);
    return {
      nodes: shown.map(({ document }) => document),
      cursors: shown.map(({ key }) => codec.encode(key)),
      hasNextPage: rows.length > first,
      unavailable: walk.unavailable(),
    };
  }

  /** @throws SHARD_UNAVAILABLE: a part would be no count. */
  async count(
    collection: CollectionName,
    filter: DocumentFilter,
    options: ReadOptions,
    deadline: Deadline,
  ): Promise<number> {
    const walk = this.#beginWalk(collection, options, deadline);
    const conditions = conditionsOf(filter, options.includeDeleted);
    const counts = await Promise.all(
      walk.shards.map((shard) =>
        walk.ask(shard, (cluster, slots, within) =>
          cluster.count(collection, allOf([...conditions, slots.filter]), within),
        ),
      ),
    );
    const [missing] = walk.unavailable();
    if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
    return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
  }

  /** @throws SHARD_UNAVAILABLE: a part would be no count. */
  async countBy(
    collection: CollectionName,
    { field, filter }: { readonly field: string; readonly filter: DocumentFilter },
    options: ReadOptions,
    deadline: Deadline,
  ): Promise<ReadonlyMap<unknown, number>> {
    const walk = this.#beginWalk(collection, options, deadline);
    const conditions = conditionsOf(filter, options.includeDeleted);
    const totals = new Map<unknown, number>();
    const countShard = async (shard: Shard): Promise<void> => {
      for (const slots of walk.slotsOf(shard).parts(COUNT_BY_SLOTS)) {
        const request = { field, filter: allOf([...conditions, slots]) };
        const found = await walk.ask(shard, (cluster, _, within) =>
          cluster.countBy(collection, request, within),
        );
        if (found === undefined) return;
        for (const { value, count } of found) {
          for (const element of new Set<unknown>(Array.isArray(value) ? value : [value])) {
            totals.set(element, (totals.get(element) ?? 0) + count);
          }
        }
      }
    };
    await Promise.all(walk.shards.map(countShard));
    const [missing] = walk.unavailable();
    if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
    return totals;
  }

  #beginWalk(collection: CollectionName, options: ReadOptions, deadline: Deadline): Walk {
    const { map, reader } = this.#options;
    const table = tableOf(map);
    const missing = new Set<string>();
    const readFrom =
      options.readFrom === 'owner' || options.readFrom === 'strong' ? 'owner' : 'in-sync';
    return {
      shards: shardsWithSlots(table),
      slotsOf: ({ name }) => shardSlotsOf(table, name),
      unavailable: () =>
        [...missing].map((shard) => ({ shard, code: 'SHARD_UNAVAILABLE' as const })),
      async ask(shard, work) {
        const slots = shardSlotsOf(table, shard.name);
        const leased = map.hasReadLease() && !slots.strongReadsOnly;
        try {
          const { value, origin } = await reader.readRelaxed(
            { shard, readFrom, leased, deadline },
            (cluster, within) => work(cluster, slots, within),
          );
          options.trace?.record({ collection, shard: shard.name, ...origin });
          return value;
        } catch (error) {
          if (!hasCode(error, 'SHARD_UNAVAILABLE')) throw error;
          missing.add(shard.name);
          void map.refresh().catch(() => undefined);
          return undefined;
        }
      },
    };
  }

  #checkFirst(first: number): void {
    const { pageMax } = this.#options.limits;
    if (Number.isInteger(first) && first >= 1 && first <= pageMax) return;
    throw new MarqueeError('BAD_USER_INPUT', {
      argument: 'first',
      expected: `a whole number from 1 to ${pageMax}`,
    });
  }
}

/** What is left of the deadline, at least, for those that stand in for a shard that does not answer. */
const STAND_IN_SHARE = 0.5;

/**
 * Asks all at once. If one keeps the others waiting until half of the deadline is gone, those that have
 * answered are asked for more at once: if it never answers, the page has to come from them, and then
 * there would be no time left.
 */
const askAll = async <Part>(
  parts: readonly Part[],
  {
    ask,
    askMore,
    deadline,
  }: {
    readonly ask: (part: Part) => Promise<void>;
    readonly askMore: (part: Part) => Promise<void>;
    readonly deadline: Deadline;
  },
): Promise<void> => {
  const answered: Part[] = [];
  let more: Promise<unknown> = Promise.resolve();
  const cancel = deadline.clock.setTimer(() => {
    more = Promise.all(answered.map(askMore));
    // Whoever waits for the parts hears of it; until then it is not unhandled.
    more.catch(() => undefined);
  }, deadline.remainingMs * STAND_IN_SHARE);
  try {
    await Promise.all(
      parts.map(async (part) => {
        await ask(part);
        answered.push(part);
      }),
    );
  } finally {
    cancel();
  }
  await more;
};

/** One list or count over all shards, by one version of the map. */
interface Walk {
  readonly shards: readonly Shard[];
  slotsOf(shard: Shard): ShardSlots;
  /** Undefined if the shard gives no answer; it is named in `unavailable` then. */
  ask<T>(
    shard: Shard,
    work: (cluster: DataCluster, slots: ShardSlots, deadline: Deadline) => Promise<T>,
  ): Promise<T | undefined>;
  unavailable(): ListPage['unavailable'];
}

const shardsWithSlots = (table: SlotTable): Shard[] =>
  table.map.shards.filter(({ name }) => !shardSlotsOf(table, name).isEmpty);

interface OwnRows {
  readonly collection: CollectionName;
  readonly order: ListOrder;
  readonly query: ListQuery;
  readonly conditions: readonly DocumentFilter[];
  readonly behind: SortKey | undefined;
  readonly limit: number;
}

/**
 * The next documents of one shard. What lies in the cluster without being the shard's own is rare and
 * left out here, so that the query needs no condition for it.
 */
const ownRows = async (
  cluster: DataCluster,
  { collection, order, query, conditions, behind: from, limit }: OwnRows,
  owns: (slot: number) => boolean,
  deadline: Deadline,
): Promise<StoredDocument[]> => {
  const own: StoredDocument[] = [];
  const fields = order.fields.map(([field]) => field);
  let behind = from;
  for (;;) {
    const documents = await cluster.page(
      collection,
      {
        filter: allOf([...conditions, ...(behind === undefined ? [] : [order.behind(behind)])]),
        sort: order.fields,
        limit,
        ...withRouterFields(query.projection, fields),
      },
      deadline,
    );
    own.push(...documents.filter(({ slot }) => owns(slot)));
    const last = documents.at(-1);
    if (own.length >= limit || documents.length < limit || last === undefined) return own;
    behind = order.keyOf(last);
  }
};
