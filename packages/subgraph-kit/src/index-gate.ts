import type { Logger } from '@marquee/service-kit';

/** Between two looks: a small index is built in less, a large one takes minutes. */
const LOOK_INTERVAL_MS = 1_000;

export interface IndexGateOptions {
  /** Indexes that this code relies on and that are missing, by cluster; rejects without a map. */
  readonly missingIndexes: () => Promise<ReadonlyMap<string, readonly string[]>>;
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
}

export interface IndexGate {
  /** Whether every cluster that was asked had every index; from then on for good. */
  readonly isOpen: boolean;
  close(): void;
}

/**
 * Keeps a subgraph from taking traffic before the NameNode has brought the indexes that its code needs:
 * a query without one would read a whole collection.
 */
export const openWithIndexes = (options: IndexGateOptions): IndexGate => {
  const { logger, missingIndexes, sleep } = options;
  const stop = new AbortController();
  const gate = { isOpen: false, close: () => stop.abort() };

  const isComplete = async (): Promise<boolean> => {
    try {
      const missing = await missingIndexes();
      if (missing.size === 0) return true;
      logger.warn({ missing: Object.fromEntries(missing) }, 'waiting for indexes');
    } catch (err) {
      logger.debug({ err }, 'nobody can tell yet which indexes there are');
    }
    return false;
  };
  const wait = async (): Promise<void> => {
    while (!stop.signal.aborted && !(await isComplete())) {
      await sleep(LOOK_INTERVAL_MS, stop.signal);
    }
    gate.isOpen = !stop.signal.aborted;
  };
  void wait();
  return gate;
};
