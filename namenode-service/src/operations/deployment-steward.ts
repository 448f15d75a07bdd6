import { hasCode } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import type { SlotOperation } from '@marquee/slot-protocol';
import { pause } from '../pause.ts';
import { findShard, inSyncClusters, type OperationPlan } from '../directory/directory-state.ts';
import type { ClusterHealth } from '../health/cluster-health.ts';
import { compareShard, type Comparison } from './compare-shard.ts';
import { LeftoverClearing } from './leftover-clearing.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import type { OperationEntry, OperationStore } from './operation-entry.ts';
import { isOperationImpossible } from './operation-failure.ts';
import { lockedShardsOf, type EntryPlan } from './maintenance-plan.ts';
import { OperationRunner, type MaintenanceOrder } from './operation-runner.ts';
import { removeCluster } from './remove-cluster.ts';
import { repairDeployment } from './repair.ts';
import type { OperationResult } from './run-operation.ts';
import type { SafeModeStatus } from './safe-mode.ts';
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
  /** Acknowledged like any write: for what a repair writes into a slot. */
  readonly write: (operation: SlotOperation) => Promise<unknown>;
  /** A UUIDv7. */
  readonly newUuid: () => string;
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
  readonly #clearing: LeftoverClearing;
  readonly #stewards = new Map<string, ShardSteward>();
  readonly #comparisons = new Map<string, Comparison>();
  readonly #compareSoon = new Set<string>();
  /** Entries that this term has to do with already: an order may be found in the store as well. */
  readonly #known = new Set<string>();

  constructor(options: DeploymentStewardOptions) {
    this.#options = options;
    this.#runner = new OperationRunner({
      ...options,
      locks: this.#locks,
      isUrgent: (shards) => shards.some((shard) => this.#hasFailed(shard)),
      mayRun: (plan) => lockedShardsOf(plan).every((shard) => this.#mayTouch(shard, plan.kind)),
      maintain: (order) => this.#maintain(order),
    });
    this.#clearing = new LeftoverClearing({
      ...options,
      locks: this.#locks,
      mayTouch: (shard) => this.#mayTouch(shard),
      isAnswering: (cluster) => options.healthOf(cluster)?.status === 'healthy',
      onFailure: (what, error) => {
        this.#failed(what, error);
      },
    });
  }

  /** Until the term ends. */
  async run(): Promise<void> {
    const { context } = this.#options;
    const loops: Promise<void>[] = [this.#takeUpOrders(), this.#clearing.run()];
    while (!context.term.aborted) {
      for (const { name } of directoryOf(context).shards) {
        if (this.#stewards.has(name)) continue;
        loops.push(this.#tendForever(name), this.#compareForever(name));
      }
      await pause(context.clock, TEND_INTERVAL_MS, context.term);
    }
    await Promise.all(loops);
  }

  /** Runs an operation that was ordered and kept; its end is found in its entry. */
  order(entry: OperationEntry): void {
    this.#carryOut(entry, () => this.#runner.runOrdered(entry));
  }

  cancel(operationId: string): void {
    this.#runner.cancel(operationId);
  }

  /** The cluster's data is not what it must be: a replica leaves and joins again. */
  giveUp(shard: string, cluster: string): void {
    this.#stewards.get(shard)?.giveUp(cluster);
  }

  /** A router has met a replica that lags behind. */
  compareSoon(shard: string): void {
    this.#compareSoon.add(shard);
  }

  /** What the last look at the shard's fences has found. */
  comparisonOf(shard: string): Comparison | undefined {
    return this.#comparisons.get(shard);
  }

  /** undefined: this instance has not looked yet. */
  safeModeOf(shard: string): SafeModeStatus | undefined {
    return this.#stewards.get(shard)?.safeMode;
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
      run: (plan: OperationPlan, why) => this.#runOwn(plan, why),
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
      if (!this.#mayTouch(shard)) continue;
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
    if (!found.ownerIsRestored) return;
    logger.error({ event: 'owner-behind', shard }, 'a replica knows more than the owner');
    const owner = findShard(directoryOf(context), shard)?.owner;
    if (owner === undefined) return;
    // First: a failover must not take what it gave out since for the longest log.
    await this.#options.onOwnerBehind?.(owner);
    this.#stewards.get(shard)?.giveUp(owner);
  }

  /** What a predecessor had taken and not ended. */
  async #takeUpOrders(): Promise<void> {
    const { context, store } = this.#options;
    while (!context.term.aborted) {
      const isRead = await this.#try('take up orders', async () => {
        for (const entry of await store.unfinished()) {
          if (entry.cancelRequested) this.cancel(entry.id);
          if (entry.status === 'queued') this.order(entry);
          else this.#carryOut(entry, () => this.#runner.takeUp(entry));
        }
      });
      if (isRead) return;
      await pause(context.clock, TEND_RETRY_MS, context.term);
    }
  }

  #carryOut(entry: OperationEntry, work: () => Promise<OperationResult>): void {
    if (this.#known.has(entry.id)) return;
    this.#known.add(entry.id);
    void this.#untilCarriedOut(entry, work);
  }

  /** Where the log or the store failed in the midst of it, what became of it is found out later. */
  async #untilCarriedOut(
    entry: OperationEntry,
    work: () => Promise<OperationResult>,
  ): Promise<void> {
    const { context } = this.#options;
    for (let attempt = work; !context.term.aborted;) {
      try {
        const { trouble } = await attempt();
        if (trouble.length > 0) this.#unsettleAll();
        return;
      } catch (error) {
        this.#failed(`carry out ${entry.id}`, error);
        this.#unsettleAll();
        // An error that nobody foresaw would come again.
        const mayGoOn = hasCode(error, 'METADATA_UNAVAILABLE');
        attempt = () => this.#runner.takeUp(mayGoOn ? entry : { ...entry, request: null });
        await pause(context.clock, TEND_RETRY_MS, context.term);
      }
    }
  }

  async #maintain(order: MaintenanceOrder): Promise<OperationResult> {
    const { context, newUuid, write } = this.#options;
    const { plan, reason, journal } = order;
    if (plan.kind === 'remove-cluster') {
      const { shard, cluster } = plan;
      await removeCluster(context, { shard, cluster, reason, journal });
      return { status: 'completed', trouble: [] };
    }
    const mayTouch = (shard: string) => this.#mayTouch(shard);
    const tools = { context, locks: this.#locks, mayTouch, write, newUuid };
    const { mended, left, isCancelled } = await repairDeployment(tools, order);
    const note = `${mended} mended, ${left} left as they are`;
    return {
      status: 'completed',
      trouble: [],
      note: isCancelled ? `${note}, then cancelled` : note,
    };
  }

  /** Of the leader's own; the caller holds the locks of its shards. */
  async #runOwn(plan: OperationPlan, why: string): Promise<OperationResult> {
    const entry = this.#runner.ownEntry(plan, why);
    this.#known.add(entry.id);
    try {
      return await this.#runner.runOwn(entry);
    } catch (error) {
      void this.#untilCarriedOut(entry, () => this.#runner.takeUp(entry));
      throw error;
    }
  }

  /**
   * Until safe mode is over, nobody touches the shard; but for a person who gives it to a cluster that was
   * not in sync because none that was answers.
   */
  #mayTouch(shard: string, kind?: EntryPlan['kind']): boolean {
    if (!this.#exists(shard)) return true;
    const status = this.safeModeOf(shard);
    return status === 'over' || (status === 'waiting' && kind === 'unclean-failover');
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
