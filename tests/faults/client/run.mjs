// One client process of test:faults; what it is to do comes as its first message.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../../load-modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { runClient } = createLoader({ root })('tests/faults/client/client.ts');
process.once('disconnect', () => process.exit(0));
process.once('message', (plan) => void runClient(plan));
