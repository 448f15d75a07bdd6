import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PACKAGE = join(__dirname, '..');

/** The process's entry, built from the present source: a process of its own cannot run TypeScript. */
export const builtMain = (): string => {
  const tsc = require.resolve('typescript/bin/tsc');
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, '-b', join(PACKAGE, 'tsconfig.build.json')],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stdout);
  return join(PACKAGE, 'dist/main.js');
};
