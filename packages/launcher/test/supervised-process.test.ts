import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SupervisedProcess } from '../src/processes/supervised-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
afterAll(() => rmSync(folder, { recursive: true }));

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};

const supervise = (script: string, options: { restart?: boolean } = {}) => {
  const printed: string[] = [];
  let restarts = 0;
  let gone = false;
  const logFile = join(folder, `${Math.random().toString(36).slice(2)}.log`);
  const process_ = new SupervisedProcess(
    {
      name: 'child',
      command: process.execPath,
      args: ['-e', script],
      env: { PATH: process.env.PATH ?? '' },
      saysListening: (line) => line.includes('listening'),
    },
    {
      logFile,
      restart: options.restart ?? true,
      print: (_, line) => printed.push(line),
      onRestarted: () => restarts++,
      onGone: () => (gone = true),
    },
  );
  return { process: process_, printed, logFile, restarts: () => restarts, gone: () => gone };
};

const LIVES = "console.log('listening'); setInterval(() => {}, 1000);";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

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

  it('starts a process again that was killed, and says so', async () => {
    const { process: child, printed, restarts } = supervise(LIVES);
    await child.start();
    const first = child.pid!;
    process.kill(first, 'SIGKILL');
    await until(() => restarts() === 1);
    expect(child.pid).not.toBe(first);
    expect(printed.some((line) => line.includes('ended (SIGKILL)'))).toBe(true);
    await child.stop();
  });

  it('leaves it dead where restarts are off', async () => {
    const { process: child, restarts, gone } = supervise(LIVES, { restart: false });
    await child.start();
    process.kill(child.pid!, 'SIGKILL');
    await until(gone);
    expect(restarts()).toBe(0);
    expect(child.pid).toBeUndefined();
    await child.stop();
  });

  it('does not restart what is being stopped, even between two lives', async () => {
    const { process: child, restarts, printed } = supervise(LIVES);
    await child.start();
    process.kill(child.pid!, 'SIGKILL');
    await until(() => printed.some((line) => line.includes('starting it again')));
    await child.stop();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(restarts()).toBe(0);
    expect(child.pid).toBeUndefined();
  });
});
