import type { Clock } from '@marquee/slot-protocol';
import { pause } from '../pause.ts';
import type { HeartbeatMemory, HeartbeatStore } from './heartbeat-memory.ts';

/** A backup that is younger than this may be missed if all instances were away when it was restored. */
const SAVE_INTERVAL_MS = 30_000;

const RETRY_MS = 1_000;

export interface HeartbeatKeeping {
  /** Whether what former leaders knew is known: before that no number may be raised. */
  readonly isLoaded: boolean;
}

/** Lets a leader's memory outlive it, during its term. */
export const keepHeartbeats = (
  memory: HeartbeatMemory,
  store: HeartbeatStore,
  clock: Clock,
  term: AbortSignal,
  onWarning: (error: unknown) => void,
): HeartbeatKeeping => {
  const keeping = { isLoaded: false };
  const run = async (): Promise<void> => {
    while (!term.aborted) {
      try {
        if (!keeping.isLoaded) {
          for (const [cluster, heartbeat] of Object.entries(await store.load())) {
            memory.learn(cluster, heartbeat);
          }
          keeping.isLoaded = true;
        } else {
          await store.save(memory.numbers);
        }
        await memory.untilForgotten(clock, SAVE_INTERVAL_MS, term);
      } catch (error) {
        onWarning(error);
        await pause(clock, RETRY_MS, term);
      }
    }
  };
  void run();
  return keeping;
};
