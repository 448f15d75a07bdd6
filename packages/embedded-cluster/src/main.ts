import { parseArguments } from './command-line.ts';
import { giveBackMemoryWhenIdle } from './give-back-memory.ts';
import { startEmbeddedCluster } from './start-embedded-cluster.ts';

try {
  const options = parseArguments(process.argv.slice(2));
  const cluster = await startEmbeddedCluster(options);
  const stopCollecting = giveBackMemoryWhenIdle(() => cluster.commandsDone);
  console.log(`listening ${cluster.uri}`);
  const stop = (): void => {
    stopCollecting();
    cluster.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
