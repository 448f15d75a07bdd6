import type { ProcessSpec } from '../processes/process-spec.ts';

export interface PlannedCluster {
  readonly name: string;
  readonly shard: string;
  readonly role: 'owner' | 'replica';
  /** Holds credentials where there are any: never logged. */
  readonly uri: string;
}

/** The clusters of a deployment, wherever they come from, and what must run for them here. */
export interface ClusterSet {
  readonly clusters: readonly PlannedCluster[];
  readonly metadata: { readonly uri: string };
  /** Empty where the clusters run elsewhere. */
  readonly processes: readonly ProcessSpec[];
  /**
   * What the data lies in, by whatever address it is reached: other data, other words. Without
   * credentials, which may change while the data stays.
   */
  readonly dataIdentity: readonly string[];
  /** Makes what the processes need on disk; called when nothing is left to check. */
  readonly makeFolders?: () => void;
  /** What is left to do once the processes listen, e.g. to initiate replica sets. */
  readonly prepare?: () => Promise<void>;
}

const letter = (index: number): string => String.fromCharCode('a'.charCodeAt(0) + index);

/** Names of the data clusters that a new deployment gets here: shard-a, replica-a, shard-b, … */
export const plannedClusters = (
  shards: number,
  replicasPerShard: number,
): Omit<PlannedCluster, 'uri'>[] => {
  const names = Array.from({ length: shards }, (_, i) => letter(i));
  const owners = names.map((shard) => ({ name: `shard-${shard}`, shard, role: 'owner' as const }));
  const replicas = names.flatMap((shard) =>
    Array.from({ length: replicasPerShard }, (_, i) => ({
      name: i === 0 ? `replica-${shard}` : `replica-${shard}-${i + 1}`,
      shard,
      role: 'replica' as const,
    })),
  );
  return [...owners, ...replicas];
};

export const METADATA = 'metadata';
