import { hasCode } from '@marquee/errors';
import { slotOf } from '@marquee/topology';
import type { ClusterRegistry } from './cluster-registry.ts';
import type { Clock } from './clock.ts';
import type { DataCluster } from './data-cluster.ts';
import { Deadline } from './deadline.ts';
import type { KeyedLock } from './keyed-lock.ts';
import type { OwnerDirectory } from './owner-directory.ts';
import {
  runOwnerTransaction,
  type OperationOutcome,
  type OwnerCommit,
  type SlotBatch,
} from './owner-transaction.ts';
import type { Patience } from './patience.ts';
import type { Pusher } from './pusher.ts';
import { mayBeSentAgain, outcomeUnknown } from './sent-again.ts';
import { lockKeyOf } from './slot-lane.ts';
import type { SlotOperation } from './slot-operation.ts';
import type { WriteLimits } from './write-limits.ts';

export interface BulkWriterOptions {
  readonly clusters: ClusterRegistry;
  readonly owners: OwnerDirectory;
  readonly locks: KeyedLock;
  readonly pusher: Pusher;
  readonly patience: Patience;
  readonly by: string;
  readonly clock: Clock;
  readonly limits: WriteLimits;
  /** The ordinary way, for what did not go through in bulk but may have happened. */
  readonly writeOne: (operation: SlotOperation, deadline: Deadline) => Promise<OperationOutcome>;
}

/** Operations of the first transaction, while nothing is known of their size. */
const FIRST_OPERATIONS = 100;

interface Item {
  readonly index: number;
  readonly slot: number;
  readonly operation: SlotOperation;
}

/**
 * Many operations in few transactions: those of several slots of one owner together. Each slot keeps
 * its own fence, number and records, so a bulk write that fails goes on as ordinary writes of the same
 * operation ids.
 */
export class BulkWriter {
  readonly #options: BulkWriterOptions;

  constructor(options: BulkWriterOptions) {
    this.#options = options;
  }

  async write(
    operations: readonly SlotOperation[],
    deadlineMs: number,
  ): Promise<OperationOutcome[]> {
    const items = operations.map((operation, index) => ({
      index,
      slot: slotOf(operation.slotKey),
      operation,
    }));
    const outcomes = new Array<OperationOutcome>(operations.length);
    const byOwner = groupedBy(items, ({ slot }) => this.#options.owners.ownerOf(slot));
    await Promise.all(
      [...byOwner].map(([owner, mine]) => this.#writeAt(owner, mine, deadlineMs, outcomes)),
    );
    return outcomes;
  }

  /** One transaction after the other; each is pushed while the next is committed. */
  async #writeAt(
    owner: string,
    items: readonly Item[],
    deadlineMs: number,
    outcomes: OperationOutcome[],
  ): Promise<void> {
    const { bulkOperationsMax, bulkDocumentsAim } = this.#options.limits;
    const left = inSlotOrder(items);
    let size = Math.min(FIRST_OPERATIONS, bulkOperationsMax);
    let pushing: Promise<void> = Promise.resolve();
    while (left.length > 0) {
      const chunk = left.splice(0, size);
      const deadline = Deadline.after(deadlineMs, this.#options.clock);
      const committed = await this.#commit(owner, chunk, deadline);
      const documents = committed?.commits.reduce(
        (sum, commit) => sum + commit.documents.length,
        0,
      );
      const fitting = Math.floor((bulkDocumentsAim * chunk.length) / Math.max(1, documents ?? 1));
      size = Math.max(1, Math.min(fitting, bulkOperationsMax));
      await pushing;
      pushing = this.#acknowledge(chunk, committed, deadline, outcomes);
    }
    await pushing;
  }

  /** Undefined if it did not go through: whether anything was written is open then. */
  async #commit(
    ownerName: string,
    chunk: readonly Item[],
    deadline: Deadline,
  ): Promise<{ owner: DataCluster; commits: OwnerCommit[] } | undefined> {
    const { clusters, locks, patience, by, clock } = this.#options;
    const batches = batchesOf(chunk);
    try {
      const owner = await clusters.get(ownerName);
      const commits = await locks.runAll(
        batches.map(({ slot }) => lockKeyOf(owner, slot)),
        () =>
          patience.whileMapHolds(deadline, () =>
            runOwnerTransaction(owner, batches, { by, now: () => clock.now() }, deadline),
          ),
      );
      return { owner, commits };
    } catch (error) {
      // One slot that nobody may write must not refuse the others.
      if (mayBeSentAgain(error) || hasCode(error, 'PROTOCOL_UNSUPPORTED')) return undefined;
      throw error;
    }
  }

  async #acknowledge(
    chunk: readonly Item[],
    committed: { owner: DataCluster; commits: OwnerCommit[] } | undefined,
    deadline: Deadline,
    outcomes: OperationOutcome[],
  ): Promise<void> {
    if (committed !== undefined && (await this.#pushed(committed, deadline))) {
      const queues = new Map(
        committed.commits.map(({ slot, outcomes: told }) => [slot, [...told]]),
      );
      for (const { index, slot, operation } of chunk) {
        outcomes[index] = queues.get(slot)?.shift() ?? { refusal: outcomeUnknown(operation) };
      }
      return;
    }
    await Promise.all(
      chunk.map(async ({ index, operation }) => {
        outcomes[index] = await this.#writeOne(operation, deadline);
      }),
    );
  }

  async #pushed(
    { owner, commits }: { owner: DataCluster; commits: OwnerCommit[] },
    deadline: Deadline,
  ): Promise<boolean> {
    const { pusher, patience } = this.#options;
    try {
      await patience.whileMapHolds(deadline, () => pusher.pushAll(owner, commits, deadline));
      return true;
    } catch (error) {
      if (mayBeSentAgain(error)) return false;
      throw error;
    }
  }

  async #writeOne(operation: SlotOperation, deadline: Deadline): Promise<OperationOutcome> {
    try {
      return await deadline.race(this.#options.writeOne(operation, deadline), () =>
        outcomeUnknown(operation),
      );
    } catch (refusal) {
      return { refusal };
    }
  }
}

const groupedBy = <K>(items: readonly Item[], keyOf: (item: Item) => K): Map<K, Item[]> => {
  const groups = new Map<K, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
};

/** Slot after slot, so that one transaction changes as few fences as it can. */
const inSlotOrder = (items: readonly Item[]): Item[] =>
  [...items].sort((left, right) => left.slot - right.slot || left.index - right.index);

const batchesOf = (chunk: readonly Item[]): SlotBatch[] =>
  [...groupedBy(chunk, ({ slot }) => slot)].map(([slot, items]) => ({
    slot,
    operations: items.map(({ operation }) => operation),
  }));
