// npm run demo:failover, npm run test:load: a whole system under a steady load, and what happens to it.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../load-modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { main } = createLoader({ root })('tests/load/main.ts');
process.exitCode = await main(process.argv.slice(2));
