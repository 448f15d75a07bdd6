import { hasCode } from '@marquee/errors';
import type { OperationPlan } from '../directory/directory-state.ts';
import type { Change } from '../directory/edit.ts';
import { shardsOf } from '../directory/directory-state.ts';
import type { Reason } from '../leader/leadership.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import { settleShard } from './settle-shard.ts';

/** What is under way, told as it happens; kept for people, nothing waits for it or is decided by it. */
export type Journal = (step: string, progress?: { done: number; total: number }) => void;

export interface OperationOrder<Plan extends OperationPlan = OperationPlan> {
  readonly id: string;
  readonly plan: Plan;
  readonly reason: Reason;
  readonly journal: Journal;
  /** @throws OPERATION_IMPOSSIBLE if it was cancelled, or something more urgent has come up */
  readonly checkpoint: () => void;
}

export type OperationResult =
  | {
      readonly status: 'completed';
      readonly trouble: readonly string[];
      /** What there is to say of it. */
      readonly note?: string;
    }
  | { readonly status: 'undone'; readonly why: string; readonly trouble: readonly string[] };

/** Appends the edit that decides the operation. */
export type Decide = (change: Change) => Promise<void>;

/**
 * One operation from the edit that begins it to fences that are what it decided: `work` prepares,
 * under the number of the first edit, and ends with `decide`. Whatever fails before the decision
 * undoes it; whatever fails afterwards is settled later, by whoever leads then.
 *
 * @throws NOT_READY, METADATA_UNAVAILABLE: not decided, or not known to be; the next leader, or this
 * one once the log can be read, undoes or settles it
 */
export const runOperation = async <Plan extends OperationPlan>(
  context: OperationContext,
  order: OperationOrder<Plan>,
  work: (edit: number, decide: Decide) => Promise<void>,
): Promise<OperationResult> => {
  const { id, plan, reason, journal } = order;
  journal('begin');
  const { number } = await context.leadership.append(
    { kind: 'operation-begun', operationId: id, plan },
    reason,
  );
  try {
    await work(number, async (change) => {
      journal('decide');
      await context.leadership.append(change, reason);
    });
  } catch (error) {
    if (hasCode(error, 'NOT_READY', 'METADATA_UNAVAILABLE')) throw error;
    if (!isUndecided(context, id)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    journal(`undo: ${why}`);
    return { status: 'undone', why, trouble: await undoOperation(context, id, { ...reason, why }) };
  }
  journal('carry out');
  const trouble = await settleAll(context, plan);
  return { status: 'completed', trouble };
};

const isUndecided = (context: OperationContext, id: string): boolean =>
  directoryOf(context).operations.some((operation) => operation.id === id);

/** Undoes an operation that is not decided; it may be one that a predecessor has left. */
export const undoOperation = async (
  context: OperationContext,
  operationId: string,
  reason: Reason,
): Promise<string[]> => {
  const operation = directoryOf(context).operations.find(({ id }) => id === operationId);
  if (operation === undefined) return [];
  try {
    await context.leadership.append({ kind: 'operation-undone', operationId }, reason);
  } catch (error) {
    // An edit whose append was never answered may have been found in the log meanwhile.
    if (!hasCode(error, 'INTERNAL') || isUndecided(context, operationId)) throw error;
  }
  return settleAll(context, operation.plan);
};

const settleAll = async (context: OperationContext, plan: OperationPlan): Promise<string[]> => {
  const trouble: string[] = [];
  for (const shard of shardsOf(plan)) trouble.push(...(await settleShard(context, shard)));
  return trouble;
};
