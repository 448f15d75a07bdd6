import type { ShardMap, SlotTable } from '@marquee/topology';
import type { Report } from './name-node-http.ts';

/** Calls made so far, by what they were for. */
export interface CallCounts {
  /** By the background loop that keeps the map; none of them delays a query. */
  readonly poll: number;
  /** Asked for by `refresh`. */
  readonly refresh: number;
  readonly report: number;
}

/**
 * The shard map, kept up to date in the background. Reading it never makes a call: a query on the
 * steady path meets no NameNode. The highest version wins, an older map or one of another
 * deployment is never taken, and while no NameNode answers the last map goes on being served.
 */
export interface NameNodeClient {
  /** The newest map known; undefined until `start` has resolved. */
  current(): ShardMap | undefined;
  /** The same, made ready for look-ups. */
  table(): SlotTable | undefined;
  /**
   * Begins to keep the map, and resolves once there is a first one. After `maxMs` without one it
   * rejects with NAMENODE_UNAVAILABLE, but goes on trying.
   */
  start(options?: { readonly maxMs?: number }): Promise<void>;
  /**
   * Asks for the newest map now, by a request sent after this call; calls at the same time share
   * one. @throws NAMENODE_UNAVAILABLE if no NameNode answers
   */
  refresh(): Promise<void>;
  /** `listener` is called with every newer map; what it answers ends that. */
  onChange(listener: (map: ShardMap) => void): () => void;
  /**
   * When the request was SENT that last confirmed the current map, in monotonic milliseconds of the
   * clock that was passed in; undefined if none has (PROTOCOL.md section 5).
   */
  confirmedAtMs(): number | undefined;
  /**
   * Whether the read lease holds at this moment: at most two thirds of the detection time have
   * passed since the confirming request was sent. Ask again when the data has arrived.
   */
  hasReadLease(): boolean;
  /**
   * Tells a NameNode what this router has seen; reports at the same time go together. Best effort: it
   * never rejects.
   */
  report(report: Report): Promise<void>;
  callCounts(): CallCounts;
  /** Ends the background loop and whatever is under way. */
  close(): Promise<void>;
}
