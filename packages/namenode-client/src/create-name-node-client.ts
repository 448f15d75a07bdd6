import { MarqueeError } from '@marquee/errors';
import { Agent, fetch as undiciFetch } from 'undici';
import { backoffMs } from './backoff.ts';
import { systemClientClock, type ClientClock } from './client-clock.ts';
import { MapKeeper } from './map-keeper.ts';
import type { NameNodeClient } from './name-node-client.ts';
import { ReportQueue } from './report-queue.ts';
import { NameNodeHttp, type FetchLike, type Report } from './name-node-http.ts';

export interface NameNodeClientOptions {
  /** Base URLs of the NameNodes; the one that answers is kept, the next is tried when it does not. */
  readonly urls: readonly string[];
  readonly serviceToken: () => Promise<string>;
  readonly clock?: ClientClock;
  readonly random?: () => number;
  readonly fetch?: FetchLike;
  /** Told of every call that failed; the client itself only tries again. */
  readonly onFailure?: (error: unknown) => void;
}

/** Share of the detection time that one long poll waits: several fit into a read lease. */
const POLL_SHARE = 1 / 6;

/** A long poll waits within these bounds, whatever the detection time. */
const POLL_MIN_MS = 200;
const POLL_MAX_MS = 20_000;

/** Before the first answer has told the detection time. */
const POLL_FIRST_MS = 500;

export const createNameNodeClient = (options: NameNodeClientOptions): NameNodeClient => {
  if (options.urls.length === 0) throw new TypeError('a NameNode client needs at least one URL');
  return new PollingClient(options);
};

class PollingClient implements NameNodeClient {
  readonly #options: NameNodeClientOptions;
  readonly #clock: ClientClock;
  readonly #random: () => number;
  readonly #http: NameNodeHttp;
  readonly #agent: Agent | undefined;
  readonly #keeper = new MapKeeper();
  readonly #closed = new AbortController();
  readonly #counts = { poll: 0, refresh: 0, report: 0 };
  readonly #reports = new ReportQueue((report) => this.#report(report));
  #urlIndex = 0;
  #pollMs = POLL_FIRST_MS;
  #loop: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #nextRefresh: Promise<void> | undefined;

  constructor(options: NameNodeClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClientClock;
    this.#random = options.random ?? Math.random;
    this.#agent = options.fetch === undefined ? new Agent() : undefined;
    this.#http = new NameNodeHttp({
      fetch: options.fetch ?? this.#undici(),
      serviceToken: options.serviceToken,
      clock: this.#clock,
    });
  }

  current() {
    return this.#keeper.map;
  }

  table() {
    return this.#keeper.table;
  }

  onChange(listener: Parameters<NameNodeClient['onChange']>[0]): () => void {
    return this.#keeper.onChange(listener);
  }

  confirmedAtMs(): number | undefined {
    return this.#keeper.confirmedAtMs;
  }

  hasReadLease(): boolean {
    return this.#clock.monotonicNow() < this.#keeper.leaseUntilMs;
  }

  callCounts() {
    return { ...this.#counts };
  }

  async start({ maxMs }: { readonly maxMs?: number } = {}): Promise<void> {
    this.#loop ??= this.#pollForever();
    if (this.#keeper.map !== undefined) return;
    await new Promise<void>((resolve, reject) => {
      const give = () => {
        stop();
        cancel?.();
        this.#closed.signal.removeEventListener('abort', fail);
      };
      const fail = () => {
        give();
        reject(new MarqueeError('NAMENODE_UNAVAILABLE', { urls: this.#options.urls }));
      };
      const stop = this.#keeper.onChange(() => {
        give();
        resolve();
      });
      const cancel = maxMs === undefined ? undefined : this.#clock.setTimer(fail, maxMs);
      this.#closed.signal.addEventListener('abort', fail);
    });
  }

  refresh(): Promise<void> {
    if (this.#refreshing === undefined) {
      this.#refreshing = this.#refreshNow().finally(() => {
        this.#refreshing = undefined;
      });
      return this.#refreshing;
    }
    // The one under way may have been sent before what the caller has seen.
    this.#nextRefresh ??= this.#refreshing
      .catch(() => undefined)
      .then(() => {
        this.#nextRefresh = undefined;
        return this.refresh();
      });
    return this.#nextRefresh;
  }

  report(report: Report): Promise<void> {
    return this.#reports.add(report);
  }

  async #report(report: Report): Promise<void> {
    this.#counts.report += 1;
    try {
      await this.#http.report(this.#url, report, this.#closed.signal);
    } catch (error) {
      this.#failed(error);
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#loop;
    await this.#agent?.destroy();
  }

  get #url(): string {
    return this.#options.urls[this.#urlIndex % this.#options.urls.length] ?? '';
  }

  async #pollForever(): Promise<void> {
    let failures = 0;
    while (!this.#closed.signal.aborted) {
      this.#counts.poll += 1;
      try {
        await this.#ask(this.#pollMs);
        failures = 0;
      } catch (error) {
        this.#failed(error);
        failures += 1;
        // The others are asked at once; only a round without an answer is worth a pause.
        if (failures % this.#options.urls.length !== 0) continue;
        await this.#pause(backoffMs(failures / this.#options.urls.length, this.#random));
      }
    }
  }

  async #refreshNow(): Promise<void> {
    let last: unknown;
    for (const _ of this.#options.urls) {
      this.#counts.refresh += 1;
      try {
        await this.#ask(0);
        return;
      } catch (error) {
        this.#failed(error);
        last = error;
      }
    }
    throw last;
  }

  async #ask(waitMs: number): Promise<void> {
    const url = this.#url;
    const after = this.#keeper.map?.version;
    try {
      const answer = await this.#http.shardMap(url, after, waitMs, this.#closed.signal);
      this.#keeper.take(answer);
      const wantedMs = answer.detectionTimeMs * POLL_SHARE;
      this.#pollMs = Math.min(POLL_MAX_MS, Math.max(POLL_MIN_MS, wantedMs));
    } catch (error) {
      // Somebody else may have moved on already.
      if (url === this.#url) this.#urlIndex += 1;
      throw error;
    }
  }

  #failed(error: unknown): void {
    if (!this.#closed.signal.aborted) this.#options.onFailure?.(error);
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#closed;
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#clock.setTimer(done, durationMs);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  #undici(): FetchLike {
    const agent = this.#agent;
    return (url, init) => undiciFetch(url, { ...init, ...(agent && { dispatcher: agent }) });
  }
}
