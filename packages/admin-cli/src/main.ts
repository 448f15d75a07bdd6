import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAdminEnvironment } from './config.ts';
import { runAdmin } from './run-admin.ts';

/** A check of all clusters takes its time; one that takes longer has been given up by everybody else. */
const ANSWER_MAX_MS = 10 * 60_000;

process.exitCode = await runAdmin({
  argv: process.argv.slice(2),
  environment: loadAdminEnvironment(),
  fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MAX_MS) }),
  writeOut: (line) => {
    process.stdout.write(`${line}\n`);
  },
  writeError: (line) => {
    process.stderr.write(`${line}\n`);
  },
  sleep: async (durationMs) => {
    await sleep(durationMs);
  },
  randomId: randomUUID,
});
