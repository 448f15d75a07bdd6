import { MarqueeError } from '@marquee/errors';

/** What a data cluster says of itself: which deployment it belongs to, and under which name. */
export interface ClusterStamp {
  readonly deployment: string;
  readonly cluster: string;
}

/** A stamp as it is stored: a leader raises the number, a backup has a lower one. */
export interface StoredStamp extends ClusterStamp {
  readonly heartbeat: number;
}

/** Stamps of clusters; rejects when a cluster does not answer. */
export interface ClusterStamps {
  /** null: a cluster that was never used, or has lost everything. */
  read(cluster: string, signal: AbortSignal): Promise<StoredStamp | null>;
  /**
   * Raises the number of a cluster that bears this very stamp, and answers what it was before; writes
   * nothing anywhere else, and answers what is there.
   */
  beat(cluster: string, stamp: ClusterStamp, signal: AbortSignal): Promise<StoredStamp | null>;
  /** Stamps a cluster that has no stamp, and answers the stamp that it has then. */
  claim(cluster: string, stamp: ClusterStamp, signal: AbortSignal): Promise<ClusterStamp>;
}

/** What is wrong with a stamp; undefined: it is the one that is expected. */
export const stampFault = (
  expected: ClusterStamp,
  found: ClusterStamp | null,
): 'empty' | 'foreign' | 'duplicate' | undefined => {
  if (found === null) return 'empty';
  if (found.deployment !== expected.deployment) return 'foreign';
  return found.cluster === expected.cluster ? undefined : 'duplicate';
};

/** @throws CLUSTER_REFUSED if `found` is not the stamp of this cluster in this deployment */
export const requireStamp = (expected: ClusterStamp, found: ClusterStamp | null): void => {
  if (found === null) {
    throw refusal(expected, 'it bears no stamp: it is empty, or has lost its data');
  }
  if (found.deployment !== expected.deployment) {
    throw refusal(expected, `it belongs to deployment ${found.deployment}`);
  }
  if (found.cluster !== expected.cluster) {
    throw refusal(expected, `it is the cluster that is also given as ${found.cluster}`);
  }
};

const refusal = ({ cluster }: ClusterStamp, why: string): MarqueeError =>
  new MarqueeError(
    'CLUSTER_REFUSED',
    { cluster, why },
    { message: `cluster ${cluster} is refused: ${why}` },
  );
