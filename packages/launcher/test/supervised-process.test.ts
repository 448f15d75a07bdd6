import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STOP_TIMEOUT_MS } from '../src/processes/process-group.ts';
import { RESTART_FIRST_DELAY_MS, SupervisedProcess } from '../src/processes/supervised-process.ts';
import { isAlive } from './is-alive.ts';
import { until } from './until.ts';

const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
afterAll(() => rmSync(folder, { recursive: true }));

const supervise = (
  args: string | readonly string[],
  options: { restart?: boolean; logFile?: string } = {},
) => {
  const printed: string[] = [];
  const pids: (number | undefined)[] = [];
  const logFile = options.logFile ?? join(folder, `${Math.random().toString(36).slice(2)}.log`);
  const process_: SupervisedProcess = new SupervisedProcess(
    {
      name: 'child',
      command: process.execPath,
      args: typeof args === 'string' ? ['-e', args] : args,
      env: { PATH: process.env.PATH ?? '' },
      saysListening: (line) => line.includes('listening'),
    },
    {
      logFile,
      restart: options.restart ?? true,
      print: (_, line) => printed.push(line),
      onChange: () => pids.push(process_.pid),
    },
  );
  /** `pids`: what each change told. */
  return { process: process_, printed, logFile, pids };
};

const LIVES = "console.log('listening'); setInterval(() => {}, 1000);";

const DEAF = `process.on('SIGTERM', () => {}); ${LIVES}`;
const BUSY = "require('node:fs').writeSync(1, 'listening\\n'); for (;;);";
const HOLD_PROGRAM = join(__dirname, '../bin/hold-program.mjs');

describe('SupervisedProcess', () => {
  it('is started once it says that it listens, and its output is kept', async () => {
    const { process: child, logFile, printed } = supervise(LIVES);
    await child.start();
    const { pid } = child;
    expect(pid).toBeGreaterThan(0);
    await child.stop();
    expect(isAlive(pid!)).toBe(false);
    expect(printed).toContain('listening');
    expect(readFileSync(logFile, 'utf8')).toContain('listening');
  });

  it('names a process that ends before it is ready', async () => {
    const { process: child } = supervise('process.exit(3)', { restart: false });
    await expect(child.start()).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringMatching(/child ended with code 3/),
    });
    await child.stop();
  });

  it('starts a process again that was killed, and names no dead pid meanwhile', async () => {
    const { process: child, printed, pids } = supervise(LIVES);
    await child.start();
    const first = child.pid!;
    process.kill(first, 'SIGKILL');
    await until(() => pids.length === 2);
    expect(pids).toEqual([undefined, child.pid]);
    expect(child.pid).not.toBe(first);
    expect(printed.some((line) => line.includes('ended (SIGKILL)'))).toBe(true);
    await child.stop();
  });

  it('leaves it dead where restarts are off', async () => {
    const { process: child, pids } = supervise(LIVES, { restart: false });
    await child.start();
    process.kill(child.pid!, 'SIGKILL');
    await until(() => pids.length > 0);
    expect(pids).toEqual([undefined]);
    expect(child.pid).toBeUndefined();
    await child.stop();
  });

  it('does not restart what is being stopped, even between two lives', async () => {
    const { process: child, pids, printed } = supervise(LIVES);
    await child.start();
    process.kill(child.pid!, 'SIGKILL');
    await until(() => printed.some((line) => line.includes('starting it again')));
    await child.stop();
    await new Promise((resolve) => setTimeout(resolve, 2 * RESTART_FIRST_DELAY_MS));
    expect(pids).toEqual([undefined]);
    expect(child.pid).toBeUndefined();
  });

  it.each([
    ['that does not heed SIGTERM', DEAF, () => undefined],
    ['that is busy', BUSY, () => undefined],
    ['that is halted', LIVES, (pid: number) => process.kill(pid, 'SIGSTOP')],
  ])('kills a child %s although it is being stopped', async (_, script, prepare) => {
    const { process: child } = supervise(script);
    await child.start();
    const pid = child.pid!;
    prepare(pid);
    const stopped = child.stop();
    const killedAtMs = performance.now();
    child.kill();
    await stopped;
    expect(isAlive(pid)).toBe(false);
    // Not by the end of the time that a drain may take.
    expect(performance.now() - killedAtMs).toBeLessThan(STOP_TIMEOUT_MS / 2);
  });

  it('does not start again what was killed', async () => {
    const { process: child, pids } = supervise(LIVES);
    await child.start();
    child.kill();
    await child.stop();
    expect(pids).toEqual([]);
  });

  it('leaves no program behind whose holder was killed', async () => {
    const {
      process: child,
      printed,
      pids,
    } = supervise([
      ...[HOLD_PROGRAM, process.execPath, '-e'],
      'console.log(`listening ${process.pid}`); setInterval(() => {}, 1000);',
    ]);
    await child.start();
    const held = Number(printed.find((line) => line.startsWith('listening'))?.split(' ')[1]);
    expect(isAlive(held)).toBe(true);
    process.kill(child.pid!, 'SIGKILL');
    await until(() => pids.length > 0);
    await until(() => !isAlive(held));
    await child.stop();
  });

  it('lives on with a log that cannot be written, and says so', async () => {
    const { process: child, printed } = supervise(LIVES, { logFile: '/dev/full' });
    await child.start();
    await until(() => printed.some((line) => line.includes('its log cannot be written: ENOSPC')));
    expect(isAlive(child.pid!)).toBe(true);
    await child.stop();
  });

  it('names a program that cannot be run, and does not wait for it', async () => {
    const { process: child } = supervise(LIVES, { restart: false });
    const absent = new SupervisedProcess(
      { ...child.spec, command: join(folder, 'absent') },
      {
        logFile: join(folder, 'absent.log'),
        restart: false,
        print: () => undefined,
        onChange: () => undefined,
      },
    );
    await expect(absent.start()).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringMatching(/ENOENT/),
    });
    await absent.stop();
  });
});
