/** Time as the protocol uses it. Lengths are measured on the monotonic clock only. */
export interface Clock {
  /** Milliseconds since 1970; only recorded, nothing is decided by it. */
  now(): number;
  /** Milliseconds since some moment of this process; never goes back. */
  monotonicNow(): number;
  /** Calls back once after a length of time; what it answers cancels. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicNow: () => performance.now(),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export const sleep = (delayMs: number, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.setTimer(resolve, delayMs);
  });
