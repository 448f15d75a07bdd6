import type { Fence, FenceChange, FenceMatch } from '@marquee/slot-protocol';

/** Whether a fence is what a change of it asks for. */
export const fenceMatches = (fence: Fence, match: FenceMatch): boolean => {
  const {
    state,
    edit,
    editAtMost,
    epoch,
    epochAtMost,
    sequence,
    sequenceBelow,
    lastTransaction,
    ...unknown
  } = match;
  if (Object.keys(unknown).length > 0) {
    throw new TypeError(`the double knows no ${Object.keys(unknown).join(', ')} of a fence`);
  }
  const states: readonly string[] = typeof state === 'string' ? [state] : (state ?? [fence.state]);
  return (
    states.includes(fence.state) &&
    (edit === undefined || fence.edit === edit) &&
    (editAtMost === undefined || fence.edit <= editAtMost) &&
    (epoch === undefined || fence.epoch === epoch) &&
    (epochAtMost === undefined || fence.epoch <= epochAtMost) &&
    (sequence === undefined || fence.sequence === sequence) &&
    (sequenceBelow === undefined || fence.sequence < sequenceBelow) &&
    (lastTransaction === undefined || fence.lastTransaction === lastTransaction)
  );
};

/** The fence after a change. */
export const changedFence = (fence: Fence, { advanceBy, ...fields }: FenceChange): Fence => ({
  ...fence,
  ...fields,
  ...(advanceBy === undefined ? {} : { sequence: fence.sequence + advanceBy }),
});
