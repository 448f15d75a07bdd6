import { quarantineOf, type DirectoryState } from '../directory/directory-state.ts';
import type { ClusterHealth } from './cluster-health.ts';
import type { IndexState } from './index-keeper.ts';
import { readableHealth } from './readable-health.ts';

const UNUSABLE: ClusterHealth = {
  status: 'down',
  sinceMs: 0,
  lastSeenAtMs: null,
  answersInARow: 0,
};

export interface StewardHealthFacts {
  readonly state: DirectoryState;
  readonly health: ClusterHealth | undefined;
  readonly indexes: IndexState;
  /** Whether no router can trust a map from before this edit any more. */
  readonly isLeaseOver: (edit: number) => boolean;
}

/**
 * A cluster's health as the stewards act on it. One that is quarantined is as good as down: an owner
 * fails over, a replica is not let in; but one that was restored joins as a learner once nobody reads
 * there any more, and gets a copy.
 */
export const stewardHealth = (
  cluster: string,
  { state, health, indexes, isLeaseOver }: StewardHealthFacts,
): ClusterHealth | undefined => {
  if (state.status !== 'running') return health;
  const isOwner = state.shards.some(({ owner }) => owner === cluster);
  const quarantine = quarantineOf(state, cluster);
  if (quarantine !== undefined) {
    const mayJoin = quarantine.why === 'restored' && !isOwner && isLeaseOver(quarantine.sinceEdit);
    if (!mayJoin) return UNUSABLE;
  }
  // Somebody must be read, whatever it lacks.
  return isOwner ? health : readableHealth(health, indexes);
};
