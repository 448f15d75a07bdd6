import type { Logger } from '@marquee/service-kit';
import { Deadline, type Clock, type DataCluster } from '@marquee/slot-protocol';
import { pause } from '../pause.ts';

/** What is known of the declared indexes at one cluster. */
export type IndexState = 'unknown' | 'lacking' | 'complete';

export interface IndexKeeperOptions {
  readonly cluster: (name: string) => Promise<DataCluster>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** For a look at the lists of indexes: six small commands. */
const LOOK_MAX_MS = 5_000;

/** One attempt to build: large collections take their time; the next attempt waits for the same build. */
const BUILD_MAX_MS = 10 * 60_000;

/** A person may drop an index; more often is not worth the traffic. */
const CHECK_INTERVAL_MS = 5 * 60_000;

const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 30_000;

interface Kept {
  missing: readonly string[] | undefined;
  /** Ends the pause before the next look. */
  wake: AbortController;
  readonly stop: AbortController;
}

/**
 * Brings the declared indexes to every cluster while this instance leads, each cluster in a loop of its
 * own, and knows which ones lack any: those are not to be read.
 */
export class IndexKeeper {
  readonly #options: IndexKeeperOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: IndexKeeperOptions) {
    this.#options = options;
  }

  /** Looks after exactly these clusters from now on; none ends it. */
  keep(clusters: readonly string[]): void {
    const wanted = new Set(clusters);
    for (const [cluster, { stop }] of this.#kept) {
      if (wanted.has(cluster)) continue;
      stop.abort();
      this.#kept.delete(cluster);
    }
    for (const cluster of wanted) {
      if (this.#kept.has(cluster)) continue;
      const kept = { missing: undefined, wake: new AbortController(), stop: new AbortController() };
      this.#kept.set(cluster, kept);
      void this.#keepForever(cluster, kept);
    }
  }

  stateOf(cluster: string): IndexState {
    const missing = this.missingAt(cluster);
    if (missing === undefined) return 'unknown';
    return missing.length === 0 ? 'complete' : 'lacking';
  }

  /** Names of the indexes that it lacks; undefined where nobody has looked. */
  missingAt(cluster: string): readonly string[] | undefined {
    return this.#kept.get(cluster)?.missing;
  }

  /** It was away: nobody knows what it has now, and it is looked at as soon as it answers. */
  forget(cluster: string): void {
    const kept = this.#kept.get(cluster);
    if (kept === undefined) return;
    kept.missing = undefined;
    kept.wake.abort();
  }

  async #keepForever(name: string, kept: Kept): Promise<void> {
    const { clock } = this.#options;
    const { signal } = kept.stop;
    let retryMs = RETRY_MIN_MS;
    while (!signal.aborted) {
      kept.wake = new AbortController();
      const { wake } = kept;
      const isDone = await this.#keepOnce(name, kept);
      const sleepMs = isDone ? CHECK_INTERVAL_MS : retryMs;
      retryMs = isDone ? RETRY_MIN_MS : Math.min(retryMs * 2, RETRY_MAX_MS);
      await pause(clock, sleepMs, AbortSignal.any([wake.signal, signal]));
    }
  }

  async #keepOnce(name: string, kept: Kept): Promise<boolean> {
    const { clock, cluster: connect, logger } = this.#options;
    const { wake } = kept;
    const learn = (missing: readonly string[]): void => {
      // What was seen before it was away says nothing of it now.
      if (!wake.signal.aborted) kept.missing = missing;
    };
    try {
      const cluster = await connect(name);
      const missing = await cluster.missingIndexes(Deadline.after(LOOK_MAX_MS, clock));
      learn(missing);
      if (missing.length === 0 || kept.stop.signal.aborted) return true;
      logger.warn({ event: 'indexes', cluster: name, missing }, `${name} lacks indexes`);
      await cluster.ensureIndexes(Deadline.after(BUILD_MAX_MS, clock));
      learn(await cluster.missingIndexes(Deadline.after(LOOK_MAX_MS, clock)));
      logger.info({ event: 'indexes', cluster: name }, `${name} has its indexes`);
      return kept.missing?.length === 0;
    } catch (error) {
      logger.warn({ event: 'indexes', cluster: name, err: error }, `no look at ${name}'s indexes`);
      return false;
    }
  }
}
