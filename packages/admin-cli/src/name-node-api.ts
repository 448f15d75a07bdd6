import { MarqueeError, isErrorCode } from '@marquee/errors';
import { reached, type FetchLike } from './fetch-like.ts';

export interface NameNodeApiOptions {
  readonly fetch: FetchLike;
  /** Any of them will do: one that does not lead passes on what only the leader may do. */
  readonly urls: readonly string[];
  readonly token: string;
}

/** The NameNode's HTTP API, as an admin. */
export class NameNodeApi {
  readonly #options: NameNodeApiOptions;

  constructor(options: NameNodeApiOptions) {
    this.#options = options;
  }

  get(path: string): Promise<unknown> {
    return this.#send('GET', path);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    return this.#send('POST', path, body, headers);
  }

  put(path: string, body: unknown): Promise<unknown> {
    return this.#send('PUT', path, body);
  }

  delete(path: string): Promise<unknown> {
    return this.#send('DELETE', path);
  }

  /** @throws what the NameNode's problem document says, NAMENODE_UNAVAILABLE if none answers */
  async #send(
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<unknown> {
    const { fetch, token, urls } = this.#options;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more,
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    let last: unknown;
    for (const url of urls) {
      try {
        const response = await reached(url, () => fetch(`${url}/v1${path}`, init));
        return parseAnswer(response.status, await response.text());
      } catch (error) {
        // Another instance may be well. A refusal is an answer, and the same everywhere.
        if ((error as { code?: unknown }).code !== 'NAMENODE_UNAVAILABLE') throw error;
        last = error;
      }
    }
    throw last;
  }
}

const parseAnswer = (status: number, text: string): unknown => {
  const body = text === '' ? null : (JSON.parse(text) as unknown);
  if (status < 400) return body;
  const problem = body as { code?: unknown; detail?: string; facts?: Record<string, unknown> };
  const code = isErrorCode(problem.code) ? problem.code : 'INTERNAL';
  const message = problem.detail ?? `status ${status}`;
  throw new MarqueeError(code, problem.facts ?? {}, { message });
};
