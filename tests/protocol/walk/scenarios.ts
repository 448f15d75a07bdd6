import type { Weather } from '../world/network.ts';
import type { Deployment, TimedFault } from './walk-plan.ts';

export type FaultKind =
  | 'pause'
  | 'restart'
  | 'cut-one-way'
  | 'cut-both-ways'
  | 'isolate-name-nodes'
  | 'isolate-cluster-from-name-nodes'
  | 'pause-name-node'
  | 'pause-router'
  | 'restart-name-node'
  | 'cut-metadata'
  | 'cut-router-from-name-nodes'
  | 'stop'
  | 'stop-metadata'
  | 'elect'
  | 'restore';

export type OrderKind = 'planned-failover' | 'migration' | 'give-up';

/** What kind of walk it is: who there is, what they do, and how rough it gets. */
export interface Scenario {
  readonly shards: Deployment['shards'];
  readonly nameNodes: number;
  readonly routers: number;
  readonly detectionTimeMs: number;
  readonly minInSync: number;
  /** How long things may go wrong. */
  readonly durationMs: number;
  readonly operations: number;
  readonly readers: number;
  /** Mean time between two faults. */
  readonly faultEveryMs: number;
  readonly faultMeanMs: number;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Mean time between two orders, and what is ordered. */
  readonly orderEveryMs: number;
  readonly orders: Readonly<Partial<Record<OrderKind, number>>>;
  /** Undefined: as the seed wants it. */
  readonly weather?: Weather;
  /** Faults of every walk, beside those that the seed draws. */
  readonly script?: readonly TimedFault[];
  /** Clocks run up to this share faster or slower than true time. */
  readonly clockDriftMax: number;
}

const usual = {
  nameNodes: 2,
  routers: 3,
  detectionTimeMs: 3_000,
  minInSync: 1,
  durationMs: 30_000,
  operations: 40,
  readers: 2,
  faultEveryMs: 2_500,
  faultMeanMs: 3_000,
  faults: {
    pause: 2,
    restart: 1,
    'cut-one-way': 2,
    'cut-both-ways': 2,
    'isolate-name-nodes': 1,
    stop: 2,
    'stop-metadata': 0.5,
    elect: 2,
  },
  orderEveryMs: 6_000,
  orders: { 'planned-failover': 1 },
  clockDriftMax: 0.02,
} as const;

const three = { A: ['a1', 'a2', 'a3'], B: ['b1', 'b2'] };
const pairs = { A: ['a1', 'a2'], B: ['b1', 'b2'] };
const single = { A: ['a1', 'a2', 'a3'] };

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  mixed: { ...usual, shards: three, orders: { 'planned-failover': 1, migration: 1 } },
  pairs: { ...usual, shards: pairs },
  /** Much at once on few documents. */
  crowded: {
    ...usual,
    shards: { A: ['a1', 'a2'] },
    durationMs: 8_000,
    operations: 60,
    faultEveryMs: 1_000,
    faultMeanMs: 1_000,
  },
  rough: { ...usual, shards: single, faultEveryMs: 800, faultMeanMs: 2_000 },
  migrations: {
    ...usual,
    shards: pairs,
    orderEveryMs: 3_000,
    orders: { migration: 1 },
    faultEveryMs: 5_000,
  },
  failovers: {
    ...usual,
    shards: single,
    faultEveryMs: 3_000,
    faultMeanMs: 6_000,
    faults: { stop: 3, 'isolate-name-nodes': 3, 'cut-one-way': 1, pause: 1 },
    orderEveryMs: 4_000,
  },
  /** Leaders that stop and wake up as somebody else's predecessor. */
  leaders: {
    ...usual,
    shards: pairs,
    faultEveryMs: 2_500,
    faultMeanMs: 6_000,
    faults: { 'pause-name-node': 4, 'cut-metadata': 3, 'isolate-name-nodes': 2, stop: 1 },
    orderEveryMs: 3_000,
    orders: { 'planned-failover': 2, migration: 1 },
  },
  /** Routers that stop, or do not hear of the NameNode, while ownership changes and they read. */
  stale: {
    ...usual,
    shards: pairs,
    readers: 6,
    faultEveryMs: 2_000,
    faultMeanMs: 4_000,
    faults: { 'pause-router': 4, 'cut-router-from-name-nodes': 4, 'isolate-name-nodes': 3 },
    orderEveryMs: 2_500,
    orders: { 'planned-failover': 2, migration: 2 },
    clockDriftMax: 0.1,
  },
  /** Leaders that are new when a cluster is missed, and routers that trust what they last heard. */
  leases: {
    ...usual,
    shards: pairs,
    readers: 8,
    operations: 120,
    faultEveryMs: 900,
    faultMeanMs: 3_500,
    faults: {
      'restart-name-node': 3,
      'cut-router-from-name-nodes': 5,
      'cut-metadata': 2,
      'isolate-cluster-from-name-nodes': 4,
    },
    orderEveryMs: 2_500,
    orders: { 'give-up': 3, migration: 2 },
    weather: { latencyMeanMs: 2, slowShare: 0, slowMeanMs: 1, lostReplyShare: 0.002 },
    clockDriftMax: 0.1,
  },
  /** Messages that arrive when everybody has given up on them. */
  late: {
    ...usual,
    shards: single,
    operations: 60,
    faultEveryMs: 3_000,
    faultMeanMs: 5_000,
    faults: { 'isolate-cluster-from-name-nodes': 3, stop: 1, 'pause-router': 1 },
    orderEveryMs: 2_000,
    orders: { 'planned-failover': 2, 'give-up': 1 },
    weather: { latencyMeanMs: 3, slowShare: 0.08, slowMeanMs: 3_000, lostReplyShare: 0.005 },
  },
  /** Replicas that join again and again, while much is written. */
  joins: {
    ...usual,
    shards: three,
    durationMs: 15_000,
    operations: 150,
    faultEveryMs: 3_000,
    faultMeanMs: 1_500,
    faults: { stop: 2, 'isolate-cluster-from-name-nodes': 1, elect: 1, 'pause-name-node': 2 },
    orderEveryMs: 800,
    orders: { 'give-up': 4, 'planned-failover': 1, migration: 1 },
    weather: { latencyMeanMs: 8, slowShare: 0.02, slowMeanMs: 400, lostReplyShare: 0.002 },
  },
  /**
   * An owner that no NameNode sees while others have their turn, and a router that knows only of it: what
   * is read there must be proved.
   */
  isolated: {
    ...usual,
    shards: single,
    readers: 4,
    operations: 60,
    durationMs: 45_000,
    faultEveryMs: 5_000,
    faultMeanMs: 1_000,
    faults: { elect: 1, 'pause-name-node': 1 },
    script: [
      { atMs: 1_000, kind: 'stop', cluster: 'a3', durationMs: 13_000 },
      { atMs: 8_000, kind: 'isolate', who: 'a1', from: ['n1', 'n2'], durationMs: 35_000 },
      { atMs: 8_000, kind: 'isolate', who: 'r1', from: ['n1', 'n2'], durationMs: 35_000 },
    ],
    orderEveryMs: 4_000,
    orders: { 'planned-failover': 1 },
  },
  /** Two that believe to lead, in the middle of what they do. */
  rivals: {
    ...usual,
    shards: pairs,
    durationMs: 45_000,
    faultEveryMs: 2_000,
    faultMeanMs: 8_000,
    faults: { 'pause-name-node': 4, 'cut-metadata': 2, 'isolate-cluster-from-name-nodes': 1 },
    orderEveryMs: 1_500,
    orders: { 'planned-failover': 3, migration: 2, 'give-up': 3 },
    weather: { latencyMeanMs: 3, slowShare: 0.05, slowMeanMs: 2_500, lostReplyShare: 0.005 },
  },
  /** The default detection time: leases outlast leaders. */
  slow: {
    ...usual,
    shards: pairs,
    detectionTimeMs: 15_000,
    durationMs: 60_000,
    faultMeanMs: 8_000,
    faultEveryMs: 4_000,
    orderEveryMs: 10_000,
  },
  /** Never fewer than two clusters have what was acknowledged. */
  cautious: { ...usual, shards: single, minInSync: 2, faultMeanMs: 5_000 },
};

/**
 * Run by name only: what the NameNode does not promise yet. A cluster that comes back as it was before
 * is found only when fences are compared, once a minute; an owner may have given out as many numbers
 * as it had forgotten by then.
 */
export const UNPROMISED: Readonly<Record<string, Scenario>> = {
  restored: {
    ...usual,
    shards: single,
    faultEveryMs: 8_000,
    faults: { restore: 1, elect: 1 },
    readers: 0,
  },
};
