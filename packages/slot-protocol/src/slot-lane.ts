import { MarqueeError } from '@marquee/errors';
import type { DataCluster } from './data-cluster.ts';
import type { Observe } from './data-plane-event.ts';
import type { Deadline } from './deadline.ts';
import type { KeyedLock } from './keyed-lock.ts';
import {
  runOwnerTransaction,
  type OperationOutcome,
  type OwnerCommit,
  type OwnerTransactionContext,
} from './owner-transaction.ts';
import type { SlotOperation } from './slot-operation.ts';
import type { WriteLimits } from './write-limits.ts';

interface Queued {
  readonly operation: SlotOperation;
  readonly deadline: Deadline;
  readonly resolve: (outcome: OperationOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface SlotLaneOptions {
  readonly slot: number;
  readonly owner: DataCluster;
  readonly locks: KeyedLock;
  readonly limits: WriteLimits;
  readonly context: OwnerTransactionContext;
  /** Brings a commit to every cluster of its `pushTo`. */
  readonly push: (commit: OwnerCommit, deadline: Deadline) => Promise<void>;
  readonly observe: Observe;
  readonly onIdle: () => void;
}

/**
 * Group commit: the operations of one process on one slot at one owner. One owner transaction is under
 * way at a time; what queues up meanwhile goes into the next. The push of one batch goes on while the
 * next one is committed.
 */
export class SlotLane {
  readonly #options: SlotLaneOptions;
  #queue: Queued[] = [];
  #running = false;

  constructor(options: SlotLaneOptions) {
    this.#options = options;
  }

  /**
   * One attempt at an operation; resolves once it is in every cluster that must have it.
   *
   * @throws STALE_MAP, CLUSTER_UNREACHABLE, DEADLINE_EXCEEDED, after which it may or may not have
   * happened and may be sent again; OVERLOADED, after which it has not.
   */
  submit(operation: SlotOperation, deadline: Deadline): Promise<OperationOutcome> {
    const { slot, limits } = this.#options;
    if (this.#queue.length >= limits.queueOperationsMax) {
      this.#options.observe({ kind: 'overloaded', what: 'slot' });
      return Promise.reject(new MarqueeError('OVERLOADED', { slot, waiting: this.#queue.length }));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ operation, deadline, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    const { slot, owner, locks, onIdle } = this.#options;
    this.#running = true;
    // What is asked for in the same moment goes into the same batch.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      await locks.run(lockKeyOf(owner, slot), () => this.#runBatch());
    }
    this.#running = false;
    onIdle();
  }

  async #runBatch(): Promise<void> {
    const { slot, owner, limits, context, observe } = this.#options;
    const batch = this.#take(limits.batchOperationsMax);
    if (batch.length === 0) return;
    const deadline = latestOf(batch);
    const { clock } = deadline;
    const startedAtMs = clock.monotonicNow();
    const done = (ok: boolean): void =>
      observe({
        kind: 'owner-transaction',
        cluster: owner.name,
        operations: batch.length,
        ms: clock.monotonicNow() - startedAtMs,
        ok,
      });
    try {
      const operations = batch.map(({ operation }) => operation);
      const [commit] = await runOwnerTransaction(owner, [{ slot, operations }], context, deadline);
      done(true);
      if (commit !== undefined) void this.#settle(batch, commit, deadline);
    } catch (error) {
      done(false);
      for (const { reject } of batch) reject(error);
    }
  }

  async #settle(batch: readonly Queued[], commit: OwnerCommit, deadline: Deadline): Promise<void> {
    try {
      await this.#options.push(commit, deadline);
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = commit.outcomes[index];
        if (outcome === undefined) reject(new TypeError('an operation without an outcome'));
        else resolve(outcome);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** The next operations; those whose callers have gone are not sent any more. */
  #take(count: number): Queued[] {
    const batch: Queued[] = [];
    while (batch.length < count) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      if (next.deadline.expired)
        next.reject(new MarqueeError('DEADLINE_EXCEEDED', { slot: this.#options.slot }));
      else batch.push(next);
    }
    return batch;
  }
}

/** By owner too: a transaction that hangs at an old owner must not hold up the new one. */
export const lockKeyOf = (owner: DataCluster, slot: number): string => `${owner.name}/${slot}`;

const latestOf = (batch: readonly Queued[]): Deadline =>
  batch
    .map(({ deadline }) => deadline)
    .reduce((left, right) => (left.atMs >= right.atMs ? left : right));
