import { parseArgs } from 'node:util';
import type { EmbeddedClusterOptions } from './start-embedded-cluster.ts';

const USAGE = 'usage: --name NAME --port PORT --data DIR [--host 127.0.0.1] [--test-commands]';

/** Throws an Error whose message says what is wrong and how it is done. */
export const parseArguments = (args: string[]): EmbeddedClusterOptions => {
  const { values } = parsed(args);
  const { name, port, data, host } = values;
  if (!name || !/^[\w.-]+$/.test(name))
    throw new Error(`--name must be a word, such as shard-a; ${USAGE}`);
  if (!port || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535; ${USAGE}`);
  }
  if (!data) throw new Error(`--data must name a folder; ${USAGE}`);
  return {
    name,
    port: Number(port),
    dataDir: data,
    testCommands: values['test-commands'] ?? false,
    ...(host === undefined ? {} : { host }),
  };
};

const parsed = (args: string[]) => {
  try {
    return parseArgs({
      args,
      options: {
        name: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string' },
        host: { type: 'string' },
        'test-commands': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}; ${USAGE}`, {
      cause: error,
    });
  }
};
