import { hasCode } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import { pause } from '../pause.ts';
import { findShard, inSyncClusters, type OperationPlan } from '../directory/directory-state.ts';
import type { ClusterHealth } from '../health/cluster-health.ts';
import { clearableLeftover, clearLeftover } from './clear-leftovers.ts';
import { compareShard, type Comparison } from './compare-shard.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import type { OperationEntry, OperationStore } from './operation-entry.ts';
import { isOperationImpossible } from './operation-failure.ts';
import type { Reason } from '../leader/leadership.ts';
import { leave } from './leave.ts';
import { OperationRunner } from './operation-runner.ts';
import { ShardLocks } from './shard-locks.ts';
import { ShardSteward } from './shard-steward.ts';

export interface DeploymentStewardOptions {
  readonly context: OperationContext;
  readonly store: OperationStore;
  readonly healthOf: (cluster: string) => ClusterHealth | undefined;
  readonly newOperationId: () => string;
  readonly instance: string;
  readonly outcomeInLog: (operationId: string) => Promise<'completed' | 'undone'>;
  readonly logger: Logger;
  readonly automaticFailoverIntervalMs: number;
  /** A replica knows more than this owner: whatever it holds counts for nothing from now on. */
  readonly onOwnerBehind?: (owner: string) => Promise<void>;
  /** Another leader was found at work. */
  readonly onDeposed: () => void;
}

/** Between two looks at a shard; what is urgent waits no longer than this. */
const TEND_INTERVAL_MS = 200;

/** Between two comparisons of all fences. */
const COMPARE_INTERVAL_MS = 60_000;

/** A failed look is not repeated at once. */
const TEND_RETRY_MS = 1_000;

/** Looks after all shards during one term of the leader, each in a loop of its own. */
export class DeploymentSteward {
  readonly #options: DeploymentStewardOptions;
  readonly #locks = new ShardLocks();
  readonly #runner: OperationRunner;
  readonly #stewards = new Map<string, ShardSteward>();
  readonly #comparisons = new Map<string, Comparison>();
  readonly #compareSoon = new Set<string>();

  constructor(options: DeploymentStewardOptions) {
    this.#options = options;
    this.#runner = new OperationRunner({
      ...options,
      locks: this.#locks,
      isUrgent: (shards) => shards.some((shard) => this.#hasFailed(shard)),
    });
  }

  /** Until the term ends. */
  async run(): Promise<void> {
    const { context } = this.#options;
    await this.#takeUpOrders();
    const loops: Promise<void>[] = [];
    while (!context.term.aborted) {
      for (const { name } of directoryOf(context).shards) {
        if (this.#stewards.has(name)) continue;
        loops.push(this.#tendForever(name), this.#compareForever(name));
      }
      await pause(context.clock, TEND_INTERVAL_MS, context.term);
      await this.#clear();
    }
    await Promise.all(loops);
  }

  /** Runs an operation that was ordered and kept; its end is found in its entry. */
  order(entry: OperationEntry): void {
    this.#runner.runOrdered(entry).then(
      ({ trouble }) => {
        if (trouble.length > 0) this.#unsettleAll();
      },
      (error: unknown) => {
        this.#failed('ordered operation', error);
        this.#unsettleAll();
      },
    );
  }

  cancel(operationId: string): void {
    this.#runner.cancel(operationId);
  }

  /** The cluster's data is not what it must be: a replica leaves and joins again. */
  giveUp(shard: string, cluster: string): void {
    this.#stewards.get(shard)?.giveUp(cluster);
  }

  /** A replica leaves for good. @throws what `leave` and the log throw */
  async dismiss(shard: string, cluster: string, reason: Reason): Promise<void> {
    const { context } = this.#options;
    await this.#locks.run([shard], async () => {
      await leave(context, shard, cluster, reason);
      await context.leadership.append({ kind: 'cluster-removed', shard, cluster }, reason);
    });
  }

  /** A router has met a replica that lags behind. */
  compareSoon(shard: string): void {
    this.#compareSoon.add(shard);
  }

  /** What the last look at the shard's fences has found. */
  comparisonOf(shard: string): Comparison | undefined {
    return this.#comparisons.get(shard);
  }

  async #tendForever(shard: string): Promise<void> {
    const { context, healthOf, instance, logger, automaticFailoverIntervalMs } = this.#options;
    const steward = new ShardSteward(shard, {
      context,
      locks: this.#locks,
      healthOf,
      instance,
      logger,
      automaticFailoverIntervalMs,
      run: (plan: OperationPlan, why) => this.#runner.runOwn(plan, why),
    });
    this.#stewards.set(shard, steward);
    while (!context.term.aborted && this.#exists(shard)) {
      const isWell = await this.#try(`tend ${shard}`, () => steward.tend());
      await pause(context.clock, isWell ? TEND_INTERVAL_MS : TEND_RETRY_MS, context.term);
    }
    this.#stewards.delete(shard);
  }

  async #compareForever(shard: string): Promise<void> {
    const { context } = this.#options;
    let nextAtMs = context.clock.monotonicNow() + COMPARE_INTERVAL_MS;
    while (!context.term.aborted && this.#exists(shard)) {
      await pause(context.clock, TEND_INTERVAL_MS, context.term);
      const isDue = context.clock.monotonicNow() >= nextAtMs;
      if (!isDue && !this.#compareSoon.delete(shard)) continue;
      nextAtMs = context.clock.monotonicNow() + COMPARE_INTERVAL_MS;
      await this.#try(`compare ${shard}`, () => this.#compare(shard));
    }
  }

  async #compare(shard: string): Promise<void> {
    const { context, logger } = this.#options;
    const found = await this.#locks.run([shard], () => compareShard(context, shard));
    if (found === undefined) return;
    this.#comparisons.set(shard, found);
    if (found.isUnsettled) this.#stewards.get(shard)?.unsettle();
    for (const cluster of found.lost) this.#stewards.get(shard)?.giveUp(cluster);
    if (!found.ownerIsBehind) return;
    logger.error({ event: 'owner-behind', shard }, 'a replica knows more than the owner');
    const owner = findShard(directoryOf(context), shard)?.owner;
    if (owner === undefined) return;
    // First: a failover must not take what it gave out since for the longest log.
    await this.#options.onOwnerBehind?.(owner);
    this.#stewards.get(shard)?.giveUp(owner);
  }

  async #clear(): Promise<void> {
    const { context, instance } = this.#options;
    const leftover = clearableLeftover(context);
    if (leftover === undefined) return;
    const shard = directoryOf(context).shards.find(({ members }) =>
      members.some(({ cluster }) => cluster === leftover.cluster),
    );
    await this.#try(`clear ${leftover.cluster}`, () =>
      this.#locks.run(shard === undefined ? [] : [shard.name], async () => {
        if (!directoryOf(context).leftovers.includes(leftover)) return;
        await clearLeftover(context, leftover, instance);
      }),
    );
  }

  /** What a predecessor had taken and not ended. */
  async #takeUpOrders(): Promise<void> {
    await this.#try('take up orders', async () => {
      for (const entry of await this.#options.store.unfinished()) {
        if (entry.cancelRequested) this.cancel(entry.id);
        if (entry.status === 'queued') this.order(entry);
        else await this.#runner.conclude(entry);
      }
    });
  }

  #hasFailed(name: string): boolean {
    const { context, healthOf } = this.#options;
    const state = directoryOf(context);
    const shard = findShard(state, name);
    if (shard === undefined || state.automation.status === 'paused') return false;
    return inSyncClusters(shard).some((cluster) => healthOf(cluster)?.status === 'down');
  }

  #exists(shard: string): boolean {
    return findShard(directoryOf(this.#options.context), shard) !== undefined;
  }

  #unsettleAll(): void {
    for (const steward of this.#stewards.values()) steward.unsettle();
  }

  async #try(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#failed(what, error);
      return false;
    }
  }

  #failed(what: string, error: unknown): void {
    const { context, logger, onDeposed } = this.#options;
    if (context.term.aborted) return;
    if (hasCode(error, 'NOT_READY')) {
      onDeposed();
      return;
    }
    const isExpected = hasCode(error, 'METADATA_UNAVAILABLE') || isOperationImpossible(error);
    logger[isExpected ? 'warn' : 'error']({ event: 'steward', err: error }, `could not ${what}`);
  }
}
