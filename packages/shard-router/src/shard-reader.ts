import { codeOf, MarqueeError } from '@marquee/errors';
import {
  isClusterUnreachable,
  strongRead,
  type Clock,
  type ClusterRegistry,
  type DataCluster,
  type Deadline,
  type Observe,
  type ProtocolLogger,
  type StoredDocument,
} from '@marquee/slot-protocol';
import type { CollectionName, Shard } from '@marquee/topology';
import { chooseClusters, ownerFirst } from './choose-clusters.ts';
import type { ClusterRest } from './cluster-rest.ts';
import type { HedgeBudget } from './hedge-budget.ts';
import type { MapSource } from './map-source.ts';
import { isNoAnswer, readFirst } from './read-first.ts';
import type { RoutingEntry } from './shard-router.ts';
import type { ReadLimits } from './router-limits.ts';

export interface ShardReaderOptions {
  readonly clusters: ClusterRegistry;
  readonly map: MapSource;
  readonly rest: ClusterRest;
  readonly budget: HedgeBudget;
  readonly limits: ReadLimits;
  readonly random: () => number;
  readonly clock: Clock;
  readonly logger: ProtocolLogger;
  readonly observe: Observe;
}

/** Where an answer came from, and how much it may be trusted. */
export type ReadOrigin = Pick<RoutingEntry, 'cluster' | 'statement' | 'readFrom' | 'stale'>;

export interface ShardRead {
  readonly shard: Shard;
  readonly readFrom: 'in-sync' | 'owner';
  /** The lease must hold, now and when the data arrives, or the read does not count. */
  readonly leased: boolean;
  readonly deadline: Deadline;
}

/** One read at one shard: which of its clusters, in which order, and what happens when they fail. */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  #statements = 0;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
  }

  /**
   * The answer of the first cluster that gives one.
   *
   * @throws SHARD_UNAVAILABLE if none does; LEASE_LOST (see `isLeaseLost`) if it came too late to be
   * trusted.
   */
  async read<T>(
    { shard, readFrom, leased, deadline }: ShardRead,
    ask: (cluster: DataCluster, deadline: Deadline) => Promise<T>,
  ): Promise<{ value: T; origin: ReadOrigin }> {
    const { clusters, map, rest, budget, limits, random, clock } = this.#options;
    const startedAtMs = clock.monotonicNow();
    const isResting = (cluster: string): boolean => rest.isResting(cluster);
    const candidates = leased
      ? chooseClusters({ shard, readFrom, isResting, random: random() })
      : ownerFirst(shard).slice(0, readFrom === 'owner' ? 1 : undefined);
    const within = candidates.every(isResting) ? deadline.sooner(limits.knownDownMaxMs) : deadline;
    try {
      const { cluster, value } = await readFirst({
        clusters: candidates,
        read: async (name) => ask(await clusters.get(name), within),
        deadline: within,
        rest,
        budget,
        limits,
      });
      if (leased && !map.hasReadLease()) throw LEASE_LOST;
      const origin = {
        cluster,
        statement: ++this.#statements,
        readFrom: cluster === shard.owner ? 'owner' : 'in-sync',
      } as const;
      const known: ReadOrigin = leased ? origin : { ...origin, stale: 'possible' };
      this.#tell(shard, known, startedAtMs);
      return { value, origin: known };
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      throw this.#unavailable(shard, candidates, error);
    }
  }

  /** The same, but an answer that came too late for the lease is asked for again without one. */
  async readRelaxed<T>(
    read: ShardRead,
    ask: (cluster: DataCluster, deadline: Deadline) => Promise<T>,
  ): Promise<{ value: T; origin: ReadOrigin }> {
    try {
      return await this.read(read, ask);
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
      return this.read({ ...read, leased: false }, ask);
    }
  }

  /**
   * Documents with a proof that nothing newer is acknowledged.
   *
   * @throws SHARD_UNAVAILABLE if there was no proof to be had within the deadline.
   */
  async readStrong(
    shard: Shard,
    collection: CollectionName,
    ids: readonly string[],
    deadline: Deadline,
  ): Promise<{ value: StoredDocument[]; origin: ReadOrigin }> {
    const { clusters, rest, limits, clock } = this.#options;
    const startedAtMs = clock.monotonicNow();
    const known = rest.isResting(shard.owner);
    const within = known ? deadline.sooner(limits.knownDownMaxMs) : deadline;
    try {
      const owner = await clusters.get(shard.owner);
      const value = await strongRead({ owner, clusters, collection, ids, deadline: within });
      const origin: ReadOrigin = {
        cluster: shard.owner,
        statement: ++this.#statements,
        readFrom: 'strong',
      };
      this.#tell(shard, origin, startedAtMs);
      return { value, origin };
    } catch (error) {
      if (!isNoAnswer(error) && codeOf(error) !== 'STALE_MAP') throw error;
      if (isClusterUnreachable(error)) rest.failed(error.cluster);
      throw this.#unavailable(shard, [shard.owner], error);
    }
  }

  #tell(shard: Shard, { cluster, readFrom, stale }: ReadOrigin, startedAtMs: number): void {
    const { observe, clock } = this.#options;
    observe({
      kind: 'read',
      shard: shard.name,
      cluster,
      readFrom,
      stale: stale !== undefined,
      ms: clock.monotonicNow() - startedAtMs,
    });
  }

  /** The map may have changed, or the NameNode not have noticed yet. Nobody waits for either. */
  #unavailable(shard: Shard, asked: readonly string[], cause: unknown): MarqueeError {
    const { map, logger, observe } = this.#options;
    observe({ kind: 'shard-unavailable', shard: shard.name });
    logger.debug({ shard: shard.name, clusters: asked, err: cause }, 'no answer from a shard');
    if (codeOf(cause) !== 'STALE_MAP') void map.report({ unreachable: asked });
    return new MarqueeError('SHARD_UNAVAILABLE', { shard: shard.name }, { cause });
  }
}

// Thrown where an answer came too late to be trusted; never leaves the router.
const LEASE_LOST = new Error('the read lease ran out before the data arrived');

export const isLeaseLost = (error: unknown): boolean => error === LEASE_LOST;
