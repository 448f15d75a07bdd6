import type { CollectionName } from '@marquee/topology';
import { answered } from './bring-slots.ts';
import { callDeadline, type OperationContext } from './operation-context.ts';
import { deposed } from './operation-failure.ts';

export interface MisplacedDocument {
  readonly cluster: string;
  readonly collection: CollectionName;
  readonly id: string;
  /** The slot that it lies under; of one that lies under none, the slot whose fence guards the move. */
  readonly guardSlot: number;
  /** Whether it must still lie under that slot. */
  readonly isOfSlot: boolean;
}

/**
 * Moves a document that lies under a slot that is not its own among the rejected ones of its cluster. No
 * operation can have touched it there, so that no record names it, and each cluster is mended by itself.
 *
 * @returns false if it is gone by now, or lies elsewhere
 * @throws OPERATION_IMPOSSIBLE if the cluster does not answer; NOT_READY if another leader has been there
 */
export const moveAside = async (
  context: OperationContext,
  { cluster: name, collection, id, guardSlot: slot, isOfSlot }: MisplacedDocument,
): Promise<boolean> => {
  const cluster = await context.cluster(name);
  const edit = context.leadership.lastAppended;
  return answered(
    cluster.transaction(async (transaction) => {
      const match = { editAtMost: edit };
      const fence = await transaction.changeFence({ slot, match, change: { edit } });
      if (fence === null) throw deposed({ cluster: name, slot });
      const [document] = await transaction.documents(collection, [id]);
      if (document === undefined || isOfSlot !== (document.slot === slot)) return false;
      await transaction.keepRejected([{ collection, slot, edit, document }]);
      await transaction.deleteDocuments(collection, [id]);
      return true;
    }, callDeadline(context)),
    `${name} does not answer`,
  );
};
