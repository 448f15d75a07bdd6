import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { Figure } from './figure.ts';

const WARM_UP_MS = 1_000;
const MEASURED_MS = 4_000;
const CONNECTIONS = 4;
const PIPELINED = 16;
const BATCH = 100;
/** Of the kernel, in which it counts a process's time; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface NameNodeAddress {
  readonly url: string;
  readonly pid: number;
  readonly token: string;
}

/**
 * Keys located a second of the NameNode's own processor time: whoever asks needs the machine as well, and
 * what else runs there is no fault of the NameNode's.
 */
export const locate = async (nameNode: NameNodeAddress): Promise<Figure[]> => {
  const one = await rate(nameNode, (call) => ({
    method: 'GET' as const,
    path: `/v1/locate/movies/tt${call % 10_000}`,
  }));
  const batch = await rate(nameNode, (call) => ({
    method: 'POST' as const,
    path: '/v1/locate',
    body: JSON.stringify({
      keys: Array.from({ length: BATCH }, (_, i) => ({
        collection: 'movies',
        key: `tt${(call * BATCH + i) % 10_000}`,
      })),
    }),
  }));
  return [
    { name: 'locate', value: one, unit: '/s a core', atLeast: 15_000 },
    {
      name: `in batches of ${BATCH}`,
      value: batch * BATCH,
      unit: 'keys/s a core',
      atLeast: 150_000,
    },
  ];
};

const rate = async (
  { url, pid, token }: NameNodeAddress,
  requestOf: (call: number) => { method: 'GET' | 'POST'; path: string; body?: string },
): Promise<number> => {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: PIPELINED });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let calls = 0;
  const callFor = async (forMs: number): Promise<number> => {
    const untilMs = performance.now() + forMs;
    const before = calls;
    await Promise.all(
      Array.from({ length: CONNECTIONS * PIPELINED }, async () => {
        while (performance.now() < untilMs) {
          const { statusCode, body } = await pool.request({ headers, ...requestOf(calls++) });
          await body.dump();
          if (statusCode !== 200) throw new Error(`a NameNode answered ${statusCode}`);
        }
      }),
    );
    return calls - before;
  };
  await callFor(WARM_UP_MS);
  const cpuBefore = cpuSecondsOf(pid);
  const answered = await callFor(MEASURED_MS);
  const cpuSeconds = cpuSecondsOf(pid) - cpuBefore;
  await pool.close();
  return answered / cpuSeconds;
};

const cpuSecondsOf = (pid: number): number => {
  // The name in parentheses may hold anything; the fields are counted behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};
