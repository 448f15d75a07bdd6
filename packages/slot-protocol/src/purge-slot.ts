import { COLLECTIONS, slotKeyOf, type CollectionName } from '@marquee/topology';
import { uuidOf } from './operation-id.ts';
import type { SlotMaintenance } from './slot-maintenance.ts';
import type { SlotOperation } from './slot-operation.ts';
import type { StoredDocument } from './stored-document.ts';

/** Records that one purge looks at, and documents that it removes: bounds its transaction. */
export const PURGE_ITEMS_MAX = 500;

export interface PurgeResult extends Record<string, unknown> {
  readonly records: number;
  readonly documents: number;
  /** There is more that is old enough: purge again, under another operation id. */
  readonly more: boolean;
}

/**
 * The operation that makes a slot forget what is old: records of operations whose ids are below
 * `idsBefore` (a UUIDv7, 7 days old by whoever runs this), as far as they are the oldest ones, and the
 * tombstones that those left, with everything of the same slot key; but for those of users, which stay. From then on such ids are refused, so
 * that what was forgotten cannot be done again.
 */
export const purgeOperation = (options: {
  readonly slotKey: string;
  readonly operationId: string;
  readonly idsBefore: string;
}): SlotOperation<PurgeResult> => ({
  slotKey: options.slotKey,
  operationId: options.operationId,
  requestHash: `purge before ${options.idsBefore}`,
  apply: (slot) => purge(slot as SlotMaintenance, options.idsBefore.toLowerCase()),
});

const purge = async (slot: SlotMaintenance, idsBefore: string): Promise<PurgeResult> => {
  const oldest = await slot.oldestRecords(PURGE_ITEMS_MAX);
  const firstKept = oldest.findIndex(({ operationId }) => uuidOf(operationId) >= idsBefore);
  const forgotten = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
  const purgedThrough = forgotten.at(-1)?.sequence ?? slot.purgedThrough;
  const removed = await removeTombstones(slot, purgedThrough);
  slot.purge({
    purgedThrough,
    refuseIdsBefore: idsBefore > slot.refuseIdsBefore ? idsBefore : slot.refuseIdsBefore,
  });
  return {
    records: forgotten.length,
    documents: removed,
    more: forgotten.length === PURGE_ITEMS_MAX || removed >= PURGE_ITEMS_MAX,
  };
};

/**
 * A deletion is forgotten with its record. What belongs to a deleted film goes before its tombstone, so
 * that a purge in several pieces never leaves interactions of nothing.
 */
const removeTombstones = async (slot: SlotMaintenance, purgedThrough: number): Promise<number> => {
  let room = PURGE_ITEMS_MAX;
  const remove = (collection: CollectionName, ids: readonly string[]): void => {
    const now = ids.slice(0, room);
    for (const id of now) slot.remove(collection, id);
    room -= now.length;
  };
  const interactions = await slot.findAll('user_interactions');
  for (const collection of COLLECTIONS) {
    // A user's tombstone keeps the handle taken: nobody is ever to be taken for somebody who was here.
    if (collection === 'users') continue;
    const documents =
      collection === 'user_interactions' ? interactions : await slot.findAll(collection);
    for (const { _id, deleted, version } of documents) {
      if (!deleted || version.sequence > purgedThrough) continue;
      if (collection === 'movies') remove('user_interactions', interactionsOf(_id, interactions));
      remove(collection, [_id]);
    }
  }
  return PURGE_ITEMS_MAX - room;
};

const interactionsOf = (movieId: string, interactions: readonly StoredDocument[]): string[] =>
  interactions.map(({ _id }) => _id).filter((id) => slotKeyOf('user_interactions', id) === movieId);
