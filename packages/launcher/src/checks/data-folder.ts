import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MarqueeError } from '@marquee/errors';

/** Room that a start must find: the demo data, its indexes and logs with a wide margin. */
export const FREE_DISK_MIN_BYTES = 1024 ** 3;

const LOCK_FILE = 'launcher.pid';

/**
 * Prepares the data folder for this launcher alone.
 *
 * @throws CONFIGURATION_INVALID if it cannot be written, if the disk is nearly full, or if another
 * launcher that still lives uses it.
 */
export const claimDataFolder = (dataDir: string): { release(): void } => {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw invalid(`--data: ${dataDir} cannot be created (${(cause as Error).message})`);
  }
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize < FREE_DISK_MIN_BYTES) {
    const freeMiB = Math.floor((bavail * bsize) / 1024 ** 2);
    throw invalid(`--data: ${dataDir} has ${freeMiB} MiB free; at least 1,024 MiB are needed`);
  }
  const lock = join(dataDir, LOCK_FILE);
  claim(lock, dataDir);
  return { release: () => rmSync(lock, { force: true }) };
};

const claim = (lock: string, dataDir: string): void => {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'EEXIST') {
      throw invalid(`--data: ${dataDir} cannot be written (${(cause as Error).message})`);
    }
    const pid = Number(readFileSync(lock, 'utf8'));
    if (isLauncher(pid)) {
      throw invalid(`--data: ${dataDir} is in use by the Marquee that runs as process ${pid}`);
    }
    rmSync(lock, { force: true });
    claim(lock, dataDir);
  }
};

// A pid is given out again: only a process that is still a launcher counts.
const isLauncher = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.mjs');
  } catch {
    return true;
  }
};

const invalid = (message: string): MarqueeError =>
  new MarqueeError('CONFIGURATION_INVALID', {}, { message });
