// Keeps a system for the tests running: starts the launcher, and ends it, with its data, when the
// test run that started this process is gone, however it ended. `system-keeper.mjs FOLDER`
import { spawn } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder] = process.argv.slice(2);
const start = fileURLToPath(new URL('../../packages/launcher/bin/start.mjs', import.meta.url));
const log = createWriteStream(join(folder, 'launcher.log'));

const launcher = spawn(
  process.execPath,
  [start, '--port-base', '0', '--data', join(folder, 'data')],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
launcher.stdout.pipe(log);
launcher.stderr.pipe(log);

let wanted = true;
const stop = () => {
  wanted = false;
  launcher.kill('SIGTERM');
};
process.once('disconnect', stop);
process.once('SIGTERM', stop);

launcher.once('exit', (code) => {
  // Nobody wanted it to end: what it left is needed to see why.
  if (!wanted) rmSync(folder, { recursive: true, force: true });
  process.exit(wanted ? (code ?? 1) : 0);
});
