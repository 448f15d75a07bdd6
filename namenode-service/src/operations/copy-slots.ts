import { copy } from '@marquee/slot-protocol';
import { answered, bringSlots, type Bringing } from './bring-slots.ts';
import { inChunks } from './fence-changes.ts';
import { callDeadline, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';

/** Copies under way at a time: they compete with people's queries. */
const COPIES_AT_A_TIME = 4;

/** One slot's copy. A slot holds a thousandth of the data. */
const COPY_SLOT_MAX_MS = 120_000;

export interface SlotCopies {
  readonly slots: readonly number[];
  readonly source: string;
  readonly target: string;
  readonly edit: number;
  /** The target may hold what the source has not, and it is to be kept for people to look at. */
  readonly keepRejected: boolean;
}

/**
 * Copies slots to a cluster that imports them, and catches up until it is close.
 *
 * @throws OPERATION_IMPOSSIBLE if one of the two does not answer or is not what it must be
 */
export const copySlots = async (
  context: OperationContext,
  { slots, source, target, edit, keepRejected }: SlotCopies,
): Promise<void> => {
  const [from, to] = await Promise.all([context.cluster(source), context.cluster(target)]);
  await inChunks(slots, 1, COPIES_AT_A_TIME, async (chunk) => {
    for (const slot of chunk) {
      const deadline = callDeadline(context, COPY_SLOT_MAX_MS);
      const report = await answered(
        copy({ slot, source: from, target: to, edit, keepRejected, deadline }),
        `slot ${slot} cannot be copied from ${source} to ${target}`,
      );
      if (report === undefined) {
        throw new OperationImpossible(`slot ${slot}: ${source} or ${target} has changed`);
      }
    }
  });
  await bringSlots(
    context,
    slots.map((slot): Bringing => ({ slot, source, target })),
    edit,
  );
};
