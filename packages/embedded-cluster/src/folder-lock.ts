import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who has a data folder open. */
export interface FolderHolder {
  readonly pid: number;
  /** When that process began, where the system tells: pids are used again. */
  readonly startedAt: string | undefined;
  readonly name: string;
  readonly port: number;
}

export class FolderTaken extends Error {
  readonly code = 'DATA_FOLDER_TAKEN';

  constructor(dataDir: string, holder: FolderHolder | undefined) {
    super(
      holder
        ? `the data folder ${dataDir} is in use by cluster "${holder.name}" (process ${holder.pid.toString()}, port ${holder.port.toString()})`
        : `the data folder ${dataDir} is in use by another process`,
    );
    this.name = 'FolderTaken';
  }
}

const FILE = 'cluster.lock';

/**
 * Takes a data folder for this process, and says who has it if that fails. A lock that a killed process
 * left behind is taken over. The answer gives the folder back.
 */
export const lockFolder = (dataDir: string, who: { name: string; port: number }): (() => void) => {
  mkdirSync(dataDir, { recursive: true });
  const lock = join(dataDir, FILE);
  const mine = `${lock}.${process.pid.toString()}`;
  const me: FolderHolder = { pid: process.pid, startedAt: startOf(process.pid), ...who };
  writeFileSync(mine, JSON.stringify(me));
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (linked(mine, lock)) {
        return () => {
          rmSync(lock, { force: true });
        };
      }
      const holder = readHolder(lock);
      if (holder && isAlive(holder)) throw new FolderTaken(dataDir, holder);
      // Renamed first, so that of two who take it over only one removes the dead lock, never a new one.
      const dead = `${mine}.dead`;
      if (renamed(lock, dead)) {
        const taken = readHolder(dead);
        if (taken && isAlive(taken)) {
          renamed(dead, lock);
          throw new FolderTaken(dataDir, taken);
        }
        rmSync(dead, { force: true });
      }
    }
    throw new FolderTaken(dataDir, readHolder(lock));
  } finally {
    rmSync(mine, { force: true });
  }
};

const ATTEMPTS = 5;

const linked = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const renamed = (from: string, to: string): boolean => {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
};

const readHolder = (lock: string): FolderHolder | undefined => {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as FolderHolder;
  } catch {
    return undefined;
  }
};

const isAlive = ({ pid, startedAt }: FolderHolder): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const started = startOf(pid);
  return started === undefined || startedAt === undefined || started === startedAt;
};

/** Linux alone tells when a process began; elsewhere a pid must do. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid.toString()}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};
