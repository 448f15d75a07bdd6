import { hasCode } from '@marquee/errors';
import type { Clock, DataCluster } from '@marquee/slot-protocol';
import type { OperationPlan } from '../../../namenode-service/src/directory/directory-state.ts';
import type { HealthMonitor } from '../../../namenode-service/src/health/health-monitor.ts';
import type { Leadership } from '../../../namenode-service/src/leader/leadership.ts';
import type { OperationContext } from '../../../namenode-service/src/operations/operation-context.ts';
import type {
  OperationEntry,
  OperationStore,
} from '../../../namenode-service/src/operations/operation-entry.ts';
import { OperationRunner } from '../../../namenode-service/src/operations/operation-runner.ts';
import { ShardLocks } from '../../../namenode-service/src/operations/shard-locks.ts';
import { ShardSteward } from '../../../namenode-service/src/operations/shard-steward.ts';
import { pause } from '../../../namenode-service/src/pause.ts';
import type { DirectoryFollower } from '../../../namenode-service/src/served-map/directory-follower.ts';
import { noLogger } from './silent-logger.ts';

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

/** The steward looks around this often. */
const TEND_INTERVAL_MS = 250;

/** Walks are short: a shard may fail over again soon. */
const AUTOMATIC_FAILOVER_INTERVAL_MS = 4_000;

/** What an instance does while it leads: stewards for all shards, and what people order. */
export class LeaderTerm {
  readonly #options: LeaderTermOptions;
  readonly #runner: OperationRunner;

  constructor(options: LeaderTermOptions) {
    this.#options = options;
    const { clock, cluster, follower, instance, leadership, monitor, newId, term } = options;
    const context: OperationContext = { leadership, follower, cluster, clock, term };
    const locks = new ShardLocks();
    this.#runner = new OperationRunner({
      context,
      store: NO_STORE,
      locks,
      logger: noLogger,
      newOperationId: newId,
      instance,
      isUrgent: () => false,
    });
    const { state } = follower;
    for (const { name } of state.status === 'running' ? state.shards : []) {
      const steward = new ShardSteward(name, {
        context,
        locks,
        healthOf: (each) => monitor.healthOf(each)?.health,
        run: (plan, why) => this.#runner.runOwn(plan, why),
        instance,
        logger: noLogger,
        automaticFailoverIntervalMs: AUTOMATIC_FAILOVER_INTERVAL_MS,
      });
      void this.#tendForever(steward);
    }
  }

  /** What a person orders. */
  async order(plan: OperationPlan): Promise<void> {
    const { clock, newId, onSurprise } = this.#options;
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
      cancelRequested: false,
    };
    try {
      await this.#runner.runOrdered(entry);
    } catch (error) {
      if (!isExpected(error)) onSurprise(error);
    }
  }

  async #tendForever(steward: ShardSteward): Promise<void> {
    const { clock, onSurprise, term } = this.#options;
    while (!term.aborted) {
      try {
        await steward.tend();
      } catch (error) {
        if (!isExpected(error)) onSurprise(error);
      }
      await pause(clock, TEND_INTERVAL_MS, term);
    }
  }
}

const isExpected = (error: unknown): boolean => hasCode(error, 'NOT_READY', 'METADATA_UNAVAILABLE');

/** Nothing is decided by what is kept for people. */
const NO_STORE: OperationStore = {
  insert: (entry) => Promise.resolve(entry),
  addStep: () => Promise.resolve(),
  update: () => Promise.resolve(),
  find: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  unfinished: () => Promise.resolve([]),
};
