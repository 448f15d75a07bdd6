import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PRELOAD = join(__dirname, '../bin/die-with-parent.mjs');

// A launcher in small: one child with the channel and the preload of the real one.
const PARENT = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['--import', process.argv[1], '-e', 'setInterval(() => {}, 1000); console.log("up")'],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  child.stdout.once('data', () => console.log(child.pid));
  setInterval(() => {}, 1000);
`;

// One that ends before its child has read a line of its program.
const HASTY_PARENT = `
  const { spawn } = require('node:child_process');
  const { writeSync } = require('node:fs');
  const child = spawn(process.execPath, ['--import', process.argv[1], '-e', 'setInterval(() => {}, 1000)'],
    { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  writeSync(1, child.pid + '\\n');
  process.kill(process.pid, 'SIGKILL');
`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('leaves no orphan, even if the launcher is killed at once', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT, PRELOAD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const child = Number(line);
  expect(isAlive(child)).toBe(true);
  parent.kill('SIGKILL');
  while (isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isAlive(child)).toBe(false);
});

it('leaves no orphan that had not begun when the launcher ended', async () => {
  const parent = spawn(process.execPath, ['-e', HASTY_PARENT, PRELOAD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const child = Number(line);
  while (isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isAlive(child)).toBe(false);
});
