// npm run test:operations: every crash point of every operation, from the sources as they are.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../../../tests/load-modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const load = createLoader({ root, patches: [], substitutes: {} });
const { main } = load('namenode-service/test/crash-points/main.ts');
process.exitCode = await main();
