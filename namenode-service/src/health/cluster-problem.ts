import { codeOf } from '@marquee/errors';

/** What is known to be wrong with one cluster. */
export interface ClusterTroubles {
  /** Why the last probe failed; null after an answer. */
  readonly probeError: unknown;
  readonly missingIndexes: readonly string[] | undefined;
}

/** Names of indexes are for a first look; the log has all of them. */
const INDEXES_NAMED_MAX = 3;

/** The one thing that a person should know first, without addresses; null: nothing is wrong. */
export const clusterProblem = ({ probeError, missingIndexes }: ClusterTroubles): string | null => {
  const failure = failureOf(probeError);
  if (failure !== null) return failure;
  if (missingIndexes === undefined || missingIndexes.length === 0) return null;
  const named = missingIndexes.slice(0, INDEXES_NAMED_MAX).join(', ');
  const more = missingIndexes.length - INDEXES_NAMED_MAX;
  return `lacks indexes: ${named}${more > 0 ? ` and ${more} more` : ''}`;
};

// Messages of the driver quote addresses; our own errors do not.
const failureOf = (error: unknown): string | null => {
  if (error === null || error === undefined) return null;
  if (codeOf(error) !== undefined) return (error as Error).message;
  return error instanceof Error ? error.name : 'unknown';
};
