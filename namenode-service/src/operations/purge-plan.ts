import { uuidOf, type OperationRecord } from '@marquee/slot-protocol';

/** What the operation ids of purges begin with. */
export const PURGE_SCOPE = 'purge/';

/** What a look at the records of a slot has found, by ascending numbers. */
export interface SlotRecords {
  /** So many at most. */
  readonly sampleMax: number;
  readonly oldest: readonly OperationRecord[];
  readonly newest: readonly OperationRecord[];
}

const isPurge = ({ operationId }: OperationRecord): boolean => operationId.startsWith(PURGE_SCOPE);

/**
 * Below which id a slot is to forget, or undefined if there is nothing worth it: a purge leaves a record
 * itself, so a slot where nothing happens must not be purged for the sake of the last purge.
 *
 * `keptSince` comes from a clock, and what is forgotten is refused for ever: the slot's own newest
 * operation bounds it, so that a clock that is years ahead costs retries of what was done lately, and not
 * all writes until then.
 */
export const purgeBefore = (
  { oldest, newest, sampleMax }: SlotRecords,
  keptSince: string,
): string | undefined => {
  const newestId = newest
    .filter((record) => !isPurge(record))
    .map(({ operationId }) => uuidOf(operationId))
    .sort()
    .at(-1);
  if (newestId === undefined) return undefined;
  const idsBefore = newestId < keptSince ? newestId : keptSince;
  // A purge takes records in the order of their numbers, and ends before the first that is kept.
  const firstKept = oldest.findIndex(({ operationId }) => uuidOf(operationId) >= idsBefore);
  const old = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
  const isWorthIt = old.some((record) => !isPurge(record)) || old.length === sampleMax;
  return isWorthIt ? idsBefore : undefined;
};
