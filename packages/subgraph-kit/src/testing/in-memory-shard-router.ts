import { MarqueeError } from '@marquee/errors';
import { slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import type {
  DocumentFilter,
  ListPage,
  ListQuery,
  NewDocument,
  ReadOptions,
  ShardRouter,
  SlotOperation,
  SlotTransaction,
  StoredDocument,
} from '../data-layer.ts';
import { compareValues, matchesFilter } from './matches-filter.ts';

/** A call that the double answered, for tests that count. */
export interface RouterCall {
  readonly method: 'findByIds' | 'list' | 'count' | 'countBy' | 'write';
  readonly collection?: CollectionName;
  readonly size?: number;
}

export interface InMemoryShardRouter extends ShardRouter {
  readonly calls: RouterCall[];
  /** Puts documents as a loader does, past the operations. */
  load(collection: CollectionName, documents: readonly NewDocument[]): void;
  /** The document as stored, tombstones included. */
  stored(collection: CollectionName, id: string): StoredDocument | undefined;
  /** Everything stored, to see that nothing changed. */
  snapshot(): string;
  /** From now on the shard answers nothing; `undefined` ends that. */
  setShardDown(shard: 'a' | 'b' | undefined): void;
}

// Not `structuredClone`: under jest it answers dates of another realm, which are no `Date` to anybody.
const copyOf = <T>(value: T): T => {
  if (value instanceof Date) return new Date(value) as T;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copyOf(field)])) as T;
};

const shardOfSlot = (slot: number): 'a' | 'b' => (slot < 512 ? 'a' : 'b');

/**
 * The shard router without clusters, for tests of resolvers: two shards in memory, the same promises
 * (one operation at a time in a slot, results kept by operation id, shards that can be down).
 */
export const createInMemoryShardRouter = (): InMemoryShardRouter => {
  const collections = new Map<CollectionName, Map<string, StoredDocument>>();
  const records = new Map<string, { requestHash: string; result: Record<string, unknown> }>();
  const calls: RouterCall[] = [];
  let down: 'a' | 'b' | undefined;
  let sequence = 0;
  let tail: Promise<unknown> = Promise.resolve();

  const of = (collection: CollectionName) => {
    const documents = collections.get(collection) ?? new Map<string, StoredDocument>();
    collections.set(collection, documents);
    return documents;
  };

  const store = (collection: CollectionName, { _id, ...content }: NewDocument) => {
    const slot = slotOf(slotKeyOf(collection, _id));
    sequence += 1;
    of(collection).set(_id, {
      revision: 1,
      deleted: false,
      ...copyOf(content),
      _id,
      slot,
      version: { epoch: 1, sequence },
    });
  };

  const unavailable = (shard: string) => new MarqueeError('SHARD_UNAVAILABLE', { shard });

  const trace = (collection: CollectionName, options: ReadOptions, slot: number, key?: string) =>
    options.trace?.record({
      statement: calls.length,
      collection,
      ...(key === undefined ? {} : { key }),
      slot,
      shard: shardOfSlot(slot),
      cluster: `shard-${shardOfSlot(slot)}`,
      readFrom: 'in-sync',
    });

  const matching = (collection: CollectionName, filter: DocumentFilter, options: ReadOptions) =>
    [...of(collection).values()].filter(
      (document) =>
        (options.includeDeleted === true || !document.deleted) && matchesFilter(document, filter),
    );

  const run = async (operation: SlotOperation): Promise<Record<string, unknown>> => {
    const slot = slotOf(operation.slotKey);
    if (shardOfSlot(slot) === down) throw unavailable(shardOfSlot(slot));
    const recordId = `${slot}/${operation.operationId}`;
    const record = records.get(recordId);
    if (record !== undefined) {
      if (record.requestHash === operation.requestHash) return record.result;
      throw new MarqueeError('OPERATION_ID_REUSED');
    }
    const puts: [CollectionName, NewDocument][] = [];
    const transaction: SlotTransaction = {
      find: async (collection, id) => copyOf(of(collection).get(id) ?? null),
      put: (collection, document) => {
        if (slotOf(slotKeyOf(collection, document._id)) !== slot) {
          throw new TypeError(`${collection} ${document._id} is not of slot ${slot}`);
        }
        puts.push([collection, document]);
      },
    };
    // Twice, as a transaction that conflicted would: an operation must not mind.
    await operation.apply(transaction);
    puts.length = 0;
    const result = await operation.apply(transaction);
    for (const [collection, document] of puts) store(collection, document);
    records.set(recordId, { requestHash: operation.requestHash, result: copyOf(result) });
    return result;
  };

  const write = (operation: SlotOperation): Promise<Record<string, unknown>> => {
    calls.push({ method: 'write' });
    const result = tail.then(() => run(operation));
    tail = result.catch(() => undefined);
    return result;
  };

  return {
    calls,
    load: (collection, documents) => documents.forEach((document) => store(collection, document)),
    stored: (collection, id) => of(collection).get(id),
    snapshot: () => JSON.stringify([...collections].map(([name, all]) => [name, [...all]])),
    setShardDown: (shard) => {
      down = shard;
    },

    findByIds: async (collection, ids, options = {}) => {
      calls.push({ method: 'findByIds', collection, size: ids.length });
      return ids.map((id) => {
        const slot = slotOf(slotKeyOf(collection, id));
        if (shardOfSlot(slot) === down) return unavailable(shardOfSlot(slot));
        trace(collection, options, slot, id);
        const document = of(collection).get(id);
        const visible = options.includeDeleted === true || document?.deleted === false;
        return document !== undefined && visible ? copyOf(document) : null;
      });
    },

    list: async (collection, query) => {
      calls.push({ method: 'list', collection });
      const all = matching(collection, query.filter, query).filter(
        ({ slot }) => shardOfSlot(slot) !== down,
      );
      for (const { slot } of all.slice(0, 1)) trace(collection, query, slot);
      return pageOf(all, query, down);
    },

    count: async (collection, filter, options = {}) => {
      calls.push({ method: 'count', collection });
      if (down !== undefined) throw unavailable(down);
      return matching(collection, filter, options).length;
    },

    countBy: async (collection, { field, filter }, options = {}) => {
      calls.push({ method: 'countBy', collection });
      if (down !== undefined) throw unavailable(down);
      const totals = new Map<unknown, number>();
      for (const { [field]: value = null } of matching(collection, filter, options)) {
        for (const element of new Set<unknown>(Array.isArray(value) ? value : [value])) {
          totals.set(element, (totals.get(element) ?? 0) + 1);
        }
      }
      return totals;
    },

    write: (operation) => write(operation) as never,
    writeMany: (operations) =>
      Promise.all(
        operations.map((operation) =>
          write(operation).then(
            (result) => ({ result }),
            (refusal: unknown) => ({ refusal }),
          ),
        ),
      ),

    missingIndexes: async () => new Map(),
    close: async () => undefined,
  };
};

const pageOf = (
  documents: StoredDocument[],
  query: ListQuery,
  down: string | undefined,
): ListPage => {
  const binding = `${query.queryName}\0${JSON.stringify(query.filterMeaning ?? query.filter)}`;
  const compare = (a: StoredDocument, b: StoredDocument): number => {
    for (const { field, direction } of query.sort) {
      const order = compareValues(a[field], b[field]) * direction;
      if (order !== 0) return order;
    }
    return compareValues(a._id, b._id) * (query.sort.at(-1)?.direction ?? 1);
  };
  const sorted = documents.toSorted(compare);
  let rest = sorted;
  if (query.after !== undefined) {
    const id = cursorId(query.after, binding);
    rest = sorted.slice(sorted.findIndex(({ _id }) => _id === id) + 1);
  }
  const nodes = rest.slice(0, query.first);
  return {
    nodes: copyOf(nodes),
    cursors: nodes.map(({ _id }) => JSON.stringify([binding, _id])),
    hasNextPage: rest.length > nodes.length,
    unavailable: down === undefined ? [] : [{ shard: down, code: 'SHARD_UNAVAILABLE' }],
  };
};

const cursorId = (cursor: string, binding: string): string => {
  try {
    const [bound, id] = JSON.parse(cursor) as [string, string];
    if (bound === binding) return id;
  } catch {
    // Refused below, as one of another query is.
  }
  throw new MarqueeError('INVALID_CURSOR');
};
