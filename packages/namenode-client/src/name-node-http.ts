import { MarqueeError } from '@marquee/errors';
import type { ClientClock } from './client-clock.ts';
import type { MapAnswer } from './map-keeper.ts';
import { ShardMapSchema } from './shard-map-schema.ts';

/** What is needed of `fetch`; undici's and the global one both fit. */
export type FetchLike = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface NameNodeHttpOptions {
  readonly fetch: FetchLike;
  readonly serviceToken: () => Promise<string>;
  readonly clock: ClientClock;
}

/** A NameNode that has not answered by this long after it should have is treated as silent. */
export const ANSWER_MAX_MS = 2_000;

/** Where the NameNode says nothing of it (an older one): the default of its configuration. */
const DETECTION_TIME_DEFAULT_MS = 15_000;

/** A report as `POST /v1/reports` takes it. */
export interface Report {
  /** Clusters that could not be reached. */
  readonly unreachable?: readonly string[];
  /** Clusters that lag behind their owner for a slot. */
  readonly behind?: readonly { readonly slot: number; readonly cluster: string }[];
}

/** The calls to one NameNode. Every failure, of whatever kind, is NAMENODE_UNAVAILABLE. */
export class NameNodeHttp {
  readonly #options: NameNodeHttpOptions;

  constructor(options: NameNodeHttpOptions) {
    this.#options = options;
  }

  /** Asks for a map newer than `after`; the NameNode may wait `waitMs` before it answers. */
  async shardMap(
    url: string,
    after: number | undefined,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<MapAnswer> {
    const query = after === undefined ? '' : `?after=${after}&waitMs=${Math.round(waitMs)}`;
    const headers = await this.#headers();
    const sentAtMs = this.#options.clock.monotonicNow();
    const request = { method: 'GET', headers };
    const response = await this.#send(`${url}/v1/shard-map${query}`, request, waitMs, signal);
    const { status } = response;
    if (status !== 200 && status !== 304) throw unavailable(url, `status ${status}`);
    const about = {
      confirmed: response.headers.get('x-directory-confirmed') === 'true',
      detectionTimeMs: numberOf(response, 'x-detection-time-ms') ?? DETECTION_TIME_DEFAULT_MS,
      sentAtMs,
    };
    if (status === 304) {
      const version = numberOf(response, 'x-directory-version');
      if (version === undefined) throw unavailable(url, 'no version');
      return { ...about, version };
    }
    const map = parseMap(url, response.body);
    return { ...about, map, version: map.version };
  }

  async report(url: string, report: Report, signal: AbortSignal): Promise<void> {
    const headers = { ...(await this.#headers()), 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(report) };
    const { status } = await this.#send(`${url}/v1/reports`, request, 0, signal);
    if (status >= 300) throw unavailable(url, `status ${status}`);
  }

  async #headers(): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.#options.serviceToken()}` };
  }

  async #send(
    url: string,
    request: { method: string; headers: Record<string, string>; body?: string },
    waitMs: number,
    signal: AbortSignal,
  ) {
    const limit = new AbortController();
    const stop = () => limit.abort();
    const cancel = this.#options.clock.setTimer(stop, waitMs + ANSWER_MAX_MS);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const response = await this.#options.fetch(url, { ...request, signal: limit.signal });
      // Read whole in any case, so that the connection can be used again.
      const body = await response.text();
      return { status: response.status, headers: response.headers, body };
    } catch (cause) {
      throw unavailable(url, limit.signal.aborted ? 'no answer in time' : 'no connection', cause);
    } finally {
      cancel();
      signal.removeEventListener('abort', stop);
    }
  }
}

const parseMap = (url: string, body: string) => {
  try {
    return ShardMapSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw unavailable(url, 'what it answers is no shard map', cause);
  }
};

const numberOf = (
  response: { headers: { get(name: string): string | null } },
  header: string,
): number | undefined => {
  const value = Number(response.headers.get(header) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
};

const unavailable = (url: string, reason: string, cause?: unknown): MarqueeError =>
  new MarqueeError('NAMENODE_UNAVAILABLE', { url, reason }, { cause });
