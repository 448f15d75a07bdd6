import { Agent, request } from 'undici';
import { quantile } from '../compare.ts';
import type { Figure } from './figure.ts';

const WATCHERS = 100;
const ROUNDS = 10;
const WAIT_MS = 15_000;

interface Watched {
  readonly urls: readonly string[];
  readonly token: string;
  /** Makes one edit; resolves when it is known to be in the log. */
  readonly change: () => Promise<void>;
}

/** From sending a change to the moment at which the last of many watchers has the new map. */
export const propagation = async ({ urls, token, change }: Watched): Promise<Figure> => {
  const dispatcher = new Agent({ connections: WATCHERS, headersTimeout: 0 });
  const mapAfter = async (url: string, query: string): Promise<number> => {
    const { body } = await request(`${url}/v1/shard-map${query}`, {
      dispatcher,
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await body.text();
    return text === '' ? -1 : (JSON.parse(text) as { version: number }).version;
  };
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const version = Math.max(...(await Promise.all(urls.map((url) => mapAfter(url, '')))));
    const watching = Array.from({ length: WATCHERS }, async (_, watcher) => {
      const url = urls[watcher % urls.length] ?? '';
      const found = await mapAfter(url, `?after=${version}&waitMs=${WAIT_MS}`);
      if (found <= version) throw new Error('a watcher heard of nothing');
      return performance.now();
    });
    // All of them must be waiting before anything changes.
    await Promise.all(urls.map((url) => mapAfter(url, '')));
    const startedAtMs = performance.now();
    await change();
    const heard = await Promise.all(watching);
    taken.push(Math.max(...heard) - startedAtMs);
  }
  await dispatcher.close();
  return {
    name: `a change to ${WATCHERS} watchers`,
    value: quantile(taken, 0.5),
    unit: 'ms',
    atMost: 200,
  };
};
