import { createFences, Deadline, type Clock, type DataCluster } from '@marquee/slot-protocol';
import type { AddressBook } from '../clusters/address-book.ts';
import { requireStamp, type ClusterStamps } from '../clusters/cluster-stamp.ts';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import type { Leadership, Reason } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { foundingFences } from './founding-fences.ts';
import { foundingPlan } from './founding-plan.ts';

/** Collections, indexes and 1,024 fences at one cluster; a free Atlas cluster is slow at the first. */
export const PREPARE_CLUSTER_MAX_MS = 60_000;

/** For one look at, or one stamp on, each cluster. */
const STAMP_MAX_MS = 5_000;

export interface FoundingTools {
  readonly addresses: AddressBook;
  readonly stamps: ClusterStamps;
  readonly cluster: (name: string) => Promise<DataCluster>;
  readonly leadership: Leadership;
  readonly follower: DirectoryFollower;
  readonly clock: Clock;
  readonly newDeploymentId: () => string;
  readonly instance: string;
}

/**
 * Makes a directory that is `running` out of an empty one, or out of one whose founding was cut off:
 * logs what the deployment consists of, then stamps and prepares every cluster, then logs that all
 * fences exist. Every step can be repeated, so that whoever leads next goes on with it.
 *
 * @throws CLUSTER_REFUSED that names a cluster which is not this deployment's to use,
 * CONFIGURATION_INVALID for a wish without exactly one owner; whatever an unreachable cluster gives
 */
export const foundDeployment = async (tools: FoundingTools): Promise<void> => {
  const { follower, leadership, instance } = tools;
  const reason = (why: string): Reason => ({ by: instance, why });
  if (follower.state.status === 'empty') {
    const shards = foundingPlan(await tools.addresses.refresh());
    await requireUnclaimed(
      tools,
      shards.flatMap(({ owner, replicas }) => [owner, ...replicas]),
    );
    const deployment = tools.newDeploymentId();
    await leadership.append(
      { kind: 'deployment-founded', deployment, shards },
      reason('a new deployment, as the clusters file wishes it'),
    );
    await leadership.declare();
  }
  const { state } = follower;
  if (state.status !== 'founding') return;
  const clusters = state.shards.flatMap(({ members }) => members.map(({ cluster }) => cluster));
  // In order: of two names for one cluster the first keeps it, and the second is refused.
  for (const cluster of clusters) await claim(tools, state, cluster);
  await all(clusters, (cluster) => prepare(tools, state, cluster));
  await leadership.append(
    { kind: 'founding-completed' },
    reason('every cluster has its collections, indexes and fences'),
  );
};

// Before anything is logged: the metadata cluster may be the wrong one, or have lost its data.
const requireUnclaimed = (tools: FoundingTools, clusters: readonly string[]): Promise<void> =>
  all(clusters, async (cluster) => {
    const stamp = await withLimit(tools, (signal) => tools.stamps.read(cluster, signal));
    if (stamp !== null) requireStamp({ deployment: 'none yet', cluster }, stamp);
  });

const claim = async (
  tools: FoundingTools,
  { deployment }: FoundedDirectory,
  cluster: string,
): Promise<void> => {
  const stamp = { deployment, cluster };
  requireStamp(
    stamp,
    await withLimit(tools, (signal) => tools.stamps.claim(cluster, stamp, signal)),
  );
};

const prepare = async (
  tools: FoundingTools,
  state: FoundedDirectory,
  name: string,
): Promise<void> => {
  const cluster = await tools.cluster(name);
  const deadline = Deadline.after(PREPARE_CLUSTER_MAX_MS, tools.clock);
  // Only missing ones are created. No map is served before all exist, so that none of those which
  // are missing can have been in use.
  for (const fences of foundingFences(state, name)) await createFences(cluster, fences, deadline);
};

const withLimit = <Result>(
  { clock }: FoundingTools,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => Deadline.after(STAMP_MAX_MS, clock).abortable(work);

// Waits for all of them, then fails with the first that failed: a retry meets no work under way.
const all = async (
  clusters: readonly string[],
  work: (cluster: string) => Promise<void>,
): Promise<void> => {
  const results = await Promise.allSettled(clusters.map(work));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
};
