import type { Clock } from '@marquee/slot-protocol';

/** Resolves after that time, or at once when the signal is aborted; never rejects. */
export const pause = (clock: Clock, durationMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.setTimer(done, durationMs);
    signal?.addEventListener('abort', done, { once: true });
  });
