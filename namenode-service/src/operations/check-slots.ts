import { createHash } from 'node:crypto';
import { COLLECTIONS, slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import type { DataCluster, Fence, StoredDocument } from '@marquee/slot-protocol';
import { findShard, inSyncClusters, type ShardState } from '../directory/directory-state.ts';
import type { Finding } from './finding.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

type CheckContext = Pick<OperationContext, 'cluster' | 'follower' | 'clock'>;

/** The users subgraphs sweep twice a minute; an account that waits this long is waited for by nobody. */
export const JOB_OVERDUE_MS = 15 * 60_000;

/** What a look at some slots has found, and how much there was to look at. */
export interface SlotsLook {
  readonly findings: readonly Finding[];
  /** Documents read, at the cluster that has the most of them. */
  readonly documents: number;
}

/**
 * What is wrong with the data of some slots at the clusters that are in sync. Reads only, one snapshot for
 * each cluster; clusters that do not answer are added to `silent`, and not asked again.
 */
export const lookAtSlots = async (
  context: CheckContext,
  shardName: string,
  wanted: readonly number[],
  silent: Set<string>,
): Promise<SlotsLook> => {
  const state = directoryOf(context);
  const shard = findShard(state, shardName);
  const slots = wanted.filter((slot) => state.slots[slot]?.shard === shardName);
  if (shard === undefined || slots.length === 0) return { findings: [], documents: 0 };
  const contents = new Map<string, ReadonlyMap<number, SlotContents>>();
  for (const name of inSyncClusters(shard)) {
    if (silent.has(name)) continue;
    try {
      contents.set(name, await readSlots(context, await context.cluster(name), slots));
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      silent.add(name);
    }
  }
  const counts = [...contents.values()].map((bySlot) =>
    [...bySlot.values()].reduce((sum, { documents }) => sum + documents, 0),
  );
  return {
    findings: slots.flatMap((slot) => judgeSlot(shard, slot, contents)),
    documents: Math.max(0, ...counts),
  };
};

const judgeSlot = (
  shard: ShardState,
  slot: number,
  byCluster: ReadonlyMap<string, ReadonlyMap<number, SlotContents>>,
): Finding[] => {
  const contents = [...byCluster].flatMap(([cluster, bySlot]) => {
    const each = bySlot.get(slot);
    return each === undefined ? [] : [[cluster, each] as const];
  });
  const found = contents.flatMap(([, { findings }]) => findings);
  const owner = byCluster.get(shard.owner)?.get(slot);
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
    found.push({ kind: 'diverged', cluster, slot, shard: shard.name });
  }
  return found;
};

interface SlotContents {
  readonly fence: Fence | undefined;
  readonly documents: number;
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

type DocumentsOfSlot = ReadonlyMap<CollectionName, readonly StoredDocument[]>;

const readSlots = async (
  context: CheckContext,
  cluster: DataCluster,
  slots: readonly number[],
): Promise<ReadonlyMap<number, SlotContents>> => {
  const { fences, documents } = await cluster.transaction(async (transaction) => {
    const bySlot = new Map(
      slots.map((slot) => [slot, new Map<CollectionName, StoredDocument[]>()] as const),
    );
    const found = await transaction.fences(slots);
    for (const collection of COLLECTIONS) {
      for (const document of await transaction.documentsOfSlots(slots, collection)) {
        const ofSlot = bySlot.get(document.slot);
        const known = ofSlot?.get(collection);
        if (known === undefined) ofSlot?.set(collection, [document]);
        else known.push(document);
      }
    }
    return { fences: new Map(found.map((fence) => [fence.slot, fence])), documents: bySlot };
  }, callDeadline(context));
  const nowMs = context.clock.now();
  return new Map(
    [...documents].map(([slot, ofSlot]) => [
      slot,
      { fence: fences.get(slot), ...contentsOf(cluster.name, slot, ofSlot, nowMs) },
    ]),
  );
};

const contentsOf = (
  cluster: string,
  slot: number,
  ofSlot: DocumentsOfSlot,
  nowMs: number,
): Omit<SlotContents, 'fence'> => {
  const hash = createHash('sha256');
  const findings: Finding[] = [];
  let count = 0;
  for (const collection of COLLECTIONS) {
    for (const document of ofSlot.get(collection) ?? []) {
      count += 1;
      hash.update(collection).update(canonical(document));
      if (!isMisplaced(collection, document, slot)) continue;
      findings.push({ kind: 'misplaced', cluster, slot, collection, id: document._id });
    }
  }
  return {
    documents: count,
    digest: hash.digest('hex'),
    findings,
    wrongCounts: wrongCounts(ofSlot.get('user_interactions') ?? []),
    overdueJobs: (ofSlot.get('users') ?? [])
      .filter((user) => isOverdue(user, nowMs))
      .map(({ _id }) => _id),
  };
};

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
