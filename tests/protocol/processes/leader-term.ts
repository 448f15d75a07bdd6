import type { Clock, DataCluster } from '@marquee/slot-protocol';
import type { OperationPlan } from '../../../namenode-service/src/directory/directory-state.ts';
import type { HealthMonitor } from '../../../namenode-service/src/health/health-monitor.ts';
import type { Leadership } from '../../../namenode-service/src/leader/leadership.ts';
import { DeploymentSteward } from '../../../namenode-service/src/operations/deployment-steward.ts';
import type {
  OperationEntry,
  OperationStore,
} from '../../../namenode-service/src/operations/operation-entry.ts';
import type { DirectoryFollower } from '../../../namenode-service/src/served-map/directory-follower.ts';
import { loggerThatTells } from './silent-logger.ts';

export interface LeaderTermOptions {
  readonly instance: string;
  readonly leadership: Leadership;
  readonly follower: DirectoryFollower;
  readonly monitor: HealthMonitor;
  readonly cluster: (name: string) => Promise<DataCluster>;
  readonly clock: Clock;
  readonly term: AbortSignal;
  readonly newId: () => string;
  /** Told of what should never be thrown. */
  readonly onSurprise: (error: unknown) => void;
}

/** Walks are short: a shard may fail over again soon. */
const AUTOMATIC_FAILOVER_INTERVAL_MS = 4_000;

/** What an instance does while it leads: it looks after all shards, and does what people order. */
export class LeaderTerm {
  readonly #options: LeaderTermOptions;
  readonly #steward: DeploymentSteward;

  constructor(options: LeaderTermOptions) {
    this.#options = options;
    const { clock, cluster, follower, instance, leadership, monitor, newId, term } = options;
    this.#steward = new DeploymentSteward({
      context: { leadership, follower, cluster, clock, term },
      store: NO_STORE,
      healthOf: (each) => monitor.healthOf(each)?.health,
      newOperationId: newId,
      instance,
      outcomeInLog: () => Promise.resolve('undone'),
      logger: loggerThatTells(options.onSurprise),
      automaticFailoverIntervalMs: AUTOMATIC_FAILOVER_INTERVAL_MS,
      write: () => Promise.reject(new Error('nobody orders a repair')),
      newUuid: newId,
      onDeposed: () => leadership.stepDown(),
    });
    void this.#steward.run();
  }

  /** What a person orders. */
  order(plan: OperationPlan): void {
    const { clock, newId } = this.#options;
    const entry: OperationEntry = {
      id: newId(),
      plan,
      status: 'queued',
      by: 'somebody',
      why: 'an order',
      orderedAtMs: clock.now(),
      endedAtMs: null,
      outcome: null,
      steps: [],
      idempotencyKey: null,
      request: null,
      cancelRequested: false,
    };
    this.#steward.order(entry);
  }

  giveUp(shard: string, cluster: string): void {
    this.#steward.giveUp(shard, cluster);
  }

  /** A router has met a replica that lags behind. */
  compareSoon(shard: string): void {
    this.#steward.compareSoon(shard);
  }
}

/** Nothing is decided by what is kept for people. */
const NO_STORE: OperationStore = {
  insert: (entry) => Promise.resolve(entry),
  addStep: () => Promise.resolve(),
  addToReport: () => Promise.resolve(),
  update: () => Promise.resolve(),
  find: () => Promise.resolve(undefined),
  findByKey: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  unfinished: () => Promise.resolve([]),
};
