import type { Change } from '../directory/edit.ts';
import type { EditLog } from '../edit-log/edit-log.ts';

/** Edits looked at in one go. */
const PAGE_EDITS = 500;

/** Edits that decide an operation. */
const DECISIONS = new Set<Change['kind']>(['replica-joined', 'owner-changed', 'slots-moved']);

/**
 * What the log says of an operation: completed if an edit decided it. One that was only begun is
 * undone by whoever leads now, if it is not already.
 */
export const outcomeInLog = async (
  log: EditLog,
  operationId: string,
): Promise<'completed' | 'undone'> => {
  let decided = false;
  for (let after = 0; ;) {
    const edits = await log.page(after, PAGE_EDITS);
    for (const { change } of edits) {
      if (!('operationId' in change) || change.operationId !== operationId) continue;
      if (change.kind === 'operation-undone') return 'undone';
      if (DECISIONS.has(change.kind)) decided = true;
    }
    const last = edits.at(-1);
    if (last === undefined) return decided ? 'completed' : 'undone';
    after = last.number;
  }
};
