import type { CatchUpResult } from './catch-up.ts';

/** What the data plane did, for metrics and reports. Lengths in milliseconds. */
export type DataPlaneEvent =
  | {
      readonly kind: 'write';
      readonly outcome: 'acknowledged' | 'refused' | 'unknown';
      readonly attempts: number;
      readonly ms: number;
    }
  | {
      readonly kind: 'owner-transaction';
      readonly cluster: string;
      readonly operations: number;
      readonly ms: number;
      readonly ok: boolean;
    }
  | {
      readonly kind: 'push';
      readonly cluster: string;
      readonly operations: number;
      readonly ms: number;
      readonly ok: boolean;
    }
  | {
      readonly kind: 'catch-up';
      readonly cluster: string;
      readonly slot: number;
      readonly result: CatchUpResult;
    }
  /** A follower that a writer could not bring along: the NameNode should look at it. */
  | { readonly kind: 'behind'; readonly cluster: string; readonly slot: number }
  | {
      readonly kind: 'read';
      readonly shard: string;
      readonly cluster: string;
      readonly readFrom: string;
      readonly stale: boolean;
      readonly ms: number;
    }
  | { readonly kind: 'shard-unavailable'; readonly shard: string }
  | { readonly kind: 'overloaded'; readonly what: 'reads' | 'writes' | 'slot' };

/** Is told of every event as it happens; must not throw and must not take long. */
export type Observe = (event: DataPlaneEvent) => void;
