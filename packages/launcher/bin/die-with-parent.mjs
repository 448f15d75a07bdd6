// Preloaded into every child: when the launcher is gone, however it ended, the child ends too.
// Its channel to the launcher closes even if the launcher was killed with SIGKILL.
const GRACE_MS = 10_000;

// Undefined where there never was a channel. It may be gone already: this file is read from disk while
// the loop runs, and a launcher can end sooner than that.
if (process.connected === false) process.kill(process.pid, 'SIGKILL');

if (process.connected) {
  process.channel.unref();
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  });
}
