import { MarqueeError } from '@marquee/errors';
import type { Clock } from '@marquee/slot-protocol';
import { pause } from '../pause.ts';
import type { DirectoryFollower } from './directory-follower.ts';
import { ServedMap } from './served-map.ts';

/** Long polls that wait at a time; every router has one, more than this are no routers. */
export const WAITERS_MAX = 1_000;

/** What a caller gets: a map, and whether it may count as confirmed for the read lease. */
export interface MapAnswer {
  readonly served: ServedMap;
  /** The end of the log was read after the request came in (PROTOCOL.md section 5). */
  readonly confirmed: boolean;
}

/** Serves the newest map that this instance knows, also while the metadata cluster is down. */
export class MapSource {
  readonly #follower: DirectoryFollower;
  readonly #clock: Clock;
  readonly #waiters = new Set<() => void>();
  #served: ServedMap | undefined;
  #closed = false;

  constructor(follower: DirectoryFollower, clock: Clock) {
    this.#follower = follower;
    this.#clock = clock;
    follower.onChange(() => {
      this.#release();
    });
  }

  get waiterCount(): number {
    return this.#waiters.size;
  }

  /** The map without confirmation: enough for whoever the fences will correct. @throws NOT_READY */
  current(): ServedMap {
    const { state } = this.#follower;
    if (state.status !== 'running') {
      throw new MarqueeError('NOT_READY', { directory: state.status });
    }
    if (this.#served?.version !== state.lastEdit) this.#served = new ServedMap(state);
    return this.#served;
  }

  /** The map after a read of the log that began after this call. @throws NOT_READY */
  async confirmed(): Promise<MapAnswer> {
    return this.#answer(this.#clock.monotonicNow());
  }

  /**
   * Waits up to `waitMs` for a map newer than `after`, then answers what there is.
   *
   * @throws NOT_READY, OVERLOADED (too many wait)
   */
  async newerThan(after: number, waitMs: number, signal: AbortSignal): Promise<MapAnswer> {
    const cameMs = this.#clock.monotonicNow();
    const untilMs = cameMs + waitMs;
    while (this.current().version <= after) {
      const leftMs = untilMs - this.#clock.monotonicNow();
      if (leftMs <= 0 || this.#closed || signal.aborted) break;
      await this.#wait(leftMs, signal);
    }
    return this.#answer(cameMs);
  }

  /** Answers everyone who waits, and lets nobody wait any more. */
  close(): void {
    this.#closed = true;
    this.#release();
  }

  async #answer(cameMs: number): Promise<MapAnswer> {
    if (this.#follower.confirmedAtMs < cameMs) {
      // Without the metadata cluster the map is served all the same; it only confirms nothing.
      await this.#follower.readToEnd().catch(() => undefined);
    }
    return { served: this.current(), confirmed: this.#follower.confirmedAtMs >= cameMs };
  }

  async #wait(durationMs: number, signal: AbortSignal): Promise<void> {
    if (this.#waiters.size >= WAITERS_MAX) {
      throw new MarqueeError('OVERLOADED', { waitersMax: WAITERS_MAX });
    }
    const over = new AbortController();
    const release = () => {
      over.abort();
    };
    this.#waiters.add(release);
    try {
      await pause(this.#clock, durationMs, AbortSignal.any([over.signal, signal]));
    } finally {
      this.#waiters.delete(release);
    }
  }

  #release(): void {
    for (const release of [...this.#waiters]) release();
  }
}
