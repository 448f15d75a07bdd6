import { COLLECTIONS } from '@marquee/topology';
import type { DataCluster } from '@marquee/slot-protocol';
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
 * Deletes some of what was left at a cluster by a migration, and logs that it is gone. The caller
 * holds the lock of the shard that the cluster is in.
 *
 * @throws OPERATION_IMPOSSIBLE if the cluster does not answer
 */
export const clearLeftover = async (
  context: OperationContext,
  leftover: Leftover,
  by: string,
): Promise<void> => {
  const { cluster: name } = leftover;
  const cluster = await context.cluster(name);
  const edit = context.leadership.lastAppended;
  const some = unusedSlots(context, leftover).slice(0, SLOTS_PER_EDIT);
  if (some.length === 0) return;
  const { refused } = await answered(
    changeFences(cluster, some, edit, leftRule(context), callDeadline(context, CALL_MAX_MS)),
    `${name} does not answer`,
  );
  if (refused.length > 0) {
    throw new OperationImpossible(
      `slots ${refused.join(', ')} of ${name} are in use, or have no fence`,
    );
  }
  for (const slot of some) await clearSlot(context, cluster, slot, edit);
  await context.leadership.append(
    { kind: 'leftovers-cleared', cluster: name, slots: [...some] },
    { by, why: 'the slots have moved away, and nobody reads them here any more' },
  );
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
): Promise<void> => {
  for (let isEmpty = false; !isEmpty;) {
    isEmpty = await answered(
      cluster.transaction(
        async (transaction) => {
          // Changed, so that a fence which becomes something else meanwhile conflicts.
          const match = { state: 'moved', edit } as const;
          const fence = await transaction.changeFence({ slot, match, change: { sequence: 0 } });
          if (fence === null)
            throw new OperationImpossible(`slot ${slot} is no left-over any more`);
          let deleted = 0;
          for (const collection of COLLECTIONS) {
            const page = { limit: PAGE_ITEMS };
            const found = await transaction.documentsOfSlot(slot, collection, page);
            await transaction.deleteDocuments(
              collection,
              found.map(({ _id }) => _id),
            );
            deleted += found.length;
          }
          const everything = { after: -1, through: Number.MAX_SAFE_INTEGER, limit: PAGE_ITEMS };
          const records = await transaction.records(slot, everything);
          await transaction.deleteRecordsOf(
            slot,
            records.map(({ sequence }) => sequence),
          );
          return deleted + records.length === 0;
        },
        callDeadline(context, CALL_MAX_MS),
      ),
      `${cluster.name} does not answer`,
    );
  }
};
