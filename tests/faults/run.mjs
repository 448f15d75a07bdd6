// npm run test:faults [-- --schedules N --seed N]: the services run from dist, built just before.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../load-modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { main } = createLoader({ root })('tests/faults/main.ts');
process.exitCode = await main(process.argv.slice(2));
