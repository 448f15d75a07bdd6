import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOG_RETRY_MS, ProcessLog } from '../src/processes/process-log.ts';
import { until } from './until.ts';

const folder = mkdtempSync(join(tmpdir(), 'process-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Linux's own full disk: every write fails with ENOSPC. */
const FULL_DISK = '/dev/full';

describe('ProcessLog', () => {
  it('says that a disk is full, once, and goes on when there is room again', async () => {
    const path = join(folder, 'child.log');
    symlinkSync(FULL_DISK, path);
    const troubles: string[] = [];
    let nowMs = 0;
    const log = new ProcessLog(path, {
      onTrouble: (message) => troubles.push(message),
      now: () => nowMs,
    });
    log.write('lost');
    await until(() => troubles.length > 0);
    log.write('lost as well');
    expect(troubles).toEqual([expect.stringContaining('ENOSPC')]);

    rmSync(path);
    nowMs += LOG_RETRY_MS;
    log.write('kept');
    await log.close();
    expect(readFileSync(path, 'utf8')).toBe('kept\n');
    expect(troubles).toHaveLength(1);
  });

  it('can be closed on a full disk', async () => {
    const log = new ProcessLog(FULL_DISK, { onTrouble: () => undefined, now: () => 0 });
    log.write('lost');
    await log.close();
  });
});
