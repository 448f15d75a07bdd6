/**
 * Signals this close to the first are the same wish. One Ctrl-C arrives twice under npm: the terminal
 * tells its whole foreground group, and npm passes its own signal on half a millisecond later. Nobody
 * presses twice within this time by intent, and a busy machine delivers late.
 */
export const SAME_REQUEST_MS = 500;

/** What a signal asks for, by when it comes: first to drain, later to end everything at once. */
export const createStopRequests = (): ((nowMs: number) => 'drain' | 'kill' | 'same') => {
  let firstAtMs: number | undefined;
  return (nowMs) => {
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      return 'drain';
    }
    return nowMs - firstAtMs < SAME_REQUEST_MS ? 'same' : 'kill';
  };
};
