import type { Change } from '../directory/edit.ts';
import type { EditLog } from '../edit-log/edit-log.ts';

/** Edits looked at in one go. */
const PAGE_EDITS = 500;

/** Edits that decide an operation. */
const DECISIONS = new Set<Change['kind']>(['replica-joined', 'owner-changed', 'slots-moved']);

/**
 * What the log says of an operation that is not under way: completed if an edit decided it and none
 * undid it since. A migration decides a few slots at a time, and may be begun again after it was undone.
 */
export const outcomeInLog = async (
  log: EditLog,
  operationId: string,
): Promise<'completed' | 'undone'> => {
  let outcome: 'completed' | 'undone' = 'undone';
  for (let after = 0; ;) {
    const edits = await log.page(after, PAGE_EDITS);
    for (const { change } of edits) {
      if (!('operationId' in change) || change.operationId !== operationId) continue;
      outcome = DECISIONS.has(change.kind) ? 'completed' : 'undone';
    }
    const last = edits.at(-1);
    if (last === undefined) return outcome;
    after = last.number;
  }
};
