import type { GraphProblem } from './graph-problem.ts';
import { isProblemCode } from './plain-words.ts';
import type { SessionStore } from './session.ts';

/** A document with the types of its answer and its variables, as codegen's string mode makes it. */
export interface TypedDocument<Result, Variables> {
  toString(): string;
  __apiType?: (variables: Variables) => Result;
}

/** Both may be there: data with holes, and the problems that made the holes. */
export interface GraphAnswer<Result> {
  readonly data: Result | null;
  readonly problems: readonly GraphProblem[];
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Send no token, whoever is signed in. */
  readonly anonymous?: boolean;
}

export interface Graph {
  /**
   * Asks the graph. Whatever goes wrong is a problem in the answer; rejects only with the signal's
   * AbortError. A refused token ends the session.
   */
  request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: NoInfer<Variables>,
    options?: RequestOptions,
  ): Promise<GraphAnswer<Result>>;
  /**
   * The same for a mutation whose variables carry an `operationId`: when the outcome is unknown it
   * is sent again, which the id makes safe.
   */
  mutate<Result, Variables extends { operationId: string | number }>(
    document: TypedDocument<Result, Variables>,
    variables: NoInfer<Variables>,
  ): Promise<GraphAnswer<Result>>;
}

export interface GraphOptions {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly sessions: SessionStore;
  /** Past this an answer no longer counts. Longer than the graph's own deadline for writes. */
  readonly requestTimeoutMs?: number;
  /** How often a mutation with unknown outcome is sent again. */
  readonly resendsMax?: number;
}

const OUTCOME_UNKNOWN: ReadonlySet<string> = new Set(['UNREACHABLE', 'WRITE_OUTCOME_UNKNOWN']);

export const createGraph = ({
  url,
  fetch,
  sessions,
  requestTimeoutMs = 45_000,
  resendsMax = 1,
}: GraphOptions): Graph => {
  const request: Graph['request'] = async <Result>(
    document: TypedDocument<Result, never>,
    variables: unknown,
    { signal, anonymous = false }: RequestOptions = {},
  ): Promise<GraphAnswer<Result>> => {
    const token = anonymous ? undefined : sessions.current()?.token;
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    let body: unknown;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query: document.toString(), variables }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      body = await response.json();
    } catch (error) {
      if (signal?.aborted) throw error;
      return unreachable;
    }
    const answer = readAnswer<Result>(body);
    if (token !== undefined && answer.problems.some(({ code }) => code === 'UNAUTHENTICATED')) {
      sessions.refuse(token);
    }
    return answer;
  };

  return {
    request,
    mutate: async (document, variables) => {
      let answer = await request(document, variables);
      for (let resends = 0; resends < resendsMax; resends += 1) {
        if (!answer.problems.some(({ code }) => OUTCOME_UNKNOWN.has(code))) break;
        answer = await request(document, variables);
      }
      return answer;
    },
  };
};

const unreachable: GraphAnswer<never> = {
  data: null,
  problems: [{ code: 'UNREACHABLE', path: '' }],
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readAnswer = <Result>(body: unknown): GraphAnswer<Result> => {
  if (!isRecord(body) || !('data' in body || Array.isArray(body['errors']))) return unreachable;
  const errors: unknown[] = Array.isArray(body['errors']) ? body['errors'] : [];
  // The types of the data come from the schema; the graph is trusted to keep to it.
  return { data: (body['data'] ?? null) as Result | null, problems: errors.map(readProblem) };
};

const readProblem = (error: unknown): GraphProblem => {
  const { path, extensions } = isRecord(error) ? error : {};
  const { code, argument } = isRecord(extensions) ? extensions : {};
  return {
    code: isProblemCode(code) ? code : 'INTERNAL',
    path: Array.isArray(path) ? path.join('.') : '',
    ...(typeof argument === 'string' ? { argument } : {}),
  };
};
