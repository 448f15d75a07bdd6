import { codeOf } from '@marquee/errors';
import type { ClusterRegistry } from './cluster-registry.ts';
import { ClusterUnreachable, isClusterUnreachable } from './cluster-unreachable.ts';
import type { DataCluster } from './data-cluster.ts';
import type { Observe } from './data-plane-event.ts';
import type { Deadline } from './deadline.ts';
import type { OwnerCommit } from './owner-transaction.ts';
import type { ProtocolLogger } from './protocol-logger.ts';
import { pushTogether } from './push.ts';
import { PushQueue } from './push-queue.ts';

export interface PusherOptions {
  readonly clusters: ClusterRegistry;
  readonly logger: ProtocolLogger;
  readonly observe: Observe;
}

/** Brings what an owner committed to every cluster that must have it before it is acknowledged. */
export class Pusher {
  readonly #clusters: ClusterRegistry;
  readonly #logger: ProtocolLogger;
  readonly #observe: Observe;
  readonly #queues = new Map<string, PushQueue>();

  constructor({ clusters, logger, observe }: PusherOptions) {
    this.#clusters = clusters;
    this.#logger = logger;
    this.#observe = observe;
  }

  /**
   * Resolves once every cluster of `pushTo` has the commit.
   *
   * @throws STALE_MAP, CLUSTER_UNREACHABLE, CLUSTER_UNKNOWN, DEADLINE_EXCEEDED: it is committed at the
   * owner, and must not be acknowledged; the same operations may be sent again.
   */
  async push(owner: DataCluster, commit: OwnerCommit, deadline: Deadline): Promise<void> {
    await Promise.all(
      commit.pushTo.map((follower) => this.#pushTo(follower, owner, commit, deadline)),
    );
  }

  /** The same for the commits of one bulk transaction, in one transaction for each follower. */
  async pushAll(
    owner: DataCluster,
    commits: readonly OwnerCommit[],
    deadline: Deadline,
  ): Promise<void> {
    const followers = new Set(commits.flatMap(({ pushTo }) => pushTo));
    await Promise.all(
      [...followers].map(async (name) => {
        const mine = commits.filter(({ pushTo }) => pushTo.includes(name));
        const fresh = mine.filter(({ records }) => records.length > 0);
        const together = fresh.length > 1 && (await this.#pushTogether(name, fresh, deadline));
        const left = together ? mine.filter(({ records }) => records.length === 0) : mine;
        await Promise.all(left.map((commit) => this.#pushTo(name, owner, commit, deadline)));
      }),
    );
  }

  async #pushTogether(
    name: string,
    commits: readonly OwnerCommit[],
    deadline: Deadline,
  ): Promise<boolean> {
    const follower = await this.#clusters.get(name);
    return this.#retryable(name, () => pushTogether(follower, commits, deadline));
  }

  async #pushTo(
    name: string,
    owner: DataCluster,
    commit: OwnerCommit,
    deadline: Deadline,
  ): Promise<void> {
    const follower = await this.#clusters.get(name);
    const key = `${owner.name}/${name}/${commit.slot}`;
    const queue =
      this.#queues.get(key) ??
      new PushQueue(owner, follower, this.#observe, () => this.#queues.delete(key));
    this.#queues.set(key, queue);
    await this.#retryable(name, () => queue.push(commit, deadline));
  }

  // The owner has it already, so whatever went wrong here, the outcome is open, not a failure.
  async #retryable<T>(follower: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const code = codeOf(error);
      const isTold = code !== undefined && code !== 'PROTOCOL_UNSUPPORTED';
      if (isClusterUnreachable(error) || isTold) throw error;
      this.#logger.warn({ cluster: follower, err: error }, 'push failed');
      throw new ClusterUnreachable(follower, { cause: error });
    }
  }
}
