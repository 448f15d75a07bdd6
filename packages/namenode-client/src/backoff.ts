/** Bounds of the time between two attempts that failed. */
export const BACKOFF_MIN_MS = 100;
export const BACKOFF_MAX_MS = 2_000;

/**
 * How long to wait after so many failures in a row: doubling, and with full jitter above the
 * minimum, so that a NameNode that comes back is not met by everybody at once.
 */
export const backoffMs = (failures: number, random: () => number): number => {
  const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.max(0, failures - 1));
  return BACKOFF_MIN_MS + random() * (ceilingMs - BACKOFF_MIN_MS);
};
