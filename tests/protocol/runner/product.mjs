// How walks load the product: from its sources, with what they need different.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from './load-modules.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** A walk over 1,024 slots would take minutes and meet itself in none of them. */
const FEW_SLOTS = {
  file: 'packages/topology/src/slot.ts',
  find: 'SLOT_COUNT = 1024',
  replace: 'SLOT_COUNT = 4',
};

/** Addresses lead into the simulated world. */
const SUBSTITUTES = {
  'packages/slot-protocol/src/mongo/mongo-data-cluster.ts':
    'tests/protocol/world/connected-double.ts',
};

/** @param {readonly { file: string, find: string, replace: string }[]} patches */
export const loadProduct = (patches = []) =>
  createLoader({ root: ROOT, patches: [FEW_SLOTS, ...patches], substitutes: SUBSTITUTES });
