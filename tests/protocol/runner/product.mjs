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

/** Walks last half a minute: what is done now and then is done more often. */
const OFTEN = [
  {
    file: 'namenode-service/src/operations/deployment-steward.ts',
    find: 'COMPARE_INTERVAL_MS = 60_000',
    replace: 'COMPARE_INTERVAL_MS = 6_000',
  },
  {
    file: 'namenode-service/src/operations/clear-leftovers.ts',
    find: 'CLEAR_AFTER_MS = 15 * 60_000',
    replace: 'CLEAR_AFTER_MS = 6_000',
  },
];

/** Addresses lead into the simulated world. */
const SUBSTITUTES = {
  'packages/slot-protocol/src/mongo/mongo-data-cluster.ts':
    'tests/protocol/world/connected-double.ts',
};

/** @param {readonly { file: string, find: string, replace: string }[]} patches */
export const loadProduct = (patches = []) =>
  createLoader({
    root: ROOT,
    patches: [FEW_SLOTS, ...OFTEN, ...patches],
    substitutes: SUBSTITUTES,
  });
