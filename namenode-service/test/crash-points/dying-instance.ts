import type { DataCluster } from '@marquee/slot-protocol';
import type { ClusterStamps } from '../../src/clusters/cluster-stamp.ts';
import type { OperationContext } from '../../src/operations/operation-context.ts';
import type { OperationStore } from '../../src/operations/operation-entry.ts';
import type { Instance } from '../doubles/operation-world.ts';

/** Just before the fatal step is done, or just after: nobody gets to know its answer. */
export type Moment = 'before' | 'after';

class Killed extends Error {
  readonly code = 'NOT_READY';
}

/** Calls of a cluster that are steps; what they do inside of a transaction happens or does not. */
const CLUSTER_CALLS = [
  'transaction',
  'fences',
  'page',
  'count',
  'ensureIndexes',
  'createFences',
] as const;

/** Everything that an instance does to the outside, counted; from the fatal step on, it does nothing. */
export class DyingInstance {
  readonly context: OperationContext;
  readonly leadership;
  #steps = 0;
  #crashAt: number | undefined;
  #moment: Moment = 'before';
  #dead = false;
  readonly #isCounted: (cluster: string) => boolean;

  /** Steps at clusters that do not matter are no crash points. */
  constructor(
    { context, leadership }: Instance,
    isCounted: (cluster: string) => boolean = () => true,
  ) {
    this.#isCounted = isCounted;
    this.leadership = {
      append: (...edit: Parameters<typeof leadership.append>) =>
        this.#step(() => leadership.append(...edit)),
      get isLeader() {
        return leadership.isLeader;
      },
      get lastAppended() {
        return leadership.lastAppended;
      },
    };
    this.context = {
      ...context,
      leadership: this.leadership,
      cluster: async (name) => this.#watched(await context.cluster(name)),
    };
  }

  /** Steps count from here on, and one of them is the last. */
  arm(crashAt: number, moment: Moment): void {
    this.#steps = 0;
    this.#crashAt = crashAt;
    this.#moment = moment;
  }

  get steps(): number {
    return this.#steps;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  store(store: OperationStore): OperationStore {
    const watched = Object.create(store) as OperationStore;
    for (const name of STORE_CALLS) {
      const call = (store[name] as (...args: unknown[]) => Promise<unknown>).bind(store);
      watched[name] = ((...args: unknown[]) => this.#step(() => call(...args))) as never;
    }
    return watched;
  }

  stamps(stamps: ClusterStamps): ClusterStamps {
    return {
      read: (...args) => this.#step(() => stamps.read(...args)),
      beat: (...args) => this.#step(() => stamps.beat(...args)),
      claim: (...args) => this.#step(() => stamps.claim(...args)),
    };
  }

  #watched(cluster: DataCluster): DataCluster {
    const watched = Object.create(cluster) as DataCluster;
    const isCounted = this.#isCounted(cluster.name);
    for (const name of CLUSTER_CALLS) {
      const call = (cluster[name] as (...args: unknown[]) => Promise<unknown>).bind(cluster);
      watched[name] = ((...args: unknown[]) => this.#step(() => call(...args), isCounted)) as never;
    }
    return watched;
  }

  async #step<Result>(work: () => Promise<Result>, isCounted = true): Promise<Result> {
    if (this.#dead) throw new Killed();
    if (this.#crashAt === undefined || !isCounted) return work();
    this.#steps += 1;
    const isFatal = this.#steps === this.#crashAt;
    if (isFatal && this.#moment === 'before') this.#dead = true;
    if (this.#dead) throw new Killed();
    const result = await work();
    if (isFatal) this.#dead = true;
    if (this.#dead) throw new Killed();
    return result;
  }
}

const STORE_CALLS = [
  'insert',
  'addStep',
  'addToReport',
  'update',
  'find',
  'findByKey',
  'unfinished',
] as const;
