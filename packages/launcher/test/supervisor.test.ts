import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessSpec } from '../src/processes/process-spec.ts';
import { Supervisor } from '../src/processes/supervisor.ts';
import { isAlive } from './is-alive.ts';
import { until } from './until.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const supervise = () => {
  const folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
  folders.push(folder);
  const logDir = join(folder, 'logs');
  const printed: string[] = [];
  const supervisor = new Supervisor({
    logDir,
    restart: false,
    print: (name, line) => printed.push(`${name}: ${line}`),
    onChange: () => undefined,
  });
  return { supervisor, folder, logDir, printed };
};

const program = (name: string, script: string): ProcessSpec => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  env: { PATH: process.env.PATH ?? '' },
  saysListening: (line) => line.includes('listening'),
});

const LIVES = "console.log('listening'); setInterval(() => {}, 1000);";

describe('Supervisor', () => {
  it('keeps logs, also where a reset has cleared their folder since', async () => {
    const { supervisor, logDir } = supervise();
    rmSync(logDir, { recursive: true, force: true });
    await supervisor.startStage([program('child', LIVES)]);
    // A log is opened with its first line, but not in the same moment; a stop waits for it.
    await supervisor.stop();
    expect(existsSync(logDir) && readdirSync(logDir)).toEqual(['child.log']);
  });

  it('starts stages side by side if asked to, and still stops the last one first', async () => {
    const { supervisor, folder } = supervise();
    const begun = join(folder, 'gateway-begun');
    const ended = join(folder, 'gateway-ended');
    const seen = join(folder, 'subgraph-saw');
    // Gets ready only when the gateway is there, and tells what was left of it in the end.
    const subgraph = program(
      'subgraph',
      `const { existsSync, writeFileSync } = require('node:fs');
       const poll = setInterval(() => existsSync('${begun}') && console.log('listening'), 10);
       process.on('SIGTERM', () => {
         writeFileSync('${seen}', String(existsSync('${ended}')));
         process.exit();
       });`,
    );
    const gateway = program(
      'gateway',
      `const { writeFileSync } = require('node:fs');
       process.on('SIGTERM', () => setTimeout(() => {
         writeFileSync('${ended}', '');
         process.exit();
       }, 200));
       writeFileSync('${begun}', '');
       ${LIVES}`,
    );
    await Promise.all([supervisor.startStage([subgraph]), supervisor.startStage([gateway])]);
    await supervisor.stop();
    expect(readFileSync(seen, 'utf8')).toBe('true');
  });

  it('kills what it is draining, and what it has not come to yet', async () => {
    const { supervisor } = supervise();
    await supervisor.startStage([program('first', LIVES)]);
    await supervisor.startStage([program('halted', LIVES)]);
    const pids = supervisor.running().map(({ pid }) => pid);
    process.kill(pids[1]!, 'SIGSTOP');
    const stopped = supervisor.stop();
    supervisor.kill();
    await until(() => !pids.some(isAlive));
    await stopped;
  });

  it('starts nothing any more once it stops', async () => {
    const { supervisor } = supervise();
    await supervisor.stop();
    await expect(supervisor.startStage([program('late', LIVES)])).rejects.toMatchObject({
      code: 'NOT_READY',
    });
    await expect(supervisor.runToEnd(program('late', ''))).rejects.toMatchObject({
      code: 'NOT_READY',
    });
  });

  it('keeps every line of a program that ends by itself, up to the last one', async () => {
    const { supervisor, logDir, printed } = supervise();
    // At most what a pipe holds, at once, and then gone without a goodbye: most of it is unread by then.
    const LINES = 3_000;
    await supervisor.runToEnd(
      program(
        'loader',
        `const lines = Array.from({ length: ${LINES} }, (_, i) => JSON.stringify({ line: i + 1 }));
         require('node:fs').writeSync(1, ['row 7 is skipped', ...lines, ''].join('\\n'));
         process.reallyExit(0);`,
      ),
    );
    const lines = readFileSync(join(logDir, 'loader.log'), 'utf8').trim().split('\n');
    expect(lines[0]).toBe('row 7 is skipped');
    expect(lines.at(-1)).toBe(JSON.stringify({ line: LINES }));
    expect(lines).toHaveLength(LINES + 1);
    expect(printed).toEqual(['loader: row 7 is skipped']);
  });

  it('names a program that failed', async () => {
    const { supervisor } = supervise();
    await expect(supervisor.runToEnd(program('loader', 'process.exit(3)'))).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'loader failed (code 3)',
    });
  });

  it.each(['stop', 'kill'] as const)('ends a running program too on %s', async (how) => {
    const { supervisor, printed } = supervise();
    const failed = expect(
      supervisor.runToEnd(program('loader', `console.log('up ' + process.pid); ${LIVES}`)),
    ).rejects.toMatchObject({ code: 'INTERNAL' });
    await until(() => printed.some((line) => line.startsWith('loader: up')));
    const pid = Number(printed[0]?.split(' ').at(-1));
    await supervisor[how]();
    await failed;
    expect(isAlive(pid)).toBe(false);
  });
});
