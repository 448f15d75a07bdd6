import { hasCode, MarqueeError } from '@marquee/errors';
import type { DataCluster, Deadline, StoredDocument } from '@marquee/slot-protocol';
import type { CollectionName, Shard, SlotTable } from '@marquee/topology';
import { CursorCodec } from './cursor.ts';
import { ListOrder } from './list-order.ts';
import { tableOf, type MapSource } from './map-source.ts';
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

/** Lists and counts: every shard is asked, by one version of the map. */
export class ListReader {
  readonly #options: ListReaderOptions;

  constructor(options: ListReaderOptions) {
    this.#options = options;
  }

  async list(collection: CollectionName, query: ListQuery, deadline: Deadline): Promise<ListPage> {
    const { first, after, sort, projection } = query;
    this.#checkFirst(first);
    const order = new ListOrder(sort);
    const codec = new CursorCodec(collection, query, order);
    const behind = after === undefined ? undefined : order.behind(codec.decode(after));
    const page: PageOfShard = { collection, order, first, projection };
    const asked = await this.#askShards(
      { collection, query, deadline },
      (cluster, { owns }, within) =>
        pageOfShard(cluster, page, conditionsOf(query, behind), owns, within),
    );
    const merged = asked.answers
      .flatMap(({ value }) => value.map((document) => ({ document, key: order.keyOf(document) })))
      .sort((left, right) => order.compare(left.key, right.key));
    const shown = merged.slice(0, first);
    return {
      nodes: shown.map(({ document }) => document),
      cursors: shown.map(({ key }) => codec.encode(key)),
      hasNextPage: merged.length > first,
      unavailable: asked.unavailable,
    };
  }

  /** @throws SHARD_UNAVAILABLE: a part would be no count. */
  async count(
    collection: CollectionName,
    filter: DocumentFilter,
    options: ReadOptions,
    deadline: Deadline,
  ): Promise<number> {
    const { answers, unavailable } = await this.#askShards(
      { collection, query: options, deadline },
      (cluster, slots, within) =>
        cluster.count(
          collection,
          allOf([...conditionsOf({ ...options, filter }), slots.filter]),
          within,
        ),
    );
    const [missing] = unavailable;
    if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
    return answers.reduce((total, { value }) => total + value, 0);
  }

  async #askShards<T>(
    { collection, query, deadline }: AskShards,
    ask: (cluster: DataCluster, slots: ShardSlots, deadline: Deadline) => Promise<T>,
  ): Promise<{ answers: { value: T }[]; unavailable: ListPage['unavailable'] }> {
    const { map, reader } = this.#options;
    const table = tableOf(map);
    const answers: { value: T }[] = [];
    const unavailable: ListPage['unavailable'] = [];
    const askShard = async (shard: Shard): Promise<void> => {
      const slots = shardSlotsOf(table, shard.name);
      const readFrom =
        query.readFrom === 'owner' || query.readFrom === 'strong' ? 'owner' : 'in-sync';
      const leased = map.hasReadLease() && !slots.strongReadsOnly;
      const { value, origin } = await reader.readRelaxed(
        { shard, readFrom, leased, deadline },
        (cluster, within) => ask(cluster, slots, within),
      );
      answers.push({ value });
      query.trace?.record({ collection, shard: shard.name, ...origin });
    };
    await Promise.all(
      shardsWithSlots(table).map(async (shard) => {
        try {
          await askShard(shard);
        } catch (error) {
          if (!hasCode(error, 'SHARD_UNAVAILABLE')) throw error;
          unavailable.push({ shard: shard.name, code: 'SHARD_UNAVAILABLE' });
          void map.refresh().catch(() => undefined);
        }
      }),
    );
    return { answers, unavailable };
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

interface AskShards {
  readonly collection: CollectionName;
  readonly query: ReadOptions;
  readonly deadline: Deadline;
}

const shardsWithSlots = (table: SlotTable): Shard[] =>
  table.map.shards.filter(({ name }) => table.slotsOf(name).length > 0);

interface PageOfShard {
  readonly collection: CollectionName;
  readonly order: ListOrder;
  readonly first: number;
  readonly projection: ReadOptions['projection'];
}

/**
 * One shard's part of a page, and one document more where there is one. What lies in the cluster without
 * being the shard's own is rare and left out here, so that the query needs no condition for it.
 */
const pageOfShard = async (
  cluster: DataCluster,
  { collection, order, first, projection }: PageOfShard,
  conditions: readonly DocumentFilter[],
  owns: (slot: number) => boolean,
  deadline: Deadline,
): Promise<StoredDocument[]> => {
  const own: StoredDocument[] = [];
  const fields = order.fields.map(([field]) => field);
  let behind: readonly DocumentFilter[] = [];
  for (;;) {
    const documents = await cluster.page(
      collection,
      {
        filter: allOf([...conditions, ...behind]),
        sort: order.fields,
        limit: first + 1,
        ...withRouterFields(projection, fields),
      },
      deadline,
    );
    own.push(...documents.filter(({ slot }) => owns(slot)));
    const last = documents.at(-1);
    if (own.length > first || documents.length <= first || last === undefined) return own;
    behind = [order.behind(order.keyOf(last))];
  }
};

const conditionsOf = (
  { filter, includeDeleted }: Pick<ListQuery, 'filter' | 'includeDeleted'>,
  behind?: DocumentFilter,
): DocumentFilter[] => [
  filter,
  ...(includeDeleted === true ? [] : [{ deleted: false }]),
  ...(behind === undefined ? [] : [behind]),
];

/** All of the conditions; in one level where no two speak of the same field. */
const allOf = (conditions: readonly DocumentFilter[]): DocumentFilter => {
  const fields = conditions.flatMap((condition) => Object.keys(condition));
  return new Set(fields).size === fields.length
    ? Object.fromEntries(conditions.flatMap((condition) => Object.entries(condition)))
    : { $and: conditions.filter((condition) => Object.keys(condition).length > 0) };
};
