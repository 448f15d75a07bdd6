import type { ClusterHealth } from './cluster-health.ts';
import type { IndexState } from './index-keeper.ts';

/**
 * A replica's health as the stewards see it: one that lacks an index answers, but is not to be read, as
 * one under suspicion; one of which nobody knows is neither taken out of the reads nor into them. What
 * does not answer stays what it is. An owner is left out of this: somebody must be read.
 */
export const readableHealth = (
  health: ClusterHealth | undefined,
  indexes: IndexState,
): ClusterHealth | undefined => {
  if (health?.status !== 'healthy' || indexes === 'complete') return health;
  const { lastSeenAtMs } = health;
  return {
    status: 'suspect',
    sinceMs: lastSeenAtMs,
    lastSeenAtMs: indexes === 'lacking' ? lastSeenAtMs : null,
    answersInARow: 0,
  };
};
