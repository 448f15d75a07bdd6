/** A replica as the directory sees it; the owner itself is always readable. */
export interface ReplicaPlacement {
  readonly cluster: string;
  /** Reads under a lease may go to it. */
  readonly readable: boolean;
  /** It holds everything acknowledged: a failover may choose it. */
  readonly promotable: boolean;
}

/** A group of clusters that hold the same data: one owner, which takes writes, and its replicas. */
export interface Shard {
  readonly name: string;
  readonly owner: string;
  readonly replicas: readonly ReplicaPlacement[];
  /** Key reads must be strong, whatever the lease says (PROTOCOL.md section 5). */
  readonly strongReadsOnly: boolean;
}

/** Slots `from` to `to`, both included, with the shard that has them. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly shard: string;
  /** Number of the edit that decided the present owner of these slots. */
  readonly epoch: number;
  readonly strongReadsOnly?: boolean;
}

/**
 * Who owns what, as one value: the whole of what a router needs. It names clusters, never their
 * addresses. Of two maps of one deployment the higher version is the newer; nobody accepts an older
 * one. Ranges are in ascending order, do not overlap, and cover all 1,024 slots.
 */
export interface ShardMap {
  /** Random name of the deployment; clusters of another deployment are never used. */
  readonly deployment: string;
  /** Number of the last edit that this map contains. */
  readonly version: number;
  readonly shards: readonly Shard[];
  readonly slots: readonly SlotRange[];
  /** Clusters that are not what they should be: nobody may use them, whatever part they have. */
  readonly quarantined?: readonly string[];
}
