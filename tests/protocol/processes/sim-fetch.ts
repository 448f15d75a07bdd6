import type { FetchLike } from '@marquee/namenode-client';
import type { Endpoint, Network } from '../world/network.ts';
import type { SeededRandom } from '../world/seeded-random.ts';
import type { SimProcess } from '../world/sim-process.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who answers HTTP in the simulated network, by host. */
export interface HttpEndpoint extends Endpoint {
  answer(request: HttpRequest): Promise<HttpAnswer>;
}

/** `fetch` as a process of the simulation has it. */
export const createSimFetch =
  (options: {
    readonly process: SimProcess;
    readonly network: Network;
    readonly random: SeededRandom;
    readonly hosts: (host: string) => HttpEndpoint;
  }): FetchLike =>
  (url, { method, body, signal }) => {
    const target = new URL(url);
    const endpoint = options.hosts(target.hostname);
    const answered = options.network.call(options.process, options.random, endpoint, () =>
      endpoint.answer({ method, url: target, body }),
    );
    return new Promise((resolve, reject) => {
      const abort = () => reject(new TypeError('aborted'));
      signal.addEventListener('abort', abort, { once: true });
      answered
        .finally(() => signal.removeEventListener('abort', abort))
        .then((answer) => {
          resolve({
            status: answer.status,
            headers: { get: (name) => answer.headers[name] ?? null },
            text: () => Promise.resolve(answer.body),
          });
        }, reject);
    });
  };
