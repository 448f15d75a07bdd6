// node tests/bench/search/run.mjs [--films N]; build first: the clusters run from dist.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../../load-modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const { main } = createLoader({ root })('tests/bench/search/search.ts');
await main(process.argv.slice(2));
