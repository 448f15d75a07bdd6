import { createHash } from 'node:crypto';
import { COLLECTIONS, slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import type { DataCluster, Fence, StoredDocument } from '@marquee/slot-protocol';
import { findShard, inSyncClusters } from '../directory/directory-state.ts';
import type { Finding } from './finding.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

type CheckContext = Pick<OperationContext, 'cluster' | 'follower' | 'clock'>;

/** The users subgraphs sweep twice a minute; an account that waits this long is waited for by nobody. */
export const JOB_OVERDUE_MS = 15 * 60_000;

/**
 * What is wrong with the data of one slot at the clusters that are in sync. Reads only, one snapshot for
 * each cluster; clusters that do not answer are added to `silent`, and not asked again.
 */
export const lookAtSlot = async (
  context: CheckContext,
  shardName: string,
  slot: number,
  silent: Set<string>,
): Promise<Finding[]> => {
  const state = directoryOf(context);
  const shard = findShard(state, shardName);
  if (shard === undefined || state.slots[slot]?.shard !== shardName) return [];
  const contents = new Map<string, SlotContents>();
  for (const name of inSyncClusters(shard)) {
    if (silent.has(name)) continue;
    try {
      contents.set(name, await readSlot(context, await context.cluster(name), slot));
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      silent.add(name);
    }
  }
  const found = [...contents.values()].flatMap(({ findings }) => findings);
  const owner = contents.get(shard.owner);
  if (owner === undefined) return found;
  // A replica whose counts differ from its owner's has diverged, whichever are right.
  for (const id of owner.wrongCounts) {
    found.push({ kind: 'wrong-counts', cluster: shard.owner, slot, id });
  }
  for (const id of owner.overdueJobs) {
    found.push({ kind: 'left-over-job', cluster: shard.owner, slot, id });
  }
  for (const [cluster, each] of contents) {
    if (cluster === shard.owner || !isComparable(owner.fence, each.fence)) continue;
    if (each.digest === owner.digest) continue;
    found.push({ kind: 'diverged', cluster, slot, shard: shardName });
  }
  return found;
};

interface SlotContents {
  readonly fence: Fence | undefined;
  readonly digest: string;
  readonly findings: readonly Finding[];
  readonly wrongCounts: readonly string[];
  readonly overdueJobs: readonly string[];
}

/** Two looks at different moments: only at the same number both must hold the same. */
const isComparable = (owner: Fence | undefined, replica: Fence | undefined): boolean =>
  owner?.state === 'open' &&
  replica?.state === 'follower' &&
  owner.epoch === replica.epoch &&
  owner.sequence === replica.sequence;

const readSlot = async (
  context: CheckContext,
  cluster: DataCluster,
  slot: number,
): Promise<SlotContents> =>
  cluster.transaction(async (transaction) => {
    const [fence] = await transaction.fences([slot]);
    const hash = createHash('sha256');
    const findings: Finding[] = [];
    let interactions: readonly StoredDocument[] = [];
    let users: readonly StoredDocument[] = [];
    for (const collection of COLLECTIONS) {
      const documents = await transaction.documentsOfSlot(slot, collection, {});
      for (const document of documents) {
        hash.update(collection).update(canonical(document));
        if (isMisplaced(collection, document, slot)) {
          const { _id: id } = document;
          findings.push({ kind: 'misplaced', cluster: cluster.name, slot, collection, id });
        }
      }
      if (collection === 'user_interactions') interactions = documents;
      if (collection === 'users') users = documents;
    }
    const overdueJobs = users
      .filter((user) => isOverdue(user, context.clock.now()))
      .map(({ _id }) => _id);
    const digest = hash.digest('hex');
    return { fence, digest, findings, wrongCounts: wrongCounts(interactions), overdueJobs };
  }, callDeadline(context));

const isMisplaced = (
  collection: CollectionName,
  { _id }: StoredDocument,
  slot: number,
): boolean => {
  try {
    return slotOf(slotKeyOf(collection, _id)) !== slot;
  } catch {
    return true;
  }
};

const isOverdue = ({ erasure }: StoredDocument, nowMs: number): boolean => {
  const { state, requestedAt } = (erasure ?? {}) as { state?: unknown; requestedAt?: unknown };
  if (state !== 'pending' || !(requestedAt instanceof Date)) return false;
  return nowMs - requestedAt.getTime() > JOB_OVERDUE_MS;
};

/** Ids of summaries whose counts are not what the reactions of their film add up to. */
const wrongCounts = (interactions: readonly StoredDocument[]): string[] => {
  const counted = countReactions(interactions);
  const summaries = interactions.filter(({ kind }) => kind === 'summary');
  const wrong = summaries.filter(({ movieId, likeCount, dislikeCount }) => {
    const { likes, dislikes } = counted.get(movieId) ?? { likes: 0, dislikes: 0 };
    return likeCount !== likes || dislikeCount !== dislikes;
  });
  const summed = new Set(summaries.map(({ movieId }) => movieId));
  const unsummed = [...counted].filter(([id, { likes, dislikes }]) => {
    return !summed.has(id) && likes + dislikes > 0;
  });
  return [...wrong.map(({ _id }) => _id), ...unsummed.map(([id]) => String(id))];
};

/** What the reactions add up to, by film; deleted ones do not count. */
export const countReactions = (
  interactions: readonly StoredDocument[],
): Map<unknown, { likes: number; dislikes: number }> => {
  const counted = new Map<unknown, { likes: number; dislikes: number }>();
  for (const { kind, movieId, reaction, deleted } of interactions) {
    if (kind !== 'interaction' || deleted) continue;
    const count = counted.get(movieId) ?? { likes: 0, dislikes: 0 };
    counted.set(movieId, count);
    if (reaction === 'LIKE') count.likes += 1;
    if (reaction === 'DISLIKE') count.dislikes += 1;
  }
  return counted;
};

// Fields in the order of their names: a driver may keep another one.
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
