import { codeOf } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import type { Clock } from '@marquee/slot-protocol';
import {
  shardsOf,
  type OperationPlan,
  type OperationUnderWay,
} from '../directory/directory-state.ts';
import { pause } from '../pause.ts';
import { failOver } from './failover.ts';
import { join } from './join.ts';
import { migrate } from './migrate.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import type { OperationEntry, OperationStore } from './operation-entry.ts';
import {
  isMaintenance,
  lockedShardsOf,
  type EntryPlan,
  type MaintenancePlan,
} from './maintenance-plan.ts';
import { isOperationImpossible, OperationImpossible } from './operation-failure.ts';
import { uncleanFailover } from './unclean-failover.ts';
import { plannedFailover } from './planned-failover.ts';
import {
  undoOperation,
  type Journal,
  type OperationOrder,
  type OperationResult,
} from './run-operation.ts';
import { notLeader, type Reason } from '../leader/leadership.ts';
import type { Repair } from './repair.ts';
import type { ShardLocks } from './shard-locks.ts';

export interface OperationRunnerOptions {
  readonly context: OperationContext;
  readonly store: OperationStore;
  readonly locks: ShardLocks;
  readonly logger: Logger;
  readonly newOperationId: () => string;
  readonly instance: string;
  /** What the log says of an operation that is over or whose leader is gone. */
  readonly outcomeInLog: (operationId: string) => Promise<'completed' | 'undone'>;
  /** Whether a cluster of these shards has failed, which comes before anything that can be undone. */
  readonly isUrgent: (shards: readonly string[]) => boolean;
  /** Whether the shards of the plan may be touched yet. */
  readonly mayRun: (plan: EntryPlan) => boolean;
  readonly maintain: (order: MaintenanceOrder) => Promise<OperationResult>;
}

/** What maintenance is told; the shards of its plan are locked. */
export interface MaintenanceOrder {
  readonly plan: MaintenancePlan;
  readonly reason: Reason;
  readonly journal: Journal;
  readonly isCancelled: () => boolean;
  readonly report: (repair: Repair) => Promise<void>;
}

/** Between two looks at whether the shards of an order may be touched. */
const READY_INTERVAL_MS = 200;

const LEADER_GONE = 'whoever ran it was gone before it was decided';

/** Runs operations during one term, and keeps people informed about them. */
export class OperationRunner {
  readonly #options: OperationRunnerOptions;
  readonly #cancelled = new Set<string>();
  /** Entries are written one after the other, and nothing waits for them. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: OperationRunnerOptions) {
    this.#options = options;
  }

  /** The entry of an operation of the leader's own. */
  ownEntry(plan: OperationPlan, why: string): OperationEntry {
    const { context, instance, newOperationId } = this.#options;
    return {
      id: newOperationId(),
      plan,
      request: null,
      status: 'running',
      by: instance,
      why,
      orderedAtMs: context.clock.now(),
      endedAtMs: null,
      outcome: null,
      steps: [],
      idempotencyKey: null,
      cancelRequested: false,
    };
  }

  /** The caller holds the locks of its shards. */
  async runOwn(entry: OperationEntry): Promise<OperationResult> {
    this.#write(async (store) => store.insert(entry));
    return this.#run(entry);
  }

  /** Runs what a person has ordered, once the shards are free and may be touched. */
  async runOrdered(entry: OperationEntry): Promise<OperationResult> {
    return this.#withShards(entry, async (undone) => {
      if (this.#cancelled.has(entry.id)) {
        const why = 'it was cancelled before it began';
        return this.#end(entry, { status: 'undone', why, trouble: undone });
      }
      this.#write((store) => store.update(entry.id, { status: 'running' }));
      const result = await this.#run(entry);
      return { ...result, trouble: [...undone, ...result.trouble] };
    });
  }

  /**
   * Takes up an operation that nobody runs any more: what is not decided is undone, and the log says what
   * became of it. The slots of an ordered migration that have not moved by then are moved after all, and
   * maintenance goes on.
   */
  async takeUp(entry: OperationEntry): Promise<OperationResult> {
    const { outcomeInLog, store } = this.#options;
    if (isMaintenance(entry.plan)) return this.runOrdered(entry);
    const rest = await this.#withShards(entry, async (trouble) => {
      const status = await outcomeInLog(entry.id);
      const left = status === 'undone' ? this.#remainderOf(entry) : undefined;
      if (left !== undefined) {
        await store.update(entry.id, { status: 'queued' });
        return left;
      }
      await this.#conclude(entry, status);
      return status === 'undone' ? { status, why: LEADER_GONE, trouble } : { status, trouble };
    });
    return 'id' in rest ? this.runOrdered(rest) : rest;
  }

  async #conclude({ id }: OperationEntry, status: 'completed' | 'undone'): Promise<void> {
    const { context, store } = this.#options;
    const outcome = status === 'undone' ? LEADER_GONE : null;
    await store.update(id, { status, endedAtMs: context.clock.now(), outcome });
  }

  #remainderOf(entry: OperationEntry): OperationEntry | undefined {
    const { plan, request } = entry;
    if (plan.kind !== 'migration' || request === null || this.#cancelled.has(entry.id)) {
      return undefined;
    }
    const state = directoryOf(this.#options.context);
    const slots = plan.slots.filter((slot) => state.slots[slot]?.shard === plan.from);
    return slots.length === 0 ? undefined : { ...entry, plan: { ...plan, slots } };
  }

  /**
   * Does the work once the shards may be touched, alone, and after what others have left undecided there
   * was undone; the work is told of the clusters that this has found to be in trouble.
   */
  async #withShards<Result>(
    { id, plan }: OperationEntry,
    work: (trouble: readonly string[]) => Promise<Result>,
  ): Promise<Result> {
    const { context, instance, locks, mayRun } = this.#options;
    const own = lockedShardsOf(plan);
    const leftThere = () => leftOperations(context, own);
    for (;;) {
      while (!mayRun(plan) && !this.#cancelled.has(id)) await this.#pause();
      const shards = [...own, ...leftThere().flatMap((left) => shardsOf(left.plan))];
      const result = await locks.run(shards, async () => {
        if (context.term.aborted) throw notLeader(null);
        if (this.#cancelled.has(id) && !mayRun(plan)) return { done: await work([]) };
        // Nobody runs them: whoever does holds the locks.
        const left = leftThere();
        const isLocked = left.every((each) => shardsOf(each.plan).every((s) => shards.includes(s)));
        if (!mayRun(plan) || !isLocked) return undefined;
        const trouble: string[] = [];
        for (const each of left) {
          const reason = { by: instance, why: LEADER_GONE };
          trouble.push(...(await undoOperation(context, each.id, reason)));
        }
        return { done: await work(trouble) };
      });
      if (result !== undefined) return result.done;
    }
  }

  async #pause(): Promise<void> {
    const { clock, term } = this.#options.context;
    await pause(clock, READY_INTERVAL_MS, term);
    if (term.aborted) throw notLeader(null);
  }

  /** Undoes it before it begins, or at its next checkpoint if it is not decided by then. */
  cancel(operationId: string): void {
    this.#cancelled.add(operationId);
  }

  async #run(entry: OperationEntry): Promise<OperationResult> {
    const { logger } = this.#options;
    const about = { operation: entry.id, ...entry.plan };
    logger.info({ event: 'operation-begun', ...about, why: entry.why }, entry.plan.kind);
    let result: OperationResult;
    try {
      result = await this.#perform(entry);
    } catch (error) {
      if (codeOf(error) !== 'INTERNAL' && !isOperationImpossible(error)) throw error;
      // The directory did not allow its first edit, or a step of maintenance is not possible now.
      result = { status: 'undone', why: (error as Error).message, trouble: [] };
    }
    return this.#end(entry, result);
  }

  #end(entry: OperationEntry, result: OperationResult): OperationResult {
    const { context, logger } = this.#options;
    const { id, plan } = entry;
    this.#cancelled.delete(id);
    const outcome = this.#outcomeOf(plan, result);
    const about = { event: `operation-${result.status}`, operation: id, ...plan, outcome };
    logger.info(about, plan.kind);
    const { status } = result;
    const endedAtMs = context.clock.now();
    this.#write((store) => store.update(id, { status, endedAtMs, outcome }));
    return result;
  }

  #outcomeOf(plan: EntryPlan, result: OperationResult): string | null {
    if (result.status === 'completed') {
      if (result.note !== undefined) return result.note;
      return result.trouble.length === 0 ? null : `in trouble: ${result.trouble.join(', ')}`;
    }
    if (plan.kind !== 'migration') return result.why;
    const { slots } = directoryOf(this.#options.context);
    const moved = plan.slots.filter((slot) => slots[slot]?.shard === plan.to).length;
    return moved === 0 ? result.why : `${result.why}; ${moved} of its slots had moved`;
  }

  #perform({ id, plan, by, why }: OperationEntry): Promise<OperationResult> {
    const { context, isUrgent, maintain, store } = this.#options;
    const reason = { by, why };
    const journal = this.#journalOf(id, context.clock);
    if (isMaintenance(plan)) {
      const isCancelled = () => this.#cancelled.has(id);
      const report = (repair: Repair) => store.addToReport(id, repair);
      return maintain({ plan, reason, journal, isCancelled, report });
    }
    return runPlan(context, {
      id,
      plan,
      reason,
      journal,
      checkpoint: () => {
        if (this.#cancelled.has(id)) throw new OperationImpossible('it was cancelled');
        if (isUrgent(shardsOf(plan))) throw new OperationImpossible('a cluster has failed');
      },
    });
  }

  #journalOf(id: string, clock: Clock): Journal {
    return (what, progress) => {
      const step = { atMs: clock.now(), what, ...(progress && { progress }) };
      this.#write((store) => store.addStep(id, step));
    };
  }

  #write(work: (store: OperationStore) => Promise<unknown>): void {
    const { logger, store } = this.#options;
    this.#writing = this.#writing
      .then(() => work(store))
      .catch((error: unknown) => {
        logger.warn({ event: 'operation-record', err: error }, 'progress was not kept');
      });
  }
}

const leftOperations = (
  context: OperationContext,
  shards: readonly string[],
): readonly OperationUnderWay[] =>
  directoryOf(context).operations.filter(({ plan }) =>
    shardsOf(plan).some((shard) => shards.includes(shard)),
  );

/** The operation that a plan asks for. */
export const runPlan = (
  context: OperationContext,
  order: OperationOrder,
): Promise<OperationResult> => {
  const { plan } = order;
  switch (plan.kind) {
    case 'join':
      return join(context, { ...order, plan });
    case 'planned-failover':
      return plannedFailover(context, { ...order, plan });
    case 'failover':
      return failOver(context, { ...order, plan });
    case 'unclean-failover':
      return uncleanFailover(context, { ...order, plan });
    case 'migration':
      return migrate(context, { ...order, plan });
  }
};
