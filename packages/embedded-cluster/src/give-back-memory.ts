import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Nothing asked for so long: a collection now delays nobody. */
const IDLE_MS = 3000;

/** What one collection frees, V8 returns to the system only at a later one. */
const COLLECTIONS = 3;

/**
 * Five clusters on a developer's machine rest most of the time, and V8 keeps what a load took until it
 * needs to collect again. Collects a few times after each busy time; the answer stops that.
 */
export const giveBackMemoryWhenIdle = (workDone: () => number): (() => void) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let seen = workDone();
  let collectionsLeft = 0;
  const timer = setInterval(() => {
    const now = workDone();
    if (now !== seen) {
      seen = now;
      collectionsLeft = COLLECTIONS;
    } else if (collectionsLeft > 0) {
      collectionsLeft--;
      collect();
    }
  }, IDLE_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
};
