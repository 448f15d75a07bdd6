import { MarqueeError } from '@marquee/errors';
import {
  createClusterRegistry,
  Deadline,
  SlotWriter,
  systemClock,
  type ClusterAddress,
  type Clock,
  type Observe,
  type ProtocolLogger,
} from '@marquee/slot-protocol';
import { parseCollectionName } from '@marquee/topology';
import { ClusterRest } from './cluster-rest.ts';
import { HedgeBudget } from './hedge-budget.ts';
import { KeyReader } from './key-reader.ts';
import { KnownMap } from './known-map.ts';
import { ListReader } from './list-reader.ts';
import { tableOf, type MapSource } from './map-source.ts';
import { missingIndexesOf } from './missing-indexes.ts';
import { ROUTER_LIMITS, type RouterLimits } from './router-limits.ts';
import type { ReadOptions, ShardRouter } from './shard-router.ts';
import { ShardReader } from './shard-reader.ts';
import { usableClusters } from './usable-clusters.ts';

export interface ShardRouterOptions extends Partial<Clock> {
  /** The shard map; `@marquee/namenode-client` is one. It must have been started. */
  readonly nameNodeClient: MapSource;
  /** Reads the clusters' addresses; again whenever the map names a cluster that is not known. */
  readonly addresses: () => Promise<{ readonly clusters: readonly ClusterAddress[] }>;
  readonly logger: ProtocolLogger;
  /** Name of this process in the records that it writes. */
  readonly by?: string;
  readonly random?: () => number;
  readonly limits?: Partial<RouterLimits>;
  /** Is told what the data plane does, for metrics. */
  readonly observe?: Observe;
}

/** One router for a process: it holds the connections to all data clusters. */
export const createShardRouter = ({
  nameNodeClient,
  addresses,
  logger,
  by = 'router',
  random = Math.random,
  limits: wanted,
  observe: tell = () => undefined,
  ...time
}: ShardRouterOptions): ShardRouter => {
  const clock: Clock = { ...systemClock, ...time };
  const { read: limits, write, connection } = { ...ROUTER_LIMITS, ...wanted };
  // One registry for everything: whoever must not be used is used by nobody here.
  const clusters = usableClusters(
    createClusterRegistry({
      addresses,
      random,
      ...(connection && { connection }),
      // A map made of fences names no deployment.
      deployment: () => map.table()?.map.deployment || undefined,
      clock,
    }),
    () => map.table()?.map.quarantined,
  );
  const map: KnownMap = new KnownMap({
    client: nameNodeClient,
    clusters,
    clusterNames: async () => (await addresses()).clusters.map(({ name }) => name),
    clock,
  });
  const observe: Observe = (event) => {
    // The NameNode looks at such a slot at once instead of within a minute.
    if (event.kind === 'behind') {
      void map.report({ behind: [{ slot: event.slot, cluster: event.cluster }] });
    }
    tell(event);
  };
  const reader = new ShardReader({
    clusters,
    map,
    rest: new ClusterRest(limits, () => clock.monotonicNow()),
    budget: new HedgeBudget(limits),
    limits,
    random,
    clock,
    logger,
    observe,
  });
  const keys = new KeyReader({ map, reader, limits, clock });
  const lists = new ListReader({ map, reader, limits });
  const writer = new SlotWriter({
    clusters,
    owners: {
      ownerOf: (slot) => tableOf(map).placementOf(slot).shard.owner,
      version: () => tableOf(map).map.version,
      onChange: (listener) => void map.onChange(listener),
      refresh: () => map.refresh(),
    },
    by,
    clock,
    random,
    logger,
    limits: write,
    observe,
  });

  const deadlineOf = ({ deadline }: ReadOptions): Deadline =>
    Deadline.after(deadline?.remainingMs ?? limits.readDeadlineMs, clock);

  /** Started without a NameNode: the clusters know as well. */
  const learnMap = async (): Promise<void> => {
    if (map.table() === undefined) await map.refresh().catch(() => undefined);
  };

  let underway = 0;
  const admitted = async <T>(work: () => Promise<T>): Promise<T> => {
    if (underway >= limits.underwayReadsMax) {
      observe({ kind: 'overloaded', what: 'reads' });
      throw new MarqueeError('OVERLOADED', { underway });
    }
    underway += 1;
    try {
      await learnMap();
      return await work();
    } finally {
      underway -= 1;
    }
  };

  return {
    findByIds: (collection, ids, options = {}) =>
      admitted(() =>
        keys.read({
          ...options,
          collection: parseCollectionName(collection),
          ids,
          deadline: deadlineOf(options),
        }),
      ),
    list: (collection, query) =>
      admitted(() => lists.list(parseCollectionName(collection), query, deadlineOf(query))),
    count: (collection, filter, options = {}) =>
      admitted(() =>
        lists.count(parseCollectionName(collection), filter, options, deadlineOf(options)),
      ),
    countBy: (collection, request, options = {}) =>
      admitted(() =>
        lists.countBy(parseCollectionName(collection), request, options, deadlineOf(options)),
      ),
    async write(operation, options) {
      await learnMap();
      return writer.write(operation, options);
    },
    async writeMany(operations, options) {
      await learnMap();
      return writer.writeMany(operations, options);
    },
    async missingIndexes() {
      await learnMap();
      return missingIndexesOf(tableOf(map), clusters, Deadline.after(limits.readDeadlineMs, clock));
    },
    close: () => clusters.close(),
  };
};
