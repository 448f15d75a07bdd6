import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Supervisor } from '../src/processes/supervisor.ts';

describe('Supervisor', () => {
  it('keeps logs, also where a reset has cleared their folder since', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
    const logDir = join(folder, 'logs');
    const supervisor = new Supervisor({
      logDir,
      restart: false,
      print: () => undefined,
      onChange: () => undefined,
    });
    try {
      rmSync(logDir, { recursive: true, force: true });
      await supervisor.startStage([
        {
          name: 'child',
          command: process.execPath,
          args: ['-e', "console.log('listening'); setInterval(() => {}, 1000);"],
          env: { PATH: process.env.PATH ?? '' },
          saysListening: (line) => line.includes('listening'),
        },
      ]);
      expect(existsSync(logDir) && readdirSync(logDir)).toEqual(['child.log']);
    } finally {
      await supervisor.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
