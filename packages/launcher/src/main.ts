import { fileURLToPath } from 'node:url';
import { loadConfig } from './config.ts';
import { endpointsPath, endpointsTable } from './endpoints.ts';
import { parseOptions, USAGE } from './options.ts';
import { createPrefixer, wantsColour } from './processes/console-lines.ts';
import { startSystem, type RunningSystem } from './start.ts';
import { createStopRequests } from './stop-requests.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const startedAtMs = Date.now();

const say = (text: string): void => void process.stdout.write(`${text}\n`);

// Output into a file on a full disk: lines are lost, the system goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error;
  });
}

const main = async (): Promise<void> => {
  const config = loadConfig();
  const options = parseOptions(process.argv.slice(2), config);
  if (options === 'help') {
    say(USAGE);
    return;
  }
  if (options.checkOnly) {
    const { runDoctor } = await import('./doctor.ts');
    process.exitCode = (await runDoctor(options, config, say)) ? 0 : 1;
    return;
  }
  const prefix = createPrefixer(wantsColour(process.stdout, config));
  const run: { system?: Pick<RunningSystem, 'stop' | 'kill'>; stopping: boolean } = {
    stopping: false,
  };
  const stopRequested = createStopRequests();
  const onSignal = (): void => {
    const wish = stopRequested(performance.now());
    if (wish === 'same') return;
    if (wish === 'kill' || run.system === undefined) {
      say('\nending everything at once');
      run.system?.kill();
      process.exit(130);
    }
    run.stopping = true;
    say('\ndraining; once more to end at once');
    void run.system.stop().then(
      () => {
        say('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);

  try {
    const { endpoints } = await startSystem({
      root,
      options,
      config,
      print: (name, line) => say(prefix(name, line)),
      onStoppable: (stoppable) => {
        run.system = stoppable;
      },
    });
    const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
    say(`\nMarquee is ready after ${seconds} s; engine ${options.engine}\n`);
    say(endpointsTable(endpoints));
    say(`\n  the same as JSON: ${endpointsPath(options.dataDir)}\n  Ctrl-C ends it\n`);
  } catch (error) {
    // A stop during the start makes it fail; whoever stopped it knows.
    if (!run.stopping) throw error;
  }
};

main().catch((error: unknown) => {
  console.error(`marquee: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
