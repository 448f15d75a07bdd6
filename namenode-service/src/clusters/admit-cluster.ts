import { SLOT_COUNT } from '@marquee/topology';
import { createFences, Deadline, type Clock, type DataCluster } from '@marquee/slot-protocol';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import { changeFences } from '../operations/fence-changes.ts';
import { requireStamp, type ClusterStamps } from './cluster-stamp.ts';

/** Stamp, collections, indexes and fences; a free Atlas cluster is slow at the first. */
const ADMIT_MAX_MS = 60_000;

export interface AdmissionTools {
  readonly stamps: ClusterStamps;
  readonly cluster: (name: string) => Promise<DataCluster>;
  readonly clock: Clock;
}

/**
 * Makes a cluster ready to become a member of a shard: stamped as this deployment's, with every
 * fence `moved`, so that whatever it may have held once counts for nothing. Can be repeated.
 *
 * @returns whether it has been a member before: it may hold then what nobody else does
 * @throws CLUSTER_REFUSED for a cluster that is not this deployment's to use; CLUSTER_UNKNOWN
 */
export const admitCluster = async (
  { stamps, cluster: connect, clock }: AdmissionTools,
  { deployment, lastEdit, shards }: FoundedDirectory,
  name: string,
): Promise<{ readonly wasMember: boolean }> => {
  if (shards.some(({ members }) => members.some(({ cluster }) => cluster === name))) {
    throw new TypeError(`${name} is a member of a shard`);
  }
  const deadline = Deadline.after(ADMIT_MAX_MS, clock);
  const stamp = { deployment, cluster: name };
  const found = await deadline.abortable((signal) => stamps.claim(name, stamp, signal));
  requireStamp(stamp, found);
  const cluster = await connect(name);
  const slots = Array.from({ length: SLOT_COUNT }, (_, slot) => slot);
  const fences = { slots, state: 'moved' as const, epoch: 0, edit: lastEdit };
  await createFences(cluster, fences, deadline);
  const left = () => ({ state: 'moved' as const, pushTo: [] });
  // New fences have epoch 0, and no change but that of a member gives them another one.
  const { changed } = await changeFences(cluster, slots, lastEdit, left, deadline);
  return { wasMember: [...changed.values()].some(({ epoch }) => epoch > 0) };
};
