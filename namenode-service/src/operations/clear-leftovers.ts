import { COLLECTIONS } from '@marquee/topology';
import type { ClusterTransaction, DataCluster, RejectedDocument } from '@marquee/slot-protocol';
import type { Leftover } from '../directory/directory-state.ts';
import { slotsInUseAt } from '../directory/leftovers.ts';
import { answered } from './bring-slots.ts';
import { changeFences, type FenceRule } from './fence-changes.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';

/** Queries that began by an older map may still read there; no query takes a minute. */
export const CLEAR_AFTER_MS = 15 * 60_000;

/** Documents, and records, deleted in one transaction. */
const PAGE_ITEMS = 200;

/** One call: the shard is kept for the clearing alone meanwhile, and may have to fail over. */
const CALL_MAX_MS = 2_000;

/** Slots of one edit, so that what is done need not be done again after a crash. */
const SLOTS_PER_EDIT = 64;

/** Left-over data that may be cleared by now. */
export const clearableLeftovers = (context: OperationContext): Leftover[] =>
  directoryOf(context).leftovers.filter(
    (leftover) =>
      context.clock.now() - leftover.sinceMs >= CLEAR_AFTER_MS &&
      unusedSlots(context, leftover).length > 0,
  );

/** Slots that are on their way there count as used: their data must not be cleared from under them. */
const unusedSlots = (
  context: OperationContext,
  { cluster, slots }: Pick<Leftover, 'cluster' | 'slots'>,
): number[] => {
  const inUse = slotsInUseAt(directoryOf(context), cluster);
  return slots.filter((slot) => !inUse.has(slot));
};

/**
 * Deletes some of what is left over at a cluster, and logs that it is gone; what nobody knows the origin
 * of is kept among the rejected documents. The caller holds the lock of the shard that the cluster is in.
 *
 * @returns how many documents and records were kept, by slot
 * @throws OPERATION_IMPOSSIBLE if the cluster does not answer
 */
export const clearLeftover = async (
  context: OperationContext,
  leftover: Leftover,
  by: string,
): Promise<ReadonlyMap<number, number>> => {
  const { cluster: name } = leftover;
  const cluster = await context.cluster(name);
  const edit = context.leadership.lastAppended;
  const some = unusedSlots(context, leftover).slice(0, SLOTS_PER_EDIT);
  if (some.length === 0) return new Map();
  const { refused } = await answered(
    changeFences(cluster, some, edit, leftRule(context), callDeadline(context, CALL_MAX_MS)),
    `${name} does not answer`,
  );
  if (refused.length > 0) {
    throw new OperationImpossible(
      `slots ${refused.join(', ')} of ${name} are in use, or have no fence`,
    );
  }
  const kept = new Map<number, number>();
  for (const slot of some) {
    kept.set(slot, await clearSlot(context, cluster, slot, edit, leftover.mustKeep === true));
  }
  await context.leadership.append(
    { kind: 'leftovers-cleared', cluster: name, slots: [...some] },
    { by, why: 'the slots are not here, and nobody reads them here any more' },
  );
  return kept;
};

/** What takes part in the slot's present epoch is no left-over, whatever the directory says. */
const leftRule = (context: OperationContext): FenceRule => {
  const { slots } = directoryOf(context);
  return ({ slot, state, epoch }) =>
    (state === 'open' || state === 'follower') && epoch === slots[slot]?.epoch
      ? null
      : { state: 'moved', pushTo: [] };
};

const clearSlot = async (
  context: OperationContext,
  cluster: DataCluster,
  slot: number,
  edit: number,
  mustKeep: boolean,
): Promise<number> => {
  let kept = 0;
  for (;;) {
    const gone = await answered(
      cluster.transaction(
        (transaction) => clearPage(transaction, slot, edit, mustKeep),
        callDeadline(context, CALL_MAX_MS),
      ),
      `${cluster.name} does not answer`,
    );
    if (gone === 0) return kept;
    if (mustKeep) kept += gone;
  }
};

const clearPage = async (
  transaction: ClusterTransaction,
  slot: number,
  edit: number,
  mustKeep: boolean,
): Promise<number> => {
  // Changed, so that a fence which becomes something else meanwhile conflicts.
  const match = { state: 'moved', edit } as const;
  const fence = await transaction.changeFence({ slot, match, change: { sequence: 0 } });
  if (fence === null) throw new OperationImpossible(`slot ${slot} is no left-over any more`);
  const gone: RejectedDocument[] = [];
  for (const collection of COLLECTIONS) {
    const found = await transaction.documentsOfSlot(slot, collection, { limit: PAGE_ITEMS });
    await transaction.deleteDocuments(
      collection,
      found.map(({ _id }) => _id),
    );
    gone.push(...found.map((document) => ({ collection, slot, edit, document })));
  }
  const everything = { after: -1, through: Number.MAX_SAFE_INTEGER, limit: PAGE_ITEMS };
  const records = await transaction.records(slot, everything);
  await transaction.deleteRecordsOf(
    slot,
    records.map(({ sequence }) => sequence),
  );
  const collection = 'records';
  gone.push(...records.map((document) => ({ collection, slot, edit, document }) as const));
  if (mustKeep) await transaction.keepRejected(gone);
  return gone.length;
};
