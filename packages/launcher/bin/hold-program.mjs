// Runs a program that is not ours (mongod) so that it ends when the launcher does: this process
// notices by its channel (die-with-parent.mjs), passes the signal on, and ends with the program.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
// The same process group: what ends the group at once ends the program too.
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(`${command}: ${error.message}`);
  process.exit(127);
});
child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
