// node tests/bench/namenode/run.mjs: build first; the whole system runs from dist.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../../load-modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { main } = createLoader({ root })('tests/bench/namenode/namenode.ts');
process.exitCode = await main();
