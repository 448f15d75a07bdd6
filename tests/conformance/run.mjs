// The conformance suite: `npm run test:conformance` on an embedded cluster of its own,
// `npm run test:conformance -- --uri mongodb://…` on any replica set. Further arguments go to jest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    uri: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    'test-name': { type: 'string', short: 't' },
  },
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const jest = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url));
const config = fileURLToPath(new URL('jest.config.mjs', import.meta.url));

const { status } = spawnSync(
  process.execPath,
  [
    jest,
    '--config',
    config,
    '--runInBand',
    ...(values['test-name'] ? ['--testNamePattern', values['test-name']] : []),
    ...positionals,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(values.uri ? { CONFORMANCE_URI: values.uri } : {}),
      ...(values.runs ? { CONFORMANCE_FUZZ_RUNS: values.runs } : {}),
      ...(values.seed ? { CONFORMANCE_FUZZ_SEED: values.seed } : {}),
    },
  },
);
process.exitCode = status ?? 1;
