import { hasCode, MarqueeError } from '@marquee/errors';
import { slotOf } from '@marquee/topology';
import type { Document } from 'mongodb';
import { BulkWriter } from './bulk-writer.ts';
import type { ClusterRegistry } from './cluster-registry.ts';
import type { Clock } from './clock.ts';
import type { DataCluster } from './data-cluster.ts';
import type { Observe } from './data-plane-event.ts';
import { Deadline } from './deadline.ts';
import { KeyedLock } from './keyed-lock.ts';
import { checkOperationId } from './operation-id.ts';
import type { OwnerDirectory } from './owner-directory.ts';
import type { OperationOutcome } from './owner-transaction.ts';
import type { ProtocolLogger } from './protocol-logger.ts';
import { Patience } from './patience.ts';
import { Pusher } from './pusher.ts';
import { mayBeSentAgain, outcomeUnknown } from './sent-again.ts';
import { SlotLane } from './slot-lane.ts';
import type { SlotOperation } from './slot-operation.ts';
import { SlotPauses } from './slot-pauses.ts';
import type { WriteLimits } from './write-limits.ts';

export interface SlotWriterOptions {
  readonly clusters: ClusterRegistry;
  readonly owners: OwnerDirectory;
  /** Name of this process, for the records. */
  readonly by: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ProtocolLogger;
  readonly limits: WriteLimits;
  readonly observe?: Observe;
}

/** The write path of one process: operations go in, acknowledged results come out. */
export class SlotWriter {
  readonly #options: SlotWriterOptions;
  readonly #locks = new KeyedLock();
  readonly #lanes = new Map<string, SlotLane>();
  readonly #observe: Observe;
  readonly #pusher: Pusher;
  readonly #bulk: BulkWriter;
  readonly #patience: Patience;
  readonly #pauses: SlotPauses;
  #underway = 0;

  constructor(options: SlotWriterOptions) {
    this.#options = options;
    this.#observe = options.observe ?? (() => undefined);
    this.#pusher = new Pusher({ ...options, observe: this.#observe });
    this.#pauses = new SlotPauses(options.limits, options.clock, options.random);
    options.owners.onChange(() => this.#pauses.mapChanged());
    this.#patience = new Patience(options.owners, options.limits.patienceMs);
    this.#bulk = new BulkWriter({
      ...options,
      patience: this.#patience,
      locks: this.#locks,
      pusher: this.#pusher,
      writeOne: (operation, deadline) => this.#untilAcknowledged(operation, deadline, { count: 1 }),
    });
  }

  /**
   * Acknowledged: the owner and every cluster that must have it have it. The same operation id again
   * answers the first result.
   *
   * @throws what `operation.apply` throws, nothing being written; OPERATION_ID_REUSED,
   * OPERATION_ID_EXPIRED, OVERLOADED, BAD_USER_INPUT; WRITE_OUTCOME_UNKNOWN past the deadline, after
   * which the same operation id may be sent again.
   */
  async write<Result extends Document>(
    operation: SlotOperation<Result>,
    options: { deadlineMs?: number } = {},
  ): Promise<Result> {
    checkOperationId(operation.operationId);
    const { limits, clock } = this.#options;
    const deadline = Deadline.after(options.deadlineMs ?? limits.deadlineMs, clock);
    const outcome = await this.#admit(() =>
      deadline.race(this.#observed(operation, deadline), () => outcomeUnknown(operation)),
    );
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.result as Result;
  }

  /**
   * Many operations, several slots of one owner in one transaction: for loading and jobs. Each has its
   * own outcome, in the order given; a write that could not be acknowledged within the deadline, which
   * counts for each transaction by itself, is refused with WRITE_OUTCOME_UNKNOWN. Nothing is promised
   * about the order in which they run.
   */
  async writeMany(
    operations: readonly SlotOperation[],
    options: { deadlineMs?: number } = {},
  ): Promise<OperationOutcome[]> {
    for (const { operationId } of operations) checkOperationId(operationId);
    return this.#bulk.write(operations, options.deadlineMs ?? this.#options.limits.deadlineMs);
  }

  async #observed(operation: SlotOperation, deadline: Deadline): Promise<OperationOutcome> {
    const { clock } = this.#options;
    const startedAtMs = clock.monotonicNow();
    const tries = { count: 0 };
    const told = (outcome: 'acknowledged' | 'refused' | 'unknown'): void => {
      const ms = clock.monotonicNow() - startedAtMs;
      this.#observe({ kind: 'write', outcome, attempts: tries.count, ms });
    };
    try {
      const outcome = await this.#untilAcknowledged(operation, deadline, tries);
      told('refusal' in outcome ? 'refused' : 'acknowledged');
      return outcome;
    } catch (error) {
      told(hasCode(error, 'WRITE_OUTCOME_UNKNOWN') ? 'unknown' : 'refused');
      throw error;
    }
  }

  /** `tries` counts the attempts, those before this call included: one of them may have happened. */
  async #untilAcknowledged(
    operation: SlotOperation,
    deadline: Deadline,
    tries: { count: number },
  ): Promise<OperationOutcome> {
    const { owners, logger } = this.#options;
    const slot = slotOf(operation.slotKey);
    for (;;) {
      await this.#waitForSlot(slot, tries.count === 0);
      tries.count += 1;
      try {
        const outcome = await this.#patience.whileMapHolds(deadline, async () => {
          const owner = await this.#options.clusters.get(owners.ownerOf(slot));
          return this.#laneOf(slot, owner).submit(operation, deadline);
        });
        this.#pauses.succeeded(slot);
        return outcome;
      } catch (error) {
        const isFirst = tries.count === 1;
        if (!mayBeSentAgain(error) && (isFirst || !hasCode(error, 'OVERLOADED'))) {
          throw isFirst ? error : outcomeUnknown(operation, error);
        }
        if (deadline.expired) throw outcomeUnknown(operation, error);
        logger.debug({ slot, err: error }, 'write not acknowledged, trying again');
      }
      this.#pauses.failed(slot);
      // The same operation id: a second attempt cannot write twice.
      await deadline.race(owners.refresh()).catch(() => undefined);
    }
  }

  async #waitForSlot(slot: number, isNew: boolean): Promise<void> {
    try {
      await this.#pauses.wait(slot, { isNew });
    } catch (error) {
      this.#observe({ kind: 'overloaded', what: 'writes' });
      throw error;
    }
  }

  async #admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underway >= this.#options.limits.underwayOperationsMax) {
      this.#observe({ kind: 'overloaded', what: 'writes' });
      throw new MarqueeError('OVERLOADED', { underway: this.#underway });
    }
    this.#underway += 1;
    try {
      return await work();
    } finally {
      this.#underway -= 1;
    }
  }

  #laneOf(slot: number, owner: DataCluster): SlotLane {
    const { limits, by, clock } = this.#options;
    const key = `${owner.name}/${slot}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new SlotLane({
      slot,
      owner,
      locks: this.#locks,
      limits,
      context: { by, now: () => clock.now() },
      push: (commit, deadline) => this.#pusher.push(owner, commit, deadline),
      observe: this.#observe,
      onIdle: () => this.#lanes.delete(key),
    });
    this.#lanes.set(key, lane);
    return lane;
  }
}
