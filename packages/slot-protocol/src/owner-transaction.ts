import { randomUUID } from 'node:crypto';
import { MarqueeError } from '@marquee/errors';
import { slotKeyOf } from '@marquee/topology';
import type { Document } from 'mongodb';
import type { ClusterTransaction, DataCluster } from './data-cluster.ts';
import type { Deadline } from './deadline.ts';
import type { Fence } from './fence.ts';
import { asStored } from './mongo/stored-forms.ts';
import { isForgotten } from './operation-id.ts';
import type { DocumentRef, OperationRecord } from './operation-record.ts';
import type { SlotOperation } from './slot-operation.ts';
import { OperationView } from './operation-view.ts';
import { checkSize, RESULT_MAX_BYTES } from './size-limits.ts';
import type { RecordPurge } from './slot-maintenance.ts';
import { SlotOverlay } from './slot-overlay.ts';
import { purgeRecords, writeDocuments, type WrittenDocument } from './write-documents.ts';

/** Operations for one slot, in the order in which they are to be numbered. */
export interface SlotBatch {
  readonly slot: number;
  readonly operations: readonly SlotOperation[];
}

/** What an operation came to: its result (now or when it was first sent), or its refusal. */
export type OperationOutcome = { readonly result: Document } | { readonly refusal: unknown };

/** What the owner has committed for one slot, and what is still to be pushed. */
export interface OwnerCommit {
  readonly slot: number;
  readonly epoch: number;
  /** The clusters that must have it, from the fence that the transaction saw. */
  readonly pushTo: readonly string[];
  /** The last number before `records`, and the transaction that gave it out. */
  readonly base: number;
  readonly baseTransaction: string;
  /** The transaction that gave out the last number of `records`. */
  readonly lastTransaction: string;
  /** What every cluster of `pushTo` must have reached before the outcomes may be told. */
  readonly through: number;
  /** The operation of this batch that bears the number `through`, if one does. */
  readonly throughOperationId: string | undefined;
  readonly records: readonly OperationRecord[];
  /** The documents that they touched, as the last of them left them. */
  readonly documents: readonly WrittenDocument[];
  /** What a purge among them did to the fence and the records. */
  readonly purge: RecordPurge | undefined;
  /** One for each operation of the batch, in its order. */
  readonly outcomes: readonly OperationOutcome[];
}

type NumberedBatch = Omit<OwnerCommit, 'documents' | 'purge'>;

export interface OwnerTransactionContext {
  readonly by: string;
  readonly now: () => number;
}

/**
 * Section 2 step 1 of the protocol: one transaction at the owner that checks the open fences by
 * changing them, answers what is known, numbers and applies what is new. Batches of several slots
 * succeed or fail together.
 *
 * Outcomes, refusals and duplicates included, may be told only after the push: they depend on
 * operations that may not be acknowledged yet.
 *
 * @throws STALE_MAP if one of the slots is not open here; nothing was written then.
 */
export const runOwnerTransaction = (
  cluster: DataCluster,
  batches: readonly SlotBatch[],
  context: OwnerTransactionContext,
  deadline: Deadline,
): Promise<OwnerCommit[]> =>
  cluster.transaction(async (transaction) => {
    const name = randomUUID();
    const fences = await advanceFences(transaction, cluster.name, batches, name);
    const known = await knownOperations(transaction, batches);
    const overlay = new SlotOverlay(transaction);
    await overlay.load(batches.flatMap(prefetched));

    const numbered: NumberedBatch[] = [];
    for (const batch of batches) {
      const fence = fences.get(batch.slot);
      if (fence === undefined) throw new TypeError(`no fence of slot ${batch.slot}`);
      numbered.push(await applyBatch(batch, fence, name, known, overlay, context));
    }

    // To know that documents are new costs one statement for all, and saves one look-up for each.
    if (batches.length > 1) await overlay.load(overlay.written.map(({ ref }) => ref));
    await writeNumbered(transaction, batches, numbered, overlay);
    const written = overlay.written;
    return numbered.map((commit) => ({
      ...commit,
      documents: written.filter(({ slot }) => slot === commit.slot),
      purge: overlay.purgeOf(commit.slot),
    }));
  }, deadline);

/**
 * Takes as many numbers as there are operations, in the hope that all of them are new: that changes
 * the fence, so a seal conflicts with it. Answers the fences as they were before.
 */
const advanceFences = async (
  transaction: ClusterTransaction,
  cluster: string,
  batches: readonly SlotBatch[],
  lastTransaction: string,
): Promise<Map<number, Fence>> => {
  const edits = batches.map(({ slot, operations }) => ({
    slot,
    match: { state: 'open' as const },
    change: { advanceBy: operations.length, lastTransaction },
  }));
  const [only] = edits;
  if (edits.length === 1 && only !== undefined) {
    const before = await transaction.changeFence(only);
    if (before === null) throw staleMap(cluster, [only.slot]);
    return new Map([[before.slot, before]]);
  }
  const before = await transaction.fences(batches.map(({ slot }) => slot));
  const changed = await transaction.changeFences(edits);
  if (changed !== edits.length) {
    const open = new Set(before.filter(({ state }) => state === 'open').map(({ slot }) => slot));
    throw staleMap(
      cluster,
      batches.map(({ slot }) => slot).filter((slot) => !open.has(slot)),
    );
  }
  return new Map(before.map((fence) => [fence.slot, fence]));
};

const staleMap = (cluster: string, slots: readonly number[]): MarqueeError =>
  new MarqueeError('STALE_MAP', { cluster, slots: slots.slice(0, 16) });

const knownOperations = async (
  transaction: ClusterTransaction,
  batches: readonly SlotBatch[],
): Promise<Map<string, OperationRecord>> => {
  const records = await transaction.recordsOf(
    batches.map(({ slot }) => slot),
    batches.flatMap(({ operations }) => operations.map(({ operationId }) => operationId)),
  );
  return new Map(records.map((record) => [`${record.slot}/${record.operationId}`, record]));
};

const prefetched = ({ operations }: SlotBatch): DocumentRef[] =>
  operations.flatMap(({ slotKey, prefetch = [] }) =>
    prefetch.filter(({ collection, id }) => slotKeyOf(collection, id) === slotKey),
  );

const applyBatch = async (
  { slot, operations }: SlotBatch,
  fence: Fence,
  transactionName: string,
  known: Map<string, OperationRecord>,
  overlay: SlotOverlay,
  { by, now }: OwnerTransactionContext,
): Promise<NumberedBatch> => {
  const records: OperationRecord[] = [];
  const outcomes: OperationOutcome[] = [];
  let through = 0;
  let throughOperationId: string | undefined;
  const needs = (sequence: number, operationId?: string): void => {
    if (sequence <= through) return;
    through = sequence;
    throughOperationId = operationId;
  };
  for (const operation of operations) {
    const key = `${slot}/${operation.operationId}`;
    const before = known.get(key);
    if (before !== undefined) {
      needs(before.sequence, operation.operationId);
      outcomes.push(outcomeOfKnown(operation, before));
      continue;
    }
    const sequence = fence.sequence + records.length + 1;
    const applied = await applyOperation(operation, fence, sequence, overlay);
    if ('refusal' in applied) {
      // What it was refused for must not be undone later: that needs all it has seen.
      needs(sequence - 1);
      outcomes.push(applied);
      continue;
    }
    const record: OperationRecord = {
      slot,
      sequence,
      epoch: fence.epoch,
      operationId: operation.operationId,
      requestHash: operation.requestHash,
      touched: applied.touched,
      result: applied.result,
      by,
      at: new Date(now()),
    };
    records.push(record);
    known.set(key, record); // The same id may be sent twice in one batch.
    needs(sequence, operation.operationId);
    outcomes.push({ result: applied.result });
  }
  return {
    slot,
    epoch: fence.epoch,
    pushTo: fence.pushTo,
    base: fence.sequence,
    baseTransaction: fence.lastTransaction,
    lastTransaction: records.length > 0 ? transactionName : fence.lastTransaction,
    through,
    throughOperationId,
    records,
    outcomes,
  };
};

const outcomeOfKnown = (operation: SlotOperation, record: OperationRecord): OperationOutcome =>
  record.requestHash === operation.requestHash
    ? { result: record.result }
    : {
        refusal: new MarqueeError('OPERATION_ID_REUSED', { operationId: operation.operationId }),
      };

const applyOperation = async (
  operation: SlotOperation,
  fence: Fence,
  sequence: number,
  overlay: SlotOverlay,
): Promise<{ result: Document; touched: DocumentRef[] } | { refusal: unknown }> => {
  const { operationId } = operation;
  if (isForgotten(operationId, fence)) {
    return { refusal: new MarqueeError('OPERATION_ID_EXPIRED', { operationId }) };
  }
  const view = new OperationView(fence, sequence, overlay);
  try {
    const result = await operation.apply(view);
    checkSize(result, RESULT_MAX_BYTES, { operationId, part: 'result' });
    return { result: asStored(result), touched: view.accept() };
  } catch (refusal) {
    if (view.clusterFailure !== undefined) throw view.clusterFailure;
    return { refusal };
  }
};

const writeNumbered = async (
  transaction: ClusterTransaction,
  batches: readonly SlotBatch[],
  numbered: readonly NumberedBatch[],
  overlay: SlotOverlay,
): Promise<void> => {
  // Numbers that were taken and not used go back before anybody can see them.
  const corrections = numbered
    .filter(({ records }, index) => records.length !== batches[index]?.operations.length)
    .map(({ slot, base, records, lastTransaction }) => ({
      slot,
      match: {},
      change: { sequence: base + records.length, lastTransaction },
    }));
  await transaction.changeFences(corrections);
  await writeDocuments(transaction, overlay.written);
  await transaction.insertRecords(numbered.flatMap(({ records }) => records));
  for (const { slot } of numbered) {
    const purge = overlay.purgeOf(slot);
    if (purge === undefined) continue;
    await transaction.changeFences([{ slot, match: {}, change: purge }]);
    await purgeRecords(transaction, slot, purge);
  }
};
