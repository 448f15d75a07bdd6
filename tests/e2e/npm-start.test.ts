import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTempDir, type TempDir } from '@marquee/test-kit';
import { isAlive } from './process-alive.ts';
import { START_TIMEOUT_MS, type Endpoints } from './running-system.ts';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Twice what a drain may take, stage after stage, on a busy machine. */
const STOP_TIMEOUT_MS = 60_000;

describe('npm start', () => {
  let dir: TempDir;
  let npm: ChildProcess | undefined;
  let output = '';
  const launcherPid = (): number => Number(readFileSync(join(dir.path, 'launcher.pid'), 'utf8'));

  beforeAll(async () => {
    dir = await createTempDir();
  });
  afterAll(async () => {
    npm?.kill('SIGKILL');
    // Only where the test failed: what it started must not stay. Children end with their launcher.
    if (existsSync(join(dir.path, 'launcher.pid'))) process.kill(launcherPid(), 'SIGKILL');
    await dir.remove();
  });

  /** When a process said this last. */
  const timeOf = (name: string, event: string): number => {
    const lines = readFileSync(join(dir.path, 'logs', `${name}.log`), 'utf8').split('\n');
    const line = lines.findLast((text) => text.includes(`"event":"${event}"`));
    if (line === undefined) throw new Error(`${name} never said that it was ${event}`);
    return Date.parse((JSON.parse(line) as { time: string }).time);
  };

  it(
    'drains when npm is told to end: the gateway first, then the subgraphs, and leaves nobody',
    async () => {
      // Not the demo data: loading it takes most of a start, and no one asks for it here.
      const args = ['--port-base', '0', '--data', dir.path, '--no-demo-data', '--no-restart'];
      npm = spawn('npm', ['start', '--', ...args], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      for (const stream of [npm.stdout, npm.stderr]) {
        stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      }
      const path = join(dir.path, 'endpoints.json');
      const ended = new Promise((resolve) => npm?.once('close', resolve));
      await until(() => existsSync(path) || npm?.exitCode !== null, {
        what: 'the system to be ready',
        timeoutMs: START_TIMEOUT_MS,
        explain: () => output,
      });
      const { processes } = JSON.parse(readFileSync(path, 'utf8')) as Endpoints;
      const pids = [launcherPid(), ...processes.map(({ pid }) => pid)];
      expect(pids.filter(isAlive)).toEqual(pids);

      npm.kill('SIGTERM');
      await until(() => !pids.some(isAlive), {
        what: 'every process to be gone',
        timeoutMs: STOP_TIMEOUT_MS,
        explain: () => output,
      });
      await ended;
      expect(existsSync(path)).toBe(false);
      expect(existsSync(join(dir.path, 'launcher.pid'))).toBe(false);
      for (const subgraph of ['movies', 'person', 'users', 'interactions']) {
        expect(timeOf('gateway', 'stopped')).toBeLessThanOrEqual(timeOf(subgraph, 'draining'));
      }
    },
    START_TIMEOUT_MS + STOP_TIMEOUT_MS,
  );
});
