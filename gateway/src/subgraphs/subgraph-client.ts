import { MarqueeError, type ErrorCode } from '@marquee/errors';
import { Pool, type Dispatcher } from 'undici';

export interface SubgraphClientLimits {
  /** A query that has not been answered by then fails with SUBGRAPH_UNAVAILABLE. */
  readonly queryTimeoutMs: number;
  /** What a query may take to read, over all the calls of its plan. */
  readonly readBudgetMs: number;
  /** A mutation that has not been answered by then fails with WRITE_OUTCOME_UNKNOWN. */
  readonly mutationTimeoutMs: number;
  /** Connections to one subgraph; each carries one request at a time. */
  readonly connectionsMax: number;
}

export const DEFAULT_CLIENT_LIMITS = {
  // A subgraph that has its share of the budget answers long before, or is not there.
  queryTimeoutMs: 6_000,
  // The part of an answer that there is arrives within 2 s, whatever is down.
  readBudgetMs: 1_800,
  // More are no faster: a subgraph is one process, and its own pools are smaller.
  connectionsMax: 64,
} as const;

/** Requests that wait for a connection to one subgraph; more than that would time out anyway. */
const QUEUE_MAX = 1_000;

/** Idle connections are kept for this long; the subgraph closes its side later, never first. */
const KEEP_ALIVE_MS = 60_000;

/** Local or in the same network: a subgraph that takes longer to accept is not there. */
const CONNECT_TIMEOUT_MS = 2_000;

/** Largest answer taken from a subgraph, in bytes: beyond the largest that the limits allow. */
const ANSWER_MAX_BYTES = 32 * 1_048_576;

const CONNECTION_LOST: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];
const NEVER_SENT: readonly unknown[] = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
];

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface SubgraphClient {
  /**
   * Sends one GraphQL request, as JSON text. A query is sent again, once, if its connection was
   * lost; a mutation never.
   *
   * @throws SUBGRAPH_UNAVAILABLE nothing was done, or it was a query; OVERLOADED too many wait;
   * WRITE_OUTCOME_UNKNOWN a mutation was sent, but no answer came; INTERNAL the subgraph refused it.
   */
  send(
    kind: 'query' | 'mutation',
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<SubgraphAnswer>;
  close(): Promise<void>;
}

/** A client of the subgraph at `url` over a bounded pool of kept-alive connections. */
export const createSubgraphClient = (url: string, limits: SubgraphClientLimits): SubgraphClient => {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections: limits.connectionsMax,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: ANSWER_MAX_BYTES,
    // One timeout for the whole request, its time in the queue included, is passed as a signal.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const attempt = async (
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<SubgraphAnswer> => {
    const response = await pool.request({ path: pathname, method: 'POST', headers, body, signal });
    return readAnswer(response);
  };

  return {
    send: async (kind, body, headers) => {
      if (pool.stats.queued >= QUEUE_MAX) throw new MarqueeError('OVERLOADED');
      const timeoutMs = kind === 'query' ? limits.queryTimeoutMs : limits.mutationTimeoutMs;
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return await attempt(body, headers, signal);
      } catch (cause) {
        if (kind === 'mutation' || !CONNECTION_LOST.includes(codeOf(cause))) {
          throw toFailure(kind, cause);
        }
      }
      // A kept-alive connection may close just as it is used; a query may safely run twice.
      return attempt(body, headers, signal).catch((cause: unknown) => {
        throw toFailure(kind, cause);
      });
    },
    close: () => pool.close(),
  };
};

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

const toFailure = (kind: 'query' | 'mutation', cause: unknown): MarqueeError => {
  if (cause instanceof MarqueeError) return cause;
  const wasSent = !NEVER_SENT.includes(codeOf(cause));
  const code: ErrorCode =
    kind === 'mutation' && wasSent ? 'WRITE_OUTCOME_UNKNOWN' : 'SUBGRAPH_UNAVAILABLE';
  return new MarqueeError(code, {}, { cause });
};

// A subgraph's refusal of the request itself (its credential, its form) is a bug of the deployment;
// what a proxy or a draining process answers with 5xx is a subgraph that is not there.
const readAnswer = async (response: Dispatcher.ResponseData): Promise<SubgraphAnswer> => {
  const text = await response.body.text();
  const answer = parseAnswer(text);
  if (answer) return answer;
  const cause = new Error(`status ${response.statusCode}: ${text.slice(0, 200)}`);
  const code = response.statusCode >= 500 ? 'SUBGRAPH_UNAVAILABLE' : 'INTERNAL';
  throw new MarqueeError(code, {}, { cause });
};

const parseAnswer = (text: string): SubgraphAnswer | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const isAnswer =
      typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
    return isAnswer ? (value as SubgraphAnswer) : undefined;
  } catch {
    return undefined;
  }
};
