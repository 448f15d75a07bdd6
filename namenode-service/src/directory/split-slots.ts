import { SLOT_COUNT } from '@marquee/topology';

/**
 * Splits the slots evenly over the shards of a new deployment, in the order given: contiguous, and
 * no shard has more than one slot more than another. More shards than slots leave some with none.
 */
export const splitSlots = (shards: readonly string[]): string[] =>
  Array.from({ length: SLOT_COUNT }, (_, slot) => {
    const shard = shards[Math.floor((slot * shards.length) / SLOT_COUNT)];
    if (shard === undefined) throw new TypeError('no shard to give slots to');
    return shard;
  });
