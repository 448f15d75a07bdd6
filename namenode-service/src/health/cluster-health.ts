/** What the NameNode believes of a cluster. Times are monotonic milliseconds of this process. */
export type ClusterHealth =
  | { readonly status: 'healthy'; readonly lastSeenAtMs: number; readonly missedProbes: number }
  | {
      readonly status: 'suspect';
      readonly sinceMs: number;
      /** null: not seen since this process began to look. */
      readonly lastSeenAtMs: number | null;
      readonly answersInARow: number;
    }
  | {
      readonly status: 'down';
      readonly sinceMs: number;
      readonly lastSeenAtMs: number | null;
      readonly answersInARow: number;
    };

export type Observation =
  | { readonly kind: 'answered'; readonly atMs: number }
  | { readonly kind: 'missed'; readonly atMs: number }
  /** A router could not reach it. Alone it proves nothing; with the next missed probe it does. */
  | { readonly kind: 'reported'; readonly atMs: number };

/** One lost packet is no reason for an edit; two in a row are worth a wait for the read lease. */
export const SUSPECT_AFTER_MISSES = 2;

/** A cluster that comes and goes must not be promoted and left in turns. */
export const HEALTHY_AFTER_ANSWERS = 2;
export const RECOVERED_AFTER_ANSWERS = 3;

/** Before the first probe. A cluster that never answers is down after the detection time too. */
export const unobserved = (atMs: number): ClusterHealth => ({
  status: 'suspect',
  sinceMs: atMs,
  lastSeenAtMs: null,
  answersInARow: 0,
});

/**
 * The belief after one more observation: healthy → suspect after missed probes in a row → down once
 * it has not been seen for the detection time; back by several answers in a row.
 */
export const observe = (
  health: ClusterHealth,
  observation: Observation,
  detectionTimeMs: number,
): ClusterHealth => {
  switch (observation.kind) {
    case 'answered':
      return afterAnswer(health, observation.atMs);
    case 'missed':
      return afterMiss(health, observation.atMs, detectionTimeMs);
    case 'reported':
      if (health.status !== 'healthy') return health;
      if (health.missedProbes >= SUSPECT_AFTER_MISSES - 1) return health;
      return { ...health, missedProbes: SUSPECT_AFTER_MISSES - 1 };
  }
};

const afterAnswer = (health: ClusterHealth, atMs: number): ClusterHealth => {
  const healthy: ClusterHealth = { status: 'healthy', lastSeenAtMs: atMs, missedProbes: 0 };
  if (health.status === 'healthy' || health.lastSeenAtMs === null) return healthy;
  const answersInARow = health.answersInARow + 1;
  const enough = health.status === 'down' ? RECOVERED_AFTER_ANSWERS : HEALTHY_AFTER_ANSWERS;
  if (answersInARow >= enough) return healthy;
  return { ...health, lastSeenAtMs: atMs, answersInARow };
};

const afterMiss = (health: ClusterHealth, atMs: number, detectionTimeMs: number): ClusterHealth => {
  if (health.status === 'healthy') {
    const missedProbes = health.missedProbes + 1;
    if (missedProbes < SUSPECT_AFTER_MISSES) return { ...health, missedProbes };
    const { lastSeenAtMs } = health;
    return { status: 'suspect', sinceMs: atMs, lastSeenAtMs, answersInARow: 0 };
  }
  const unseenSinceMs = health.lastSeenAtMs ?? health.sinceMs;
  const isDown = health.status === 'suspect' && atMs - unseenSinceMs >= detectionTimeMs;
  if (isDown) return { ...health, status: 'down', sinceMs: atMs, answersInARow: 0 };
  return { ...health, answersInARow: 0 };
};
