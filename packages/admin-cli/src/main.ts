import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAdminEnvironment } from './config.ts';
import { runAdmin } from './run-admin.ts';

process.exitCode = await runAdmin({
  argv: process.argv.slice(2),
  environment: loadAdminEnvironment(),
  fetch: (url, init) => fetch(url, init),
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
