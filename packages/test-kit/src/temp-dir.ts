import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** A new empty directory; whoever asks for it removes it. */
export const createTempDir = async (): Promise<TempDir> => {
  const path = await mkdtemp(join(tmpdir(), 'marquee-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

/** Runs `work` with a new directory that is gone afterwards. */
export const withTempDir = async <T>(work: (path: string) => Promise<T>): Promise<T> => {
  const dir = await createTempDir();
  try {
    return await work(dir.path);
  } finally {
    await dir.remove();
  }
};
