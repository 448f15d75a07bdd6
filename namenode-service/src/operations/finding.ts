import type { CollectionName } from '@marquee/topology';

/** Something that a check has found to be wrong. */
export type Finding =
  /** A document whose key belongs to another slot than the one it is stored under. */
  | {
      readonly kind: 'misplaced';
      readonly cluster: string;
      readonly slot: number;
      readonly collection: CollectionName;
      readonly id: string;
    }
  /** A document that is stored under nothing that is a slot. */
  | {
      readonly kind: 'unslotted';
      readonly cluster: string;
      readonly collection: CollectionName;
      readonly id: string;
    }
  /** Data of slots that are not the cluster's, and that nobody knows to be left over. */
  | { readonly kind: 'orphaned'; readonly cluster: string; readonly slot: number }
  /** A replica holds other data than its owner, at the same number. */
  | {
      readonly kind: 'diverged';
      readonly cluster: string;
      readonly slot: number;
      readonly shard: string;
    }
  /** A film's counts are not what its reactions add up to. */
  | {
      readonly kind: 'wrong-counts';
      readonly cluster: string;
      readonly slot: number;
      readonly id: string;
    }
  /** A fence of a member of the slot's shard is not what the directory says. */
  | {
      readonly kind: 'wrong-fence';
      readonly cluster: string;
      readonly slot: number;
      readonly shard: string;
    }
  /** A fence is open, and its cluster is not the owner: a write might be acknowledged there. */
  | { readonly kind: 'second-owner'; readonly cluster: string; readonly slot: number }
  /** The reactions of a deleted account should have been removed long ago. */
  | {
      readonly kind: 'left-over-job';
      readonly cluster: string;
      readonly slot: number;
      readonly id: string;
    }
  /** A cluster did not answer, so that nothing is known of it. */
  | { readonly kind: 'unchecked'; readonly cluster: string };

/** Two looks find the same. */
export const findingKey = (finding: Finding): string => JSON.stringify(finding);
