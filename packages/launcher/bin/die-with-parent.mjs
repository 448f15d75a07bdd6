// Preloaded into every child: when the launcher is gone, however it ended, the child ends too.
// Its channel to the launcher closes even if the launcher was killed with SIGKILL.
import { Worker } from 'node:worker_threads';

/** A drain is given up after 10 s, by the service itself; a test asks for less. */
const graceMs = Number(new URL(import.meta.url).searchParams.get('graceMs') ?? 10_000);

// The whole group where this process leads one: what it holds (hold-program.mjs) must not stay.
const KILL_GROUP = `
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
`;

// In a thread of its own: the drain may block this one. A logger whose reader is gone does so, which
// writes its last lines again and again until they are taken.
const killLater = () => {
  const script = `setTimeout(() => { ${KILL_GROUP} }, ${graceMs});`;
  new Worker(script, { eval: true, execArgv: [], env: {} }).unref();
};

// Undefined where there never was a channel. It may be gone already: this file is read from disk while
// the loop runs, and a launcher can end sooner than that.
if (process.connected === false) process.kill(process.pid, 'SIGKILL');

if (process.connected) {
  process.channel.unref();
  process.once('disconnect', () => {
    killLater();
    process.kill(process.pid, 'SIGTERM');
  });
}
