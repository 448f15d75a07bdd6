import { hasCode } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import {
  findShard,
  inSyncClusters,
  shardsOf,
  type FoundedDirectory,
  type OperationPlan,
  type ShardMember,
  type ShardState,
} from '../directory/directory-state.ts';
import type { Change } from '../directory/edit.ts';
import type { ClusterHealth } from '../health/cluster-health.ts';
import { ClusterTrouble } from './cluster-trouble.ts';
import { leave } from './leave.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import { undoOperation, type OperationResult } from './run-operation.ts';
import { SafeMode, type SafeModeStatus } from './safe-mode.ts';
import { settleShard } from './settle-shard.ts';
import type { ShardLocks } from './shard-locks.ts';

export interface ShardStewardOptions {
  readonly context: OperationContext;
  readonly locks: ShardLocks;
  /** undefined: nothing is known yet. */
  readonly healthOf: (cluster: string) => ClusterHealth | undefined;
  /** Runs an operation of the steward's own, and keeps a record of it. */
  readonly run: (plan: OperationPlan, why: string) => Promise<OperationResult>;
  readonly instance: string;
  readonly logger: Logger;
  /** A shard fails over by itself at most once in this time (PROTOCOL.md section 6). */
  readonly automaticFailoverIntervalMs: number;
}

/** An operation of the steward's own that was undone is tried again after this, doubling. */
const RETRY_MIN_MS = 2_000;
const RETRY_MAX_MS = 60_000;

/**
 * Looks after one shard during one term of the leader: carries out what was decided, undoes what was
 * not, takes suspects out of the reads, and lets replicas leave and join and owners fail over.
 */
export class ShardSteward {
  readonly #options: ShardStewardOptions;
  readonly #shard: string;
  /** The fences may differ from the directory; at the start of a term nobody knows. */
  #unsettled = true;
  readonly #safeMode: SafeMode;
  readonly #trouble = new ClusterTrouble();
  #owner: string | undefined;
  readonly #retries = new Map<string, { afterMs: number; waitMs: number }>();

  constructor(shard: string, options: ShardStewardOptions) {
    this.#shard = shard;
    this.#options = options;
    this.#safeMode = new SafeMode(shard, options);
  }

  /** Until it is over, nobody may touch the shard's fences. */
  get safeMode(): SafeModeStatus {
    return this.#safeMode.status;
  }

  /** The fences of the shard are to be looked at again. */
  unsettle(): void {
    this.#unsettled = true;
  }

  /** The cluster cannot be what it should be: a replica leaves and joins again, an owner fails over. */
  giveUp(cluster: string): void {
    this.#trouble.giveUp(cluster);
  }

  /**
   * Does what is most urgent, and that alone, so that the next look sees what came of it.
   *
   * @throws NOT_READY if another leader is at work, METADATA_UNAVAILABLE
   */
  async tend(): Promise<void> {
    const { context, locks } = this.#options;
    const left = directoryOf(context).operations.find(({ plan }) =>
      shardsOf(plan).includes(this.#shard),
    );
    const shards = left === undefined ? [this.#shard] : shardsOf(left.plan);
    await locks.run(shards, async () => {
      try {
        await this.#tendLocked();
      } catch (error) {
        // Whether the last edit is in the log is not known: the fences are looked at once it is.
        if (hasCode(error, 'METADATA_UNAVAILABLE')) this.#unsettled = true;
        throw error;
      }
    });
  }

  async #tendLocked(): Promise<void> {
    if (!(await this.#safeMode.isOver())) return;
    if (await this.#undoLeftOperation()) return;
    const shard = findShard(this.#state, this.#shard);
    if (shard === undefined) return;
    this.#meetOwner(shard.owner);
    if (await this.#judgeOwner(shard)) return;
    if (this.#isSuspect(shard.owner)) {
      // Mostly a failover alone helps; but where nobody can take over, the owner must not stay as it is.
      const isReplaced = await this.#failOver(shard);
      if (!isReplaced && this.#mayFitNow(shard.owner)) await this.#settle();
      return;
    }
    if (await this.#judgeReplicas(shard)) return;
    if (this.#unsettled && (await this.#settle())) return;
    await this.#joinOne(shard);
  }

  get #state(): FoundedDirectory {
    return directoryOf(this.#options.context);
  }

  /** Of a predecessor, or of this leader while the log could not be written: nobody runs it. */
  async #undoLeftOperation(): Promise<boolean> {
    const { context, instance } = this.#options;
    const left = this.#state.operations.find(({ plan }) => shardsOf(plan).includes(this.#shard));
    if (left === undefined) return false;
    const why = 'whoever ran it was gone before it was decided';
    this.#note(await undoOperation(context, left.id, { by: instance, why }));
    return true;
  }

  /** What was wrong with it as a replica is past: what it holds is what counts now. */
  #meetOwner(owner: string): void {
    if (this.#owner !== undefined && this.#owner !== owner) this.#trouble.forget(owner);
    this.#owner = owner;
  }

  async #judgeOwner(shard: ShardState): Promise<boolean> {
    const name = shard.name;
    if (shard.reads.kind === 'leased' && this.#isSuspect(shard.owner)) {
      await this.#append(
        { kind: 'owner-suspected', shard: name },
        `${shard.owner} does not answer`,
      );
      return true;
    }
    if (shard.reads.kind === 'strong-only' && this.#isHealthy(shard.owner)) {
      await this.#append({ kind: 'owner-trusted', shard: name }, `${shard.owner} answers again`);
      return true;
    }
    return false;
  }

  async #judgeReplicas(shard: ShardState): Promise<boolean> {
    for (const member of shard.members) {
      const { cluster } = member;
      if (cluster === shard.owner) continue;
      const about = { shard: shard.name, cluster };
      if (member.status === 'in-sync' && this.#isSuspect(cluster)) {
        await this.#append({ kind: 'replica-suspected', ...about }, `${cluster} does not answer`);
        return true;
      }
      if (member.status === 'suspected' && this.#isHealthy(cluster)) {
        await this.#append({ kind: 'replica-trusted', ...about }, `${cluster} answers again`);
        return true;
      }
      if (this.#mustLeave(shard, member)) {
        await this.#leave(shard, cluster);
        return true;
      }
    }
    return false;
  }

  #mustLeave(shard: ShardState, { cluster, status }: ShardMember): boolean {
    if (status === 'learner' || this.#isPaused) return false;
    if (inSyncClusters(shard).length <= shard.minInSync) return false;
    return this.#isDown(cluster) || this.#trouble.has(cluster);
  }

  async #leave(shard: ShardState, cluster: string): Promise<void> {
    const { context, instance } = this.#options;
    const why = this.#isDown(cluster)
      ? `${cluster} has not answered for the detection time`
      : `the fences of ${cluster} do not fit`;
    this.#trouble.forget(cluster);
    this.#unsettled = true;
    this.#note(await leave(context, shard.name, cluster, { by: instance, why }));
  }

  /** Whether it was tried. */
  async #failOver(shard: ShardState): Promise<boolean> {
    const { context, automaticFailoverIntervalMs } = this.#options;
    if (!this.#isDown(shard.owner) || this.#isPaused || !this.#mayRetry('failover')) return false;
    const candidates = inSyncClusters(shard).filter(
      (cluster) => cluster !== shard.owner && !this.#isDown(cluster),
    );
    if (candidates.length === 0) return false;
    const last = shard.lastAutomaticFailoverAtMs ?? Number.NEGATIVE_INFINITY;
    if (context.clock.now() - last < automaticFailoverIntervalMs) {
      this.#options.logger.error(
        { event: 'failover-held-back', shard: shard.name },
        'the shard has failed over lately: a person must decide',
      );
      this.#retryLater('failover');
      return false;
    }
    const plan = { kind: 'failover', shard: shard.name, automatic: true } as const;
    await this.#run('failover', plan, `${shard.owner} has not answered for the detection time`);
    return true;
  }

  async #settle(): Promise<boolean> {
    const trouble = await settleShard(this.#options.context, this.#shard);
    this.#note(trouble);
    return trouble.length > 0;
  }

  async #joinOne(shard: ShardState): Promise<void> {
    if (this.#isPaused) return;
    const learner = shard.members.find(
      ({ cluster, status }) =>
        status === 'learner' && this.#isAnswering(cluster) && this.#mayRetry(`join ${cluster}`),
    );
    if (learner === undefined) return;
    const { cluster } = learner;
    // Whatever it held, it gets a copy.
    this.#trouble.forget(cluster);
    const plan = { kind: 'join', shard: shard.name, cluster } as const;
    await this.#run(`join ${cluster}`, plan, `${cluster} answers and is not in sync`);
  }

  async #run(what: string, plan: OperationPlan, why: string): Promise<void> {
    this.#unsettled = true;
    const result = await this.#options.run(plan, why);
    if (result.status === 'completed') this.#retries.delete(what);
    else this.#retryLater(what);
    this.#note(result.trouble);
  }

  #note(trouble: readonly string[]): void {
    this.#unsettled = trouble.length > 0;
    this.#trouble.note(trouble);
  }

  #append(change: Change, why: string) {
    const { context, instance } = this.#options;
    return context.leadership.append(change, { by: instance, why });
  }

  get #isPaused(): boolean {
    return this.#state.automation.status === 'paused';
  }

  #isAnswering(cluster: string): boolean {
    return this.#options.healthOf(cluster)?.status === 'healthy';
  }

  #isHealthy(cluster: string): boolean {
    return this.#isAnswering(cluster) && !this.#trouble.has(cluster);
  }

  #mayFitNow(cluster: string): boolean {
    return this.#isAnswering(cluster) && this.#trouble.mayPass(cluster);
  }

  /** Was seen and is not any more; one that was never seen may only not have been asked yet. */
  #isSuspect(cluster: string): boolean {
    const health = this.#options.healthOf(cluster);
    if (this.#trouble.has(cluster) || health?.status === 'down') return true;
    return health?.status === 'suspect' && health.lastSeenAtMs !== null;
  }

  #isDown(cluster: string): boolean {
    return this.#options.healthOf(cluster)?.status === 'down' || this.#trouble.has(cluster);
  }

  #mayRetry(what: string): boolean {
    const retry = this.#retries.get(what);
    return retry === undefined || this.#options.context.clock.monotonicNow() >= retry.afterMs;
  }

  #retryLater(what: string): void {
    const before = this.#retries.get(what)?.waitMs ?? RETRY_MIN_MS / 2;
    const waitMs = Math.min(RETRY_MAX_MS, before * 2);
    const afterMs = this.#options.context.clock.monotonicNow() + waitMs;
    this.#retries.set(what, { afterMs, waitMs });
  }
}
