import { createHash } from 'node:crypto';
import { COLLECTIONS, slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import type { DataCluster, StoredDocument } from '@marquee/slot-protocol';
import {
  inSyncClusters,
  slotsOfShard,
  type FoundedDirectory,
  type ShardState,
} from '../directory/directory-state.ts';
import { inChunks } from './fence-changes.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

/** Something that a check has found to be wrong. */
export type Finding =
  /** A document whose key belongs to another slot than the one it is stored under. */
  | {
      readonly kind: 'misplaced';
      readonly cluster: string;
      readonly slot: number;
      readonly id: string;
    }
  /** Data of slots that are not the cluster's, and that nobody knows to be left over. */
  | { readonly kind: 'orphaned'; readonly cluster: string; readonly slot: number }
  /** A replica holds other data than its owner, at the same number. */
  | {
      readonly kind: 'diverged';
      readonly cluster: string;
      readonly slot: number;
      readonly shard: string;
    }
  /** A film's counts are not what its reactions add up to. */
  | {
      readonly kind: 'wrong-counts';
      readonly cluster: string;
      readonly slot: number;
      readonly id: string;
    }
  /** A cluster did not answer, so that nothing is known of it. */
  | { readonly kind: 'unchecked'; readonly cluster: string };

/** Findings told; a deployment with more has one cause for most of them. */
export const FINDINGS_MAX = 1_000;

const SLOTS_AT_A_TIME = 4;

/** Documents looked at in one go to learn which slots have data where they should not. */
const FOREIGN_PAGE_ITEMS = 1_000;

type CheckContext = Pick<OperationContext, 'cluster' | 'follower' | 'clock'>;

/**
 * Looks through all clusters for what must not be: reads only, slot by slot, while everything goes
 * on. A slot that is written during the look is not judged by a comparison of two moments.
 */
export const checkDeployment = async (context: CheckContext): Promise<Finding[]> => {
  const state = directoryOf(context);
  const findings: Finding[] = [];
  for (const shard of state.shards) {
    const silent = new Set<string>();
    await inChunks(slotsOfShard(state, shard.name), 1, SLOTS_AT_A_TIME, async (chunk) => {
      for (const slot of chunk) findings.push(...(await checkSlot(context, shard, slot, silent)));
    });
    for (const { cluster } of shard.members) {
      findings.push(...(await checkForeignSlots(context, shard.name, cluster)));
    }
    for (const cluster of silent) findings.push({ kind: 'unchecked', cluster });
  }
  return findings.slice(0, FINDINGS_MAX);
};

interface SlotContents {
  readonly sequence: number;
  readonly digest: string;
  readonly findings: readonly Finding[];
}

const checkSlot = async (
  context: CheckContext,
  shard: ShardState,
  slot: number,
  silent: Set<string>,
): Promise<Finding[]> => {
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
  const owner = contents.get(shard.owner);
  const found = [...contents.values()].flatMap((each) => each.findings);
  if (owner === undefined) return found;
  for (const [cluster, { sequence, digest }] of contents) {
    if (cluster === shard.owner || sequence !== owner.sequence || digest === owner.digest) continue;
    // Written between the two looks, and at the same number by then: looked at once more.
    if (!(await differsStill(context, shard.owner, cluster, slot))) continue;
    found.push({ kind: 'diverged', cluster, slot, shard: shard.name });
  }
  return found;
};

const differsStill = async (
  context: CheckContext,
  owner: string,
  replica: string,
  slot: number,
): Promise<boolean> => {
  const [here, there] = await Promise.all(
    [owner, replica].map(async (name) => readSlot(context, await context.cluster(name), slot)),
  );
  return here?.sequence === there?.sequence && here?.digest !== there?.digest;
};

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
    for (const collection of COLLECTIONS) {
      const documents = await transaction.documentsOfSlot(slot, collection, {});
      for (const document of documents) {
        hash.update(collection).update(canonical(document));
        if (isMisplaced(collection, document, slot)) {
          findings.push({ kind: 'misplaced', cluster: cluster.name, slot, id: document._id });
        }
      }
      if (collection === 'user_interactions') interactions = documents;
    }
    for (const id of wrongCounts(interactions)) {
      findings.push({ kind: 'wrong-counts', cluster: cluster.name, slot, id });
    }
    return { sequence: fence?.sequence ?? -1, digest: hash.digest('hex'), findings };
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

/** Ids of summaries whose counts are not what the reactions of their film add up to. */
const wrongCounts = (interactions: readonly StoredDocument[]): string[] => {
  const counted = new Map<unknown, { likes: number; dislikes: number }>();
  for (const { kind, movieId, reaction, deleted } of interactions) {
    if (kind !== 'interaction' || deleted) continue;
    const count = counted.get(movieId) ?? { likes: 0, dislikes: 0 };
    counted.set(movieId, count);
    if (reaction === 'LIKE') count.likes += 1;
    if (reaction === 'DISLIKE') count.dislikes += 1;
  }
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

// Fields in the order of their names: a driver may keep another one.
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/**
 * A slot may move here while the check looks. So what was found counts only if it is foreign by the
 * newest directory as well, and is there still: copying begins after the edit that says so.
 */
const checkForeignSlots = async (
  context: CheckContext,
  shard: string,
  clusterName: string,
): Promise<Finding[]> => {
  try {
    const cluster = await context.cluster(clusterName);
    const first = foreignSlots(directoryOf(context), shard, clusterName);
    const suspects = await slotsWithData(context, cluster, first);
    if (suspects.length === 0) return [];
    await context.follower.readToEnd();
    const foreign = new Set(foreignSlots(directoryOf(context), shard, clusterName));
    const orphaned = await slotsWithData(
      context,
      cluster,
      suspects.filter((slot) => foreign.has(slot)),
    );
    return orphaned.map((slot) => ({ kind: 'orphaned', cluster: clusterName, slot }));
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return [{ kind: 'unchecked', cluster: clusterName }];
  }
};

/** Slots of which the cluster should hold nothing: not its shard's, not moving, not known to be left. */
const foreignSlots = (
  { leftovers, operations, slots }: FoundedDirectory,
  shard: string,
  clusterName: string,
): number[] => {
  const known = new Set(
    leftovers.flatMap((each) => (each.cluster === clusterName ? each.slots : [])),
  );
  const moving = new Set(
    operations.flatMap(({ plan }) => (plan.kind === 'migration' ? plan.slots : [])),
  );
  return slots.flatMap((each, slot) =>
    each.shard === shard || known.has(slot) || moving.has(slot) ? [] : [slot],
  );
};

const slotsWithData = async (
  context: CheckContext,
  cluster: DataCluster,
  slots: readonly number[],
): Promise<number[]> => {
  const found = new Set<number>();
  for (const collection of COLLECTIONS) {
    for (;;) {
      const unseen = slots.filter((slot) => !found.has(slot));
      if (unseen.length === 0) break;
      const request = {
        filter: { slot: { $in: unseen } },
        sort: [['slot', 1] as const, ['_id', 1] as const],
        limit: FOREIGN_PAGE_ITEMS,
        projection: { slot: 1 },
      };
      const page = await cluster.page(collection, request, callDeadline(context));
      for (const { slot } of page) found.add(slot);
      // A full page may be of one slot alone, and hide what comes behind it.
      if (page.length < FOREIGN_PAGE_ITEMS) break;
    }
  }
  return [...found];
};
