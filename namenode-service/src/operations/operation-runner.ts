import { codeOf } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import type { Clock } from '@marquee/slot-protocol';
import { shardsOf, type OperationPlan } from '../directory/directory-state.ts';
import { failOver } from './failover.ts';
import { join } from './join.ts';
import { migrate } from './migrate.ts';
import type { OperationContext } from './operation-context.ts';
import type { OperationEntry, OperationStore } from './operation-entry.ts';
import { OperationImpossible } from './operation-failure.ts';
import { uncleanFailover } from './unclean-failover.ts';
import { plannedFailover } from './planned-failover.ts';
import type { Journal, OperationOrder, OperationResult } from './run-operation.ts';
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
}

/** Runs operations during one term, and keeps people informed about them. */
export class OperationRunner {
  readonly #options: OperationRunnerOptions;
  readonly #cancelled = new Set<string>();
  /** Entries are written one after the other, and nothing waits for them. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: OperationRunnerOptions) {
    this.#options = options;
  }

  /** An operation of the leader's own; the caller holds the locks of its shards. */
  async runOwn(plan: OperationPlan, why: string): Promise<OperationResult> {
    const { context, instance, newOperationId } = this.#options;
    const entry: OperationEntry = {
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
    this.#write(async (store) => store.insert(entry));
    return this.#run(entry);
  }

  /** Runs what a person has ordered, once the shards are free. */
  async runOrdered(entry: OperationEntry): Promise<OperationResult> {
    return this.#options.locks.run(shardsOf(entry.plan), async () => {
      this.#write((store) => store.update(entry.id, { status: 'running' }));
      return this.#run(entry);
    });
  }

  /** Ends the entry of an operation that a predecessor ran: the log says what became of it. */
  async conclude({ id, plan }: OperationEntry): Promise<void> {
    const { context, store, outcomeInLog } = this.#options;
    await this.#options.locks.run(shardsOf(plan), async () => {
      const status = await outcomeInLog(id);
      const outcome = status === 'undone' ? 'its leader was gone before it was decided' : null;
      await store.update(id, { status, endedAtMs: context.clock.now(), outcome });
    });
  }

  /** Undoes it at its next checkpoint, if it is not decided by then. */
  cancel(operationId: string): void {
    this.#cancelled.add(operationId);
  }

  async #run(entry: OperationEntry): Promise<OperationResult> {
    const { context, logger } = this.#options;
    const about = { operation: entry.id, ...entry.plan };
    logger.info({ event: 'operation-begun', ...about, why: entry.why }, entry.plan.kind);
    const order = this.#orderOf(entry);
    let result: OperationResult;
    try {
      result = await runPlan(context, order);
    } catch (error) {
      if (codeOf(error) !== 'INTERNAL') throw error;
      // The directory did not allow its first edit: nothing has happened.
      result = { status: 'undone', why: (error as Error).message, trouble: [] };
    }
    this.#cancelled.delete(entry.id);
    const outcome = outcomeOf(result);
    logger.info({ event: `operation-${result.status}`, ...about, outcome }, entry.plan.kind);
    this.#write((store) =>
      store.update(entry.id, {
        status: result.status,
        endedAtMs: context.clock.now(),
        outcome,
      }),
    );
    return result;
  }

  #orderOf({ id, plan, by, why }: OperationEntry): OperationOrder {
    const { isUrgent } = this.#options;
    return {
      id,
      plan,
      reason: { by, why },
      journal: this.#journalOf(id, this.#options.context.clock),
      checkpoint: () => {
        if (this.#cancelled.has(id)) throw new OperationImpossible('it was cancelled');
        if (isUrgent(shardsOf(plan))) throw new OperationImpossible('a cluster has failed');
      },
    };
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

const outcomeOf = (result: OperationResult): string | null => {
  if (result.status === 'undone') return result.why;
  return result.trouble.length === 0 ? null : `in trouble: ${result.trouble.join(', ')}`;
};

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
