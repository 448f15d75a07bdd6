/** A cluster's part in its shard. The owner is always `in-sync`. */
export type ShardMember =
  /** Holds everything acknowledged: readable and promotable. */
  | { readonly cluster: string; readonly status: 'in-sync' }
  /** Holds everything acknowledged, but reads under a lease must not go to it any more. */
  | { readonly cluster: string; readonly status: 'suspected'; readonly sinceEdit: number }
  /** Holds nothing that counts until it has joined. */
  | {
      readonly cluster: string;
      readonly status: 'learner';
      readonly sinceEdit: number;
      /**
       * Reads under a lease went to it up to this edit: the owner goes on pushing to it until the
       * lease has run out. 0: it was never readable.
       */
      readonly unreadableSinceEdit: number;
      /** It was removed and added again: what only it holds is kept when it joins. */
      readonly wasMember?: true;
    };

/** Whether reads under the lease may go to a shard's owner as well as its replicas. */
export type ReadRule =
  | { readonly kind: 'leased' }
  /** Strong reads only, by the edit named: a wait for the read lease counts from it. */
  | { readonly kind: 'strong-only'; readonly sinceEdit: number };

export interface ShardState {
  readonly name: string;
  readonly owner: string;
  /** The owner and its replicas, in the order in which they became members. */
  readonly members: readonly ShardMember[];
  readonly reads: ReadRule;
  /** A replica leaves only while this many clusters, the owner included, stay in sync. */
  readonly minInSync: number;
  /** Unix milliseconds of the last failover without a person's order; at most one an hour. */
  readonly lastAutomaticFailoverAtMs?: number;
}

export interface SlotState {
  readonly shard: string;
  /** Number of the edit that decided the slot's present owner. */
  readonly epoch: number;
  readonly reads: ReadRule;
}

/** What an operation sets out to do; stored with the edit that begins it. */
export type OperationPlan =
  | { readonly kind: 'join'; readonly shard: string; readonly cluster: string }
  | { readonly kind: 'planned-failover'; readonly shard: string; readonly to: string }
  | { readonly kind: 'failover'; readonly shard: string; readonly automatic: boolean }
  /** Of a cluster that may lack acknowledged writes; only on a person's order. */
  | { readonly kind: 'unclean-failover'; readonly shard: string; readonly to: string }
  | {
      readonly kind: 'migration';
      readonly from: string;
      readonly to: string;
      /** Those that no decision has moved yet. */
      readonly slots: readonly number[];
    };

/** An operation between the edit that began it and the one that decides or undoes it. */
export interface OperationUnderWay {
  readonly id: string;
  readonly begunByEdit: number;
  readonly plan: OperationPlan;
}

/** Data of slots at clusters that are not theirs (any more), to be cleared. */
export interface Leftover {
  readonly cluster: string;
  readonly slots: readonly number[];
  readonly sinceEdit: number;
  /** Unix milliseconds of that edit. */
  readonly sinceMs: number;
  /** A check has found it and nobody knows where it is from: kept among the rejected documents. */
  readonly mustKeep?: true;
}

/** A cluster that nobody may use. */
export interface Quarantine {
  readonly cluster: string;
  readonly why: 'restored' | 'foreign' | 'duplicate' | 'empty';
  readonly sinceEdit: number;
}

export interface Leader {
  readonly instance: string;
  readonly sinceEdit: number;
  /** What routers are told: the read lease follows from it. */
  readonly detectionTimeMs: number;
  /** The predecessor's; a router may still trust a map by that one. */
  readonly previousDetectionTimeMs: number;
}

/** Nothing has been logged yet. */
export interface EmptyDirectory {
  readonly status: 'empty';
  readonly lastEdit: 0;
}

export interface FoundedDirectory {
  /**
   * `founding`: collections, indexes and fences are being made, no map is served yet, so that no
   * write can have happened; `running`: every fence exists, and none is ever made again.
   */
  readonly status: 'founding' | 'running';
  /** Random name of the deployment; every cluster is stamped with it. */
  readonly deployment: string;
  readonly lastEdit: number;
  readonly shards: readonly ShardState[];
  /** One entry for each of the 1,024 slots. */
  readonly slots: readonly SlotState[];
  readonly operations: readonly OperationUnderWay[];
  readonly leftovers: readonly Leftover[];
  readonly quarantined: readonly Quarantine[];
  readonly leader: Leader | null;
  readonly automation:
    { readonly status: 'active' } | { readonly status: 'paused'; readonly sinceEdit: number };
}

/** Everything that the NameNode keeps: who owns what, and what is being changed about it. */
export type DirectoryState = EmptyDirectory | FoundedDirectory;

export const EMPTY_DIRECTORY: EmptyDirectory = { status: 'empty', lastEdit: 0 };

export const LEASED: ReadRule = { kind: 'leased' };

/** The shards that an operation keeps to itself until it is decided or undone. */
export const shardsOf = (plan: OperationPlan): readonly string[] =>
  plan.kind === 'migration' ? [plan.from, plan.to] : [plan.shard];

export const findShard = (state: FoundedDirectory, name: string): ShardState | undefined =>
  state.shards.find((shard) => shard.name === name);

export const quarantineOf = (state: DirectoryState, cluster: string): Quarantine | undefined =>
  state.status === 'empty' ? undefined : state.quarantined.find((each) => each.cluster === cluster);

/** Clusters of a shard that hold everything acknowledged, the owner first. */
export const inSyncClusters = (shard: ShardState): string[] => [
  shard.owner,
  ...shard.members
    .filter(({ cluster, status }) => status !== 'learner' && cluster !== shard.owner)
    .map(({ cluster }) => cluster),
];

/** Numbers of the slots that a shard has, ascending. */
export const slotsOfShard = (state: FoundedDirectory, shard: string): number[] =>
  state.slots.flatMap((slot, number) => (slot.shard === shard ? [number] : []));
