/**
 * What a cluster is for a slot: `open` the owner, which takes writes; `follower` applies operations in
 * order; `importing` is being filled; `sealed` takes nothing; `moved` holds left-over data.
 */
export type FenceState = 'open' | 'follower' | 'importing' | 'sealed' | 'moved';

/** Version of the protocol that fences say they follow; software of another one must not touch them. */
export const PROTOCOL_VERSION = 1;

/** The record inside a data cluster that decides what may be done with one slot there. */
export interface Fence {
  readonly slot: number;
  readonly protocol: number;
  /** The last edit known to the leader that last changed this fence. */
  readonly edit: number;
  /** The number of the edit that decided the present owner. */
  readonly epoch: number;
  readonly state: FenceState;
  /** At the owner the last number given out, elsewhere the last one applied. */
  readonly sequence: number;
  /**
   * Names the owner's transaction that gave out that number; '' if none did, or nobody noted it. Logs of
   * the same length are the same log only if this agrees: an owner that was restored from a backup gives
   * out its numbers again.
   */
  readonly lastTransaction: string;
  /** Owner only: the clusters that must have applied an operation before it is acknowledged. */
  readonly pushTo: readonly string[];
  /** Records up to this number have been purged. */
  readonly purgedThrough: number;
  /** Operation ids (UUIDv7) below this one are refused: the record that knew them may be gone. */
  readonly refuseIdsBefore: string;
}

/** What a fence must be like to be changed; what is absent may be anything. */
export interface FenceMatch {
  readonly state?: FenceState | readonly FenceState[];
  readonly edit?: number;
  readonly editAtMost?: number;
  readonly epoch?: number;
  readonly epochAtMost?: number;
  readonly sequence?: number;
  readonly sequenceBelow?: number;
  readonly lastTransaction?: string;
}

/**
 * What becomes of it. `advanceBy` adds to the sequence and excludes `sequence`. Whatever it says, even
 * nothing new, the fence is written, so that every other transaction that changes it conflicts.
 */
export interface FenceChange {
  readonly state?: FenceState;
  readonly edit?: number;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly lastTransaction?: string;
  readonly advanceBy?: number;
  readonly pushTo?: readonly string[];
  readonly purgedThrough?: number;
  readonly refuseIdsBefore?: string;
}
