import { catchUp, isForked, type CatchUpResult, type Fence } from '@marquee/slot-protocol';
import {
  findShard,
  inSyncClusters,
  slotsOfShard,
  type FoundedDirectory,
} from '../directory/directory-state.ts';
import { inChunks } from './fence-changes.ts';
import { areFencesAtRest } from './fences-at-rest.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

const CATCH_UPS_AT_A_TIME = 4;

/** What a look at all fences of a shard has found. */
export interface Comparison {
  /** Operations that each replica lacked when it was looked at, by cluster; null: no answer. */
  readonly lag: ReadonlyMap<string, number | null>;
  /** Fences that are not what the directory says: the shard is to be settled. */
  readonly isUnsettled: boolean;
  /** Replicas that cannot follow any more: they leave, and join again. */
  readonly lost: readonly string[];
  /** The owner knows less than a replica of the same epoch, or other things: it was restored from a backup. */
  readonly ownerIsRestored: boolean;
}

/**
 * Compares the fences of a shard, and catches up what writers that died have left at the owner alone.
 * Once a minute, since fences decide in any case; sooner for slots that routers report.
 */
export const compareShard = async (
  context: OperationContext,
  shardName: string,
): Promise<Comparison | undefined> => {
  const state = directoryOf(context);
  const shard = findShard(state, shardName);
  if (shard === undefined) return undefined;
  const slots = slotsOfShard(state, shardName);
  const followers = inSyncClusters(shard).slice(1);
  // Mostly nothing has happened: then a thousand fences need not cross the network.
  const atRest = await areFencesAtRest(context, state, shard);
  if (atRest) {
    const lag = new Map(followers.map((name) => [name, 0]));
    return { lag, isUnsettled: false, lost: [], ownerIsRestored: false };
  }
  // The followers first: what an owner has given out can only have grown since then.
  const looks = await Promise.all(
    followers.map(async (name) => ({ name, fences: await look(context, name, slots) })),
  );
  const owner = await look(context, shard.owner, slots);
  if (owner === undefined) return undefined;
  const lag = new Map<string, number | null>();
  const lost: string[] = [];
  let isUnsettled = !fits(state, slots, owner, 'open', followers);
  let ownerIsRestored = false;
  for (const { name, fences } of looks) {
    if (fences === undefined) {
      lag.set(name, null);
      continue;
    }
    if (!fits(state, slots, fences, 'follower')) isUnsettled = true;
    const behindBy = (slot: number) =>
      (owner.get(slot)?.sequence ?? 0) - (fences.get(slot)?.sequence ?? 0);
    lag.set(
      name,
      slots.reduce((sum, slot) => sum + Math.max(0, behindBy(slot)), 0),
    );
    const differs = slots.some((slot) => {
      const [mine, theirs] = [fences.get(slot), owner.get(slot)];
      return mine !== undefined && theirs !== undefined && isForked(mine, theirs);
    });
    const behind = slots.filter((slot) => behindBy(slot) > 0);
    const followed = await follow(context, shard.owner, name, behind);
    if (differs || followed === 'forked') ownerIsRestored = true;
    else if (followed === 'copy') lost.push(name);
  }
  return { lag, isUnsettled, lost, ownerIsRestored };
};

const look = async (
  context: OperationContext,
  name: string,
  slots: readonly number[],
): Promise<ReadonlyMap<number, Fence> | undefined> => {
  try {
    const cluster = await context.cluster(name);
    const fences = await cluster.fences(slots, callDeadline(context));
    return new Map(fences.map((fence) => [fence.slot, fence]));
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return undefined;
  }
};

const fits = (
  { slots: directory }: FoundedDirectory,
  slots: readonly number[],
  fences: ReadonlyMap<number, Fence>,
  expected: Fence['state'],
  pushTo: readonly string[] = [],
): boolean => {
  const wanted = [...pushTo].sort().join();
  return slots.every((slot) => {
    const fence = fences.get(slot);
    if (fence?.state !== expected || fence.epoch !== directory[slot]?.epoch) return false;
    // What a follower holds there is of no consequence.
    return expected === 'follower' || [...fence.pushTo].sort().join() === wanted;
  });
};

/** Brings the slots along. `forked` outweighs `copy`: from an owner that lost something nothing is copied. */
const follow = async (
  context: OperationContext,
  source: string,
  target: string,
  slots: readonly number[],
): Promise<'done' | 'copy' | 'forked'> => {
  const [from, to] = await Promise.all([context.cluster(source), context.cluster(target)]);
  const results = new Set<CatchUpResult>();
  await inChunks(slots, 1, CATCH_UPS_AT_A_TIME, async (chunk) => {
    for (const slot of chunk) {
      const request = { slot, source: from, target: to, deadline: callDeadline(context) };
      try {
        // `changed`: a writer was faster. The next look tells.
        results.add(await catchUp(request));
      } catch (error) {
        if (!isNoAnswer(error)) throw error;
      }
    }
  });
  if (results.has('forked')) return 'forked';
  return results.has('copy') ? 'copy' : 'done';
};
