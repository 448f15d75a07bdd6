import type { ClusterHealth } from './cluster-health.ts';

/** Whether somebody acts on what the probes find, or only needs to begin with it when it is elected. */
export type ProbePace = 'leading' | 'following';

/** The time between two probes of a healthy cluster: a share of the detection time, within bounds. */
const PACES = {
  leading: { share: 1 / 6, maxMs: 2_000 },
  following: { share: 2 / 3, maxMs: 10_000 },
} as const;

/** Not more often than this, however many report a cluster. */
export const PROBE_PAUSE_MIN_MS = 250;

/** After a first miss the next probe comes at once: two make a suspect, and the sooner the better. */
const AGAIN_MS = 300;

/** One that does not answer: often enough to see it come back. */
const UNWELL_MAX_MS = 1_000;

/** How long to wait until a cluster in this state is probed again. */
export const probePauseMs = (
  health: ClusterHealth,
  pace: ProbePace,
  detectionTimeMs: number,
): number => {
  const { share, maxMs } = PACES[pace];
  const atRestMs = Math.min(maxMs, Math.max(PROBE_PAUSE_MIN_MS, detectionTimeMs * share));
  if (health.status !== 'healthy') return Math.min(atRestMs, UNWELL_MAX_MS);
  return health.missedProbes > 0 ? Math.min(atRestMs, AGAIN_MS) : atRestMs;
};
