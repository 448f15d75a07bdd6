/**
 * A cluster gave no answer: connection refused or lost, no primary, or an answer too late. Stays
 * inside the data plane: whoever calls the router sees SHARD_UNAVAILABLE or WRITE_OUTCOME_UNKNOWN.
 */
export class ClusterUnreachable extends Error {
  readonly code = 'CLUSTER_UNREACHABLE';
  readonly cluster: string;

  constructor(cluster: string, options: { cause?: unknown } = {}) {
    super(`cluster ${cluster} cannot be reached`, options);
    this.name = 'ClusterUnreachable';
    this.cluster = cluster;
  }
}

export const isClusterUnreachable = (error: unknown): error is ClusterUnreachable =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'CLUSTER_UNREACHABLE';
