import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { isAlive } from './is-alive.ts';
import { until } from './until.ts';

const PRELOAD = join(__dirname, '../bin/die-with-parent.mjs');
const IMPATIENT_PRELOAD = `${pathToFileURL(PRELOAD).href}?graceMs=200`;

// A launcher in small: one child with the channel and the preload of the real one.
const PARENT = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['--import', process.argv[1], ...process.argv.slice(2)],
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

const LIVES = 'setInterval(() => {}, 1000); console.log("up");';
const BLOCKS = `process.on('SIGTERM', () => { for (;;); }); ${LIVES}`;
const HOLD_PROGRAM = join(__dirname, '../bin/hold-program.mjs');

/** The pid that the child of a killed launcher had. */
const orphan = async (preload: string, args: readonly string[]): Promise<number> => {
  const parent = spawn(process.execPath, ['-e', PARENT, preload, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const child = Number(line);
  expect(isAlive(child)).toBe(true);
  parent.kill('SIGKILL');
  return child;
};

it('leaves no orphan, even if the launcher is killed at once', async () => {
  const child = await orphan(PRELOAD, ['-e', LIVES]);
  await until(() => !isAlive(child));
});

it('leaves no orphan whose own thread never comes to an end', async () => {
  const child = await orphan(IMPATIENT_PRELOAD, ['-e', BLOCKS]);
  await until(() => !isAlive(child));
});

it('leaves no program that an orphan held and that does not heed it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'die-with-parent-'));
  const pidFile = join(folder, 'pid');
  const deaf = `process.on('SIGTERM', () => {});
    require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${LIVES}`;
  const holder = await orphan(IMPATIENT_PRELOAD, [HOLD_PROGRAM, process.execPath, '-e', deaf]);
  const held = Number(readFileSync(pidFile, 'utf8'));
  await until(() => !isAlive(holder) && !isAlive(held));
  rmSync(folder, { recursive: true });
});

it('leaves no orphan that had not begun when the launcher ended', async () => {
  const parent = spawn(process.execPath, ['-e', HASTY_PARENT, PRELOAD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const child = Number(line);
  await until(() => !isAlive(child));
});
