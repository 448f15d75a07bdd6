// How walks load the product: from its sources, with what they need different.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../../load-modules.mjs';

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

/** As few at a time as there are slots: what is done in pieces is done in several. */
const SMALL_PIECES = [
  {
    file: 'packages/slot-protocol/src/copy.ts',
    find: 'COPY_PIECE_ITEMS_MAX = 1_000',
    replace: 'COPY_PIECE_ITEMS_MAX = 3',
  },
  {
    file: 'packages/slot-protocol/src/catch-up.ts',
    find: 'CATCH_UP_RECORDS_MAX = 1_000',
    replace: 'CATCH_UP_RECORDS_MAX = 10',
  },
  {
    file: 'packages/slot-protocol/src/purge-slot.ts',
    find: 'PURGE_ITEMS_MAX = 500',
    replace: 'PURGE_ITEMS_MAX = 5',
  },
  {
    file: 'namenode-service/src/operations/fence-changes.ts',
    find: 'FENCES_PER_TRANSACTION = 16',
    replace: 'FENCES_PER_TRANSACTION = 3',
  },
  {
    file: 'namenode-service/src/operations/clear-leftovers.ts',
    find: 'PAGE_ITEMS = 200',
    replace: 'PAGE_ITEMS = 3',
  },
  {
    file: 'namenode-service/src/operations/migrate.ts',
    find: 'SLOTS_PER_COPY_ROUND = 16',
    replace: 'SLOTS_PER_COPY_ROUND = 1',
  },
  {
    file: 'namenode-service/src/operations/migrate.ts',
    find: 'SLOTS_PER_DECISION = 8',
    replace: 'SLOTS_PER_DECISION = 1',
  },
  {
    file: 'namenode-service/src/operations/join.ts',
    find: 'SLOTS_PER_ROUND = 16',
    replace: 'SLOTS_PER_ROUND = 2',
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
    patches: [FEW_SLOTS, ...OFTEN, ...SMALL_PIECES, ...patches],
    substitutes: SUBSTITUTES,
  });
