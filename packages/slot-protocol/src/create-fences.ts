import type { DataCluster } from './data-cluster.ts';
import type { Deadline } from './deadline.ts';
import { PROTOCOL_VERSION, type Fence, type FenceState } from './fence.ts';

/** How many fences one statement creates; a command of MongoDB holds at most 100,000. */
const FENCES_PER_STATEMENT = 256;

export interface NewFences {
  readonly slots: readonly number[];
  readonly state: FenceState;
  readonly epoch: number;
  readonly edit: number;
  /** Owner only: its followers. */
  readonly pushTo?: readonly string[];
}

/**
 * Gives a cluster its fences when a deployment begins: collections, indexes, and one fence for each of
 * the slots. Can be repeated and interrupted: a fence that exists is left as it is.
 */
export const createFences = async (
  cluster: DataCluster,
  { slots, state, epoch, edit, pushTo = [] }: NewFences,
  deadline: Deadline,
): Promise<void> => {
  await cluster.ensureIndexes(deadline);
  const fences = slots.map((slot): Fence => ({
    slot,
    protocol: PROTOCOL_VERSION,
    edit,
    epoch,
    state,
    sequence: 0,
    lastTransaction: '',
    pushTo,
    purgedThrough: 0,
    refuseIdsBefore: '',
  }));
  for (let from = 0; from < fences.length; from += FENCES_PER_STATEMENT) {
    await cluster.createFences(fences.slice(from, from + FENCES_PER_STATEMENT), deadline);
  }
};
