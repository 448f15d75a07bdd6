import { MarqueeError } from '@marquee/errors';
import { slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import type { ClusterRegistry } from './cluster-registry.ts';
import type { DataCluster } from './data-cluster.ts';
import type { Deadline } from './deadline.ts';
import type { Fence } from './fence.ts';
import type { StoredDocument } from './stored-document.ts';

export interface StrongReadRequest {
  readonly owner: DataCluster;
  readonly clusters: ClusterRegistry;
  readonly collection: CollectionName;
  readonly ids: readonly string[];
  readonly deadline: Deadline;
}

/**
 * Section 5 of the protocol: documents and their open fences in one snapshot at the owner, then the
 * fence of each cluster that must acknowledge, which must be a follower of the same epoch. So nobody
 * can have acknowledged anything elsewhere before the read began. Needs neither lease nor NameNode.
 *
 * @throws STALE_MAP if a fence is not what it must be; CLUSTER_UNREACHABLE, DEADLINE_EXCEEDED.
 */
export const strongRead = async ({
  owner,
  clusters,
  collection,
  ids,
  deadline,
}: StrongReadRequest): Promise<StoredDocument[]> => {
  const slots = [...new Set(ids.map((id) => slotOf(slotKeyOf(collection, id))))];
  const { fences, documents } = await owner.transaction(async (transaction) => {
    const seen = await transaction.fences(slots);
    return { fences: seen, documents: await transaction.documents(collection, ids) };
  }, deadline);
  const notOpen = slots.filter(
    (slot) => !fences.some((fence) => fence.slot === slot && fence.state === 'open'),
  );
  if (notOpen.length > 0) throw staleMap(owner.name, notOpen);

  const followers = new Set(fences.flatMap(({ pushTo }) => pushTo));
  await Promise.all(
    [...followers].map(async (name) => {
      const followed = fences.filter(({ pushTo }) => pushTo.includes(name));
      await checkFollower(await clusters.get(name), followed, deadline);
    }),
  );
  return documents;
};

const checkFollower = async (
  follower: DataCluster,
  expected: readonly Fence[],
  deadline: Deadline,
): Promise<void> => {
  const fences = await follower.transaction(
    (transaction) => transaction.fences(expected.map(({ slot }) => slot)),
    deadline,
  );
  const strangers = expected.filter(
    ({ slot, epoch }) =>
      !fences.some(
        (fence) => fence.slot === slot && fence.state === 'follower' && fence.epoch === epoch,
      ),
  );
  if (strangers.length > 0) {
    throw staleMap(
      follower.name,
      strangers.map(({ slot }) => slot),
    );
  }
};

const staleMap = (cluster: string, slots: readonly number[]): MarqueeError =>
  new MarqueeError('STALE_MAP', { cluster, slots: slots.slice(0, 16) });
