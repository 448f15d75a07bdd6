import type { Workload } from '../workload/planned-operation.ts';
import type { Weather } from '../world/network.ts';

/** Something that goes wrong at a moment of a walk, and is over after a time. */
export type PlannedFault =
  /** A process is stopped, and goes on afterwards as if nothing had been. */
  | { readonly kind: 'pause'; readonly process: string; readonly durationMs: number }
  /** A process is killed and started again. */
  | { readonly kind: 'restart'; readonly process: string; readonly durationMs: number }
  /** Nothing gets from one to the other. */
  | {
      readonly kind: 'cut';
      readonly from: string;
      readonly to: string;
      readonly durationMs: number;
    }
  /** Nothing gets from or to these, whoever the others are. */
  | {
      readonly kind: 'isolate';
      readonly who: string;
      readonly from: readonly string[];
      readonly durationMs: number;
    }
  /** A cluster answers nobody. */
  | { readonly kind: 'stop'; readonly cluster: string; readonly durationMs: number }
  /** A cluster elects a new primary. */
  | { readonly kind: 'elect'; readonly cluster: string }
  /** A cluster is stopped, and comes back as it was some time before. */
  | {
      readonly kind: 'restore';
      readonly cluster: string;
      readonly ageMs: number;
      readonly durationMs: number;
    };

/** What a person orders of the NameNode, if it can be done then. */
export type PlannedOrder =
  | { readonly kind: 'planned-failover'; readonly shard: string; readonly to: string }
  /** Somebody has found a replica that differs: it leaves, and joins again. */
  | { readonly kind: 'give-up'; readonly shard: string; readonly cluster: string }
  | { readonly kind: 'migration'; readonly slots: readonly number[]; readonly to: string };

export type TimedOrder = PlannedOrder & { readonly atMs: number };

export type TimedFault = PlannedFault & { readonly atMs: number };

/** Who there is. */
export interface Deployment {
  /** Shard → its clusters, the owner first. */
  readonly shards: Readonly<Record<string, readonly string[]>>;
  readonly nameNodes: readonly string[];
  readonly routers: readonly string[];
  readonly detectionTimeMs: number;
  /** Clusters of a shard that must have a write before it is acknowledged, as far as there are. */
  readonly minInSync: number;
  /** How long a cluster keeps a transaction whose client has gone. */
  readonly transactionLifetimeMs: number;
}

/**
 * A walk as data: everything but the code under test. The seed draws what is not listed here, such as
 * how long each message takes, in streams that do not depend on each other.
 */
export interface WalkPlan {
  readonly seed: number;
  readonly scenario: string;
  readonly deployment: Deployment;
  readonly weather: Weather;
  /** Process → seconds of its monotonic clock per true second. */
  readonly clockRates: Readonly<Record<string, number>>;
  readonly workload: Workload;
  readonly faults: readonly TimedFault[];
  readonly orders: readonly TimedOrder[];
  /** From then on nothing goes wrong any more, and everything has to come to an end. */
  readonly healedAtMs: number;
}
