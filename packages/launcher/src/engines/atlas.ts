import { MarqueeError } from '@marquee/errors';
import { readClusterAddresses } from '@marquee/service-kit';
import type { LauncherConfig } from '../config.ts';
import type { ClusterSet, PlannedCluster } from './cluster-set.ts';

/** The variables of `.env`, and what the cluster behind each one is for in a new deployment. */
const VARIABLES = [
  { variable: 'SHARD_A_URI', name: 'shard-a', shard: 'a', role: 'owner' },
  { variable: 'SHARD_B_URI', name: 'shard-b', shard: 'b', role: 'owner' },
  { variable: 'REPLICA_A_URI', name: 'replica-a', shard: 'a', role: 'replica' },
  { variable: 'REPLICA_B_URI', name: 'replica-b', shard: 'b', role: 'replica' },
] as const;

/** Clusters that run elsewhere, with the words by which an operator knows each of them. */
export interface RemoteClusters extends ClusterSet {
  /** Cluster name (or `metadata`) → the variable or file entry that its address came from. */
  readonly origins: Readonly<Record<string, string>>;
}

/**
 * The clusters of the five variables, or of the file that `MARQUEE_CLUSTERS_FILE` names.
 *
 * @throws CONFIGURATION_INVALID that names every variable that is missing.
 */
export const remoteClusters = async (config: LauncherConfig): Promise<RemoteClusters> => {
  const file = config.MARQUEE_CLUSTERS_FILE;
  if (file !== undefined) {
    const { clusters, metadata } = await readClusterAddresses(file);
    const origins = clusters.map(({ name }): [string, string] => [name, `${file}: ${name}`]);
    return {
      clusters,
      metadata,
      dataIdentity: identityOf(clusters),
      processes: [],
      origins: { ...Object.fromEntries(origins), metadata: `${file}: metadata` },
    };
  }
  const missing = [...VARIABLES.map(({ variable }) => variable), 'METADATA_URI' as const].filter(
    (variable) => config[variable] === undefined,
  );
  if (missing.length > 0) {
    const message = `engine atlas: ${missing.join(', ')} missing (see .env.example), or MARQUEE_CLUSTERS_FILE`;
    throw new MarqueeError('CONFIGURATION_INVALID', { missing }, { message });
  }
  const clusters = VARIABLES.map(({ variable, name, shard, role }): PlannedCluster => ({
    name,
    shard,
    role,
    uri: config[variable] ?? '',
  }));
  return {
    clusters,
    metadata: { uri: config.METADATA_URI ?? '' },
    dataIdentity: identityOf(clusters),
    processes: [],
    origins: {
      ...Object.fromEntries(VARIABLES.map(({ variable, name }) => [name, variable])),
      metadata: 'METADATA_URI',
    },
  };
};

const identityOf = (clusters: readonly PlannedCluster[]): string[] =>
  clusters.map(({ name, uri }) => `${name} ${uri.replace(/\/\/[^@/]*@/, '//')}`);
