import { COLLECTIONS } from '@marquee/topology';
import type { DataCluster } from '@marquee/slot-protocol';
import type { Leftover } from '../directory/directory-state.ts';
import { answered } from './bring-slots.ts';
import { changeFences } from './fence-changes.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';

/** Queries that began by an older map may still read there; no query takes a minute. */
export const CLEAR_AFTER_MS = 15 * 60_000;

/** Documents, and records, deleted in one transaction. */
const PAGE_ITEMS = 200;

/** Slots of one edit, so that what is done need not be done again after a crash. */
const SLOTS_PER_EDIT = 64;

/** Left-over data that may be cleared by now, if there is any. */
export const clearableLeftover = (context: OperationContext): Leftover | undefined =>
  directoryOf(context).leftovers.find(
    ({ sinceMs }) => context.clock.now() - sinceMs >= CLEAR_AFTER_MS,
  );

/**
 * Deletes some of what was left at a cluster by a migration, and logs that it is gone. The caller
 * holds the lock of the shard that the cluster is in.
 *
 * @throws OPERATION_IMPOSSIBLE if the cluster does not answer
 */
export const clearLeftover = async (
  context: OperationContext,
  { cluster: name, slots }: Leftover,
  by: string,
): Promise<void> => {
  const cluster = await context.cluster(name);
  const edit = context.leadership.lastAppended;
  const some = slots.slice(0, SLOTS_PER_EDIT);
  await answered(
    changeFences(
      cluster,
      some,
      edit,
      () => ({ state: 'moved', pushTo: [] }),
      callDeadline(context),
    ),
    `${name} does not answer`,
  );
  for (const slot of some) await clearSlot(context, cluster, slot, edit);
  await context.leadership.append(
    { kind: 'leftovers-cleared', cluster: name, slots: [...some] },
    { by, why: 'the slots have moved away, and nobody reads them here any more' },
  );
};

const clearSlot = async (
  context: OperationContext,
  cluster: DataCluster,
  slot: number,
  edit: number,
): Promise<void> => {
  for (let isEmpty = false; !isEmpty;) {
    isEmpty = await answered(
      cluster.transaction(async (transaction) => {
        // Changed, so that a fence which becomes something else meanwhile conflicts.
        const match = { state: 'moved', edit } as const;
        const fence = await transaction.changeFence({ slot, match, change: { sequence: 0 } });
        if (fence === null) throw new OperationImpossible(`slot ${slot} is no left-over any more`);
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
      }, callDeadline(context)),
      `${cluster.name} does not answer`,
    );
  }
};
