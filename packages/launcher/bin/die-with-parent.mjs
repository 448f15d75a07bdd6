// Preloaded into every child: when the launcher is gone, however it ended, the child ends too.
// Its channel to the launcher closes even if the launcher was killed with SIGKILL.
const GRACE_MS = 10_000;

if (process.channel) {
  process.channel.unref();
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  });
}
