import type { Clock } from '@marquee/slot-protocol';
import { pause } from '../pause.ts';
import { observe, unobserved, type ClusterHealth, type Observation } from './cluster-health.ts';
import { PROBE_PAUSE_MIN_MS, probePauseMs, type ProbePace } from './probe-pace.ts';

/** Resolves if the cluster answers and is what it should be; rejects otherwise, in bounded time. */
export type Probe = (cluster: string, signal: AbortSignal) => Promise<void>;

export interface HealthMonitorOptions {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly detectionTimeMs: number;
  /** How closely to look now; by default as a leader does. */
  readonly pace?: () => ProbePace;
  /** Called with every change of a status, in order. */
  readonly onChange: (cluster: string, health: ClusterHealth) => void;
}

/** A probe without an answer by then counts as missed, so that probes of one cluster never pile up. */
export const PROBE_MAX_MS = 1_000;

interface Watched {
  health: ClusterHealth;
  lastRttMs: number | null;
  lastError: unknown;
  /** Ends the pause before the next probe. */
  wake: AbortController;
  readonly stop: AbortController;
}

/** What is known of a cluster, with the time since it was seen instead of clock readings. */
export interface HealthReport {
  readonly health: ClusterHealth;
  readonly lastSeenAgoMs: number | null;
  readonly rttMs: number | null;
  /** Why the last probe failed; null after an answer. */
  readonly error: unknown;
}

/** Probes clusters, each in a loop of its own so that a silent one delays no other. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  /** Watches exactly these clusters from now on; what is known of those that stay is kept. */
  watch(clusters: readonly string[]): void {
    const wanted = new Set(clusters);
    for (const [cluster, { stop }] of this.#watched) {
      if (wanted.has(cluster)) continue;
      stop.abort();
      this.#watched.delete(cluster);
    }
    for (const cluster of wanted) {
      if (this.#watched.has(cluster)) continue;
      const watched: Watched = {
        health: unobserved(this.#options.clock.monotonicNow()),
        lastRttMs: null,
        lastError: null,
        wake: new AbortController(),
        stop: new AbortController(),
      };
      this.#watched.set(cluster, watched);
      void this.#probeForever(cluster, watched);
    }
  }

  /** A router could not reach the cluster: it is probed now. */
  report(cluster: string): void {
    const watched = this.#watched.get(cluster);
    if (watched === undefined) return;
    const { health } = watched;
    this.#observe(cluster, watched, 'reported');
    // Reports come by the hundred; the first one since the last probe changes something.
    if (watched.health !== health) watched.wake.abort();
  }

  /** Probes every cluster now: the pace has changed. */
  hurry(): void {
    for (const { wake } of this.#watched.values()) wake.abort();
  }

  healthOf(cluster: string): HealthReport | undefined {
    const watched = this.#watched.get(cluster);
    if (watched === undefined) return undefined;
    const { health, lastRttMs: rttMs, lastError: error } = watched;
    const { lastSeenAtMs } = health;
    const nowMs = this.#options.clock.monotonicNow();
    return {
      health,
      lastSeenAgoMs: lastSeenAtMs === null ? null : nowMs - lastSeenAtMs,
      rttMs,
      error,
    };
  }

  close(): void {
    this.watch([]);
  }

  async #probeForever(cluster: string, watched: Watched): Promise<void> {
    const { clock, detectionTimeMs, pace = () => 'leading' as const } = this.#options;
    const { signal } = watched.stop;
    while (!signal.aborted) {
      const beganMs = clock.monotonicNow();
      watched.wake = new AbortController();
      await this.#probeOnce(cluster, watched);
      const tookMs = clock.monotonicNow() - beganMs;
      const pauseMs = probePauseMs(watched.health, pace(), detectionTimeMs);
      const leastMs = Math.max(0, PROBE_PAUSE_MIN_MS - tookMs);
      await pause(clock, leastMs, signal);
      const over = AbortSignal.any([watched.wake.signal, signal]);
      await pause(clock, Math.max(0, pauseMs - tookMs - leastMs), over);
    }
  }

  async #probeOnce(cluster: string, watched: Watched): Promise<void> {
    const { clock, probe } = this.#options;
    const over = new AbortController();
    const stop = () => {
      over.abort();
    };
    watched.stop.signal.addEventListener('abort', stop, { once: true });
    const beganMs = clock.monotonicNow();
    const timedOut = pause(clock, PROBE_MAX_MS, over.signal).then(() => {
      throw new Error(`no answer within ${String(PROBE_MAX_MS)} ms`);
    });
    try {
      await Promise.race([probe(cluster, over.signal), timedOut]);
      watched.lastRttMs = clock.monotonicNow() - beganMs;
      watched.lastError = null;
      this.#observe(cluster, watched, 'answered');
    } catch (error) {
      if (watched.stop.signal.aborted) return;
      watched.lastError = error;
      this.#observe(cluster, watched, 'missed');
    } finally {
      timedOut.catch(() => undefined);
      watched.stop.signal.removeEventListener('abort', stop);
      over.abort();
    }
  }

  #observe(cluster: string, watched: Watched, kind: Observation['kind']): void {
    const { clock, detectionTimeMs, onChange } = this.#options;
    const before = watched.health.status;
    const observation = { kind, atMs: clock.monotonicNow() };
    watched.health = observe(watched.health, observation, detectionTimeMs);
    if (watched.health.status !== before) onChange(cluster, watched.health);
  }
}
