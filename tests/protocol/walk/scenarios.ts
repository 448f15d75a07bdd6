import type { Deployment } from './walk-plan.ts';

export type FaultKind =
  | 'pause'
  | 'restart'
  | 'cut-one-way'
  | 'cut-both-ways'
  | 'isolate-name-nodes'
  | 'pause-name-node'
  | 'pause-router'
  | 'cut-metadata'
  | 'cut-router-from-name-nodes'
  | 'stop'
  | 'stop-metadata'
  | 'elect';

export type OrderKind = 'planned-failover' | 'migration';

/** What kind of walk it is: who there is, what they do, and how rough it gets. */
export interface Scenario {
  readonly shards: Deployment['shards'];
  readonly nameNodes: number;
  readonly routers: number;
  readonly detectionTimeMs: number;
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
  /** Clocks run up to this share faster or slower than true time. */
  readonly clockDriftMax: number;
}

const usual = {
  nameNodes: 2,
  routers: 3,
  detectionTimeMs: 3_000,
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
};
