import { codeOf, MarqueeError } from '@marquee/errors';
import { isClusterUnreachable } from './cluster-unreachable.ts';
import type { SlotOperation } from './slot-operation.ts';

/** Whether a second attempt with the same operation id may succeed where this one has failed. */
export const mayBeSentAgain = (error: unknown): boolean =>
  isClusterUnreachable(error) ||
  ['STALE_MAP', 'DEADLINE_EXCEEDED', 'CLUSTER_UNKNOWN'].includes(codeOf(error) ?? '');

export const outcomeUnknown = ({ operationId }: SlotOperation, cause?: unknown): MarqueeError =>
  new MarqueeError('WRITE_OUTCOME_UNKNOWN', { operationId }, { cause });
