// npm run test:protocol -- [--walks N] [--seed S] [--scenario NAME] [--mutant NAME…] [--known] [--no-mutants]
//                         [--mutant-walks N] [--trace] [--keep] [--learn]

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProduct } from './runner/product.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const { main } = loadProduct()('tests/protocol/runner/main.ts');
process.exitCode = await main(folder, process.argv.slice(2));
