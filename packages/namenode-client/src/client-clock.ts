/** Time as the client uses it: lengths only. */
export interface ClientClock {
  /** Milliseconds since some moment of this process; never goes back. */
  monotonicNow(): number;
  /** Calls back once after a length of time; what it answers cancels. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

export const systemClientClock: ClientClock = {
  monotonicNow: () => performance.now(),
  setTimer: (callback, delayMs) => {
    // Polling must not keep a process alive that has nothing else to do.
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
