import type { DataCluster } from '@marquee/slot-protocol';

/** A cluster of either kind, with the means to trouble it. */
export interface DataClusterTarget {
  readonly cluster: DataCluster;
  /** Another client of the same cluster. */
  readonly other: DataCluster;
  /** The next commit is carried out, and its reply says nothing. */
  loseNextCommitReply(): Promise<void>;
  /** Connections drop, open transactions are gone, another primary answers. */
  elect(): Promise<void>;
  /** Nobody answers any more. */
  stop(): Promise<void>;
  close(): Promise<void>;
}
