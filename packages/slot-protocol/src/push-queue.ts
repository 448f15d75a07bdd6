import { MarqueeError } from '@marquee/errors';
import { catchUp } from './catch-up.ts';
import type { DataCluster } from './data-cluster.ts';
import type { Observe } from './data-plane-event.ts';
import type { Deadline } from './deadline.ts';
import type { OwnerCommit } from './owner-transaction.ts';
import { push, type PushResult } from './push.ts';

/**
 * How often one push may meet a gap: each catch-up ends behind everything the owner had, so a second
 * gap means that others write faster than we push.
 */
export const GAPS_MAX = 5;

/** Operations pushed in one transaction; MongoDB advises at most 1,000 documents in one. */
export const PUSH_OPERATIONS_MAX = 500;

interface Waiting {
  readonly commit: OwnerCommit;
  readonly deadline: Deadline;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Pushes what one process commits for one slot at one owner to one follower: in order, one
 * transaction at a time, and what has piled up meanwhile together in the next.
 */
export class PushQueue {
  readonly #owner: DataCluster;
  readonly #follower: DataCluster;
  readonly #observe: Observe;
  readonly #onIdle: () => void;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(owner: DataCluster, follower: DataCluster, observe: Observe, onIdle: () => void) {
    this.#owner = owner;
    this.#follower = follower;
    this.#observe = observe;
    this.#onIdle = onIdle;
  }

  /**
   * Resolves once the follower has the commit.
   *
   * @throws STALE_MAP if it will not take it; CLUSTER_UNREACHABLE, DEADLINE_EXCEEDED.
   */
  push(commit: OwnerCommit, deadline: Deadline): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ commit, deadline, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const together = this.#takeTogether();
      const commit = joined(together.map((waiting) => waiting.commit));
      const deadline = latest(together.map((waiting) => waiting.deadline));
      const { clock } = deadline;
      const startedAtMs = clock.monotonicNow();
      const done = (ok: boolean): void =>
        this.#observe({
          kind: 'push',
          cluster: this.#follower.name,
          operations: commit.records.length,
          ms: clock.monotonicNow() - startedAtMs,
          ok,
        });
      try {
        await this.#pushOne(commit, deadline);
        done(true);
        for (const { resolve } of together) resolve();
      } catch (error) {
        done(false);
        for (const { reject } of together) reject(error);
      }
    }
    this.#running = false;
    this.#onIdle();
  }

  async #pushOne(commit: OwnerCommit, deadline: Deadline): Promise<void> {
    const { slot } = commit;
    const cluster = this.#follower.name;
    let result: PushResult = 'gap';
    for (let gaps = 0; gaps < GAPS_MAX; gaps += 1) {
      result = await push(this.#follower, commit, deadline);
      if (result !== 'gap') break;
      const caughtUp = await catchUp({
        slot,
        source: this.#owner,
        target: this.#follower,
        deadline,
      });
      this.#observe({ kind: 'catch-up', cluster, slot, result: caughtUp });
      if (caughtUp === 'copy' || caughtUp === 'forked') break;
    }
    if (result === 'done') return;
    this.#observe({ kind: 'behind', cluster, slot });
    throw new MarqueeError('STALE_MAP', { slot, cluster, push: result });
  }

  /** The first commit, and those behind it that follow without a gap. */
  #takeTogether(): Waiting[] {
    const together = this.#waiting.splice(0, 1);
    let operations = together[0]?.commit.records.length ?? 0;
    for (;;) {
      const last = together.at(-1)?.commit;
      const next = this.#waiting[0]?.commit;
      if (last === undefined || next === undefined || !follows(last, next)) return together;
      operations += next.records.length;
      if (operations > PUSH_OPERATIONS_MAX) return together;
      together.push(...this.#waiting.splice(0, 1));
    }
  }
}

const endOf = ({ base, records }: OwnerCommit): number => base + records.length;

// Commits without new operations are not joined: they only check, each for its own number.
const follows = (last: OwnerCommit, next: OwnerCommit): boolean =>
  next.epoch === last.epoch &&
  next.base === endOf(last) &&
  next.baseTransaction === last.lastTransaction &&
  last.records.length > 0 &&
  next.records.length > 0;

const joined = (commits: readonly OwnerCommit[]): OwnerCommit => {
  const [first, ...rest] = commits;
  const last = commits.at(-1);
  if (first === undefined || last === undefined) throw new TypeError('nothing to push');
  if (rest.length === 0) return first;
  const documents = new Map(
    commits
      .flatMap((commit) => commit.documents)
      .map((written) => [`${written.ref.collection}/${written.ref.id}`, written]),
  );
  return {
    ...last,
    base: first.base,
    baseTransaction: first.baseTransaction,
    records: commits.flatMap(({ records }) => records),
    documents: [...documents.values()],
    purge: commits.findLast(({ purge }) => purge !== undefined)?.purge,
    outcomes: [],
  };
};

const latest = (deadlines: readonly Deadline[]): Deadline =>
  deadlines.reduce((left, right) => (left.atMs >= right.atMs ? left : right));
