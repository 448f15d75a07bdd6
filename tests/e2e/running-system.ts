import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** What the launcher writes to `endpoints.json`. */
export interface Endpoints {
  readonly gateway: string;
  readonly graphiql: string;
  readonly user: string;
  readonly admin: string;
  readonly nameNodes: readonly string[];
  readonly subgraphs: Readonly<Record<string, string>>;
  readonly clusters: readonly {
    readonly name: string;
    readonly shard: string;
    readonly role: 'owner' | 'replica';
    readonly uri: string;
  }[];
  readonly metadata: { readonly uri: string };
  readonly logins: readonly {
    readonly handle: string;
    readonly password: string;
    readonly role: 'USER' | 'ADMIN';
  }[];
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
}

/** How long the first start may take on a busy machine, building and loading included. */
export const START_TIMEOUT_MS = 240_000;

/** For one test: a few dozen requests and what they wait for, on a busy machine. */
jest.setTimeout(60_000);

export interface RunningSystem {
  /** Read anew each time: a process that was started again has another pid. */
  endpoints(): Endpoints;
  /** The pid of a process, which is undefined while it is not running. */
  pidOf(name: string): number | undefined;
}

const at = (path: string): RunningSystem => {
  const endpoints = (): Endpoints => JSON.parse(readFileSync(path, 'utf8'));
  return {
    endpoints,
    pidOf: (name) => endpoints().processes.find((process) => process.name === name)?.pid,
  };
};

// All suites of a run are one process, but modules are loaded anew for each: what they share is a
// folder named after the process and the moment at which it began.
const folderOfThisRun = (): string =>
  join(tmpdir(), `marquee-e2e-${process.pid}-${Math.round(performance.timeOrigin)}`);

const startOnce = (folder: string): void => {
  if (existsSync(folder)) return;
  mkdirSync(folder, { mode: 0o700 });
  const keeper = spawn(
    process.execPath,
    [fileURLToPath(new URL('./system-keeper.mjs', import.meta.url)), folder],
    // A group of its own, so that Ctrl-C reaches the test run alone; the channel tells of its end.
    { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  );
  keeper.once('exit', (code) => writeFileSync(join(folder, 'ended'), String(code)));
  keeper.unref();
  keeper.channel?.unref();
};

/**
 * The whole system, ready: the one that MARQUEE_ENDPOINTS points to, or one that the first suite of
 * the run starts, on free ports and with its own data, and that ends with the run. Suites change it
 * only as they put it back.
 */
export const useRunningSystem = async (): Promise<RunningSystem> => {
  const given = process.env.MARQUEE_ENDPOINTS;
  if (given) return at(given);
  const folder = folderOfThisRun();
  startOnce(folder);
  const path = join(folder, 'data/endpoints.json');
  await until(() => existsSync(path) || existsSync(join(folder, 'ended')), {
    what: 'the system to be ready',
    timeoutMs: START_TIMEOUT_MS,
    explain: () => tailOf(join(folder, 'launcher.log')),
  });
  if (!existsSync(path))
    throw new Error(`the system ended:\n${tailOf(join(folder, 'launcher.log'))}`);
  return at(path);
};

const tailOf = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(-30).join('\n') : '';
