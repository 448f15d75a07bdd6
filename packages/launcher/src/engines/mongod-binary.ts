import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MarqueeError } from '@marquee/errors';
import type { LauncherConfig } from '../config.ts';

/** The version that is downloaded where the machine has none. */
const DOWNLOAD_VERSION = '7.0.24';

/** If not a byte has come by then, this network does not reach the download. */
const DOWNLOAD_BEGINS_WITHIN_MS = 8_000;
const PROGRESS_EVERY_MS = 500;

const ADVICE = [
  'Engine mongod needs a mongod binary. Do one of these:',
  '  - install MongoDB 7.0 or later, so that mongod is on the PATH;',
  '  - set MONGOD_BIN (or MONGOMS_SYSTEM_BINARY) to the path of a binary;',
  '  - start where the MongoDB download site can be reached, and it is downloaded;',
  '  - use the embedded engine: npm start.',
].join('\n');

type BinaryConfig = Pick<LauncherConfig, 'MONGOD_BIN' | 'MONGOMS_SYSTEM_BINARY' | 'PATH'>;

/**
 * A mongod to start: `MONGOD_BIN`, `MONGOMS_SYSTEM_BINARY`, the PATH, else a download by
 * mongodb-memory-server into `downloadDir`.
 *
 * @throws CONFIGURATION_INVALID that says what to do, within 10 s where nothing can be downloaded.
 */
export const findMongodBinary = async (
  config: BinaryConfig,
  downloadDir: string,
  print: (line: string) => void,
  beginsWithinMs: number = DOWNLOAD_BEGINS_WITHIN_MS,
): Promise<string> =>
  locateMongodBinary(config) ?? (await download(downloadDir, print, beginsWithinMs));

/**
 * A mongod that is on this machine, if there is one.
 *
 * @throws CONFIGURATION_INVALID where a variable names none.
 */
export const locateMongodBinary = (config: BinaryConfig): string | undefined => {
  for (const variable of ['MONGOD_BIN', 'MONGOMS_SYSTEM_BINARY'] as const) {
    const named = config[variable];
    if (named === undefined) continue;
    if (isExecutable(named)) return named;
    throw invalid(`${variable}: expected the path of an executable file`);
  }
  return config.PATH.split(delimiter)
    .map((folder) => join(folder, 'mongod'))
    .find(isExecutable);
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const download = async (
  downloadDir: string,
  print: (line: string) => void,
  beginsWithinMs: number,
): Promise<string> => {
  // Loaded only here: no other start needs it.
  const { MongoBinary } = await import('mongodb-memory-server-core/lib/util/MongoBinary.js');
  print(`no mongod on this machine; downloading ${DOWNLOAD_VERSION} …`);
  const ended = new AbortController();
  const silent = noByteCame(downloadDir, beginsWithinMs, ended.signal);
  try {
    const path = await Promise.race([
      MongoBinary.getPath({ version: DOWNLOAD_VERSION, downloadDir, checkMD5: true }),
      silent,
    ]);
    print('downloaded');
    return path;
  } catch (cause) {
    throw invalid(ADVICE, cause);
  } finally {
    ended.abort();
  }
};

const noByteCame = async (
  downloadDir: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<never> => {
  const deadlineMs = performance.now() + withinMs;
  while (performance.now() < deadlineMs && !signal.aborted) {
    await delay(Math.min(PROGRESS_EVERY_MS, withinMs));
    // The download has begun: from here on it may take as long as it takes.
    if (hasBytes(downloadDir)) return new Promise(() => undefined);
  }
  throw invalid('the download did not begin');
};

/** The downloader's lock file says only that it tries. */
const hasBytes = (downloadDir: string): boolean =>
  existsSync(downloadDir) &&
  readdirSync(downloadDir)
    .filter((name) => !name.endsWith('.lock'))
    .some((name) => (statSync(join(downloadDir, name), { throwIfNoEntry: false })?.size ?? 0) > 0);

const invalid = (message: string, cause?: unknown): MarqueeError =>
  new MarqueeError('CONFIGURATION_INVALID', {}, { message, cause });
