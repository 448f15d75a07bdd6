import { hasCode } from '@marquee/errors';
import { isClusterUnreachable } from '@marquee/slot-protocol';
import { findShard, inSyncClusters, slotsOfShard } from '../directory/directory-state.ts';
import { changeFences, type FenceRule } from './fence-changes.ts';
import {
  callDeadline,
  directoryOf,
  waitOutLease,
  type OperationContext,
} from './operation-context.ts';

/** States from which an in-sync replica becomes a follower of the slot's present epoch. */
const BECOMES_FOLLOWER = new Set(['sealed', 'importing', 'follower']);

/**
 * Makes the fences of a shard what the directory says: per slot the replicas get the epoch, then the
 * owner opens, with all of them in `pushTo`. Can be repeated; carries out what an edit has decided.
 *
 * @returns the clusters that did not answer or whose fences do not fit; a slot of theirs that lacks
 * one is not opened
 */
export const settleShard = (context: OperationContext, shardName: string): Promise<string[]> =>
  settleSlots(context, shardName, slotsOfShard(directoryOf(context), shardName));

/** The same for some of a shard's slots. */
export const settleSlots = async (
  context: OperationContext,
  shardName: string,
  slots: readonly number[],
): Promise<string[]> => {
  const state = directoryOf(context);
  const shard = findShard(state, shardName);
  if (shard === undefined) return [];
  // Whoever is about to be dropped from `pushTo` must not be read any more.
  for (const member of shard.members) {
    if (member.status !== 'learner' || member.unreadableSinceEdit === 0) continue;
    await waitOutLease(context, member.unreadableSinceEdit);
  }
  const edit = context.leadership.lastAppended;
  const epochOf = (slot: number) => state.slots[slot]?.epoch ?? 0;
  const [owner, ...followers] = inSyncClusters(shard) as [string, ...string[]];
  const trouble = new Set<string>();

  const change = async (name: string, at: readonly number[], rule: FenceRule) => {
    try {
      const cluster = await context.cluster(name);
      const { changed, refused } = await changeFences(
        cluster,
        at,
        edit,
        rule,
        callDeadline(context),
      );
      if (refused.length > 0) trouble.add(name);
      return changed;
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      trouble.add(name);
      return new Map<number, never>();
    }
  };

  const following = await Promise.all(
    followers.map((name) => change(name, slots, followerRule(epochOf))),
  );
  const ready = slots.filter((slot) => following.every((changed) => changed.has(slot)));
  await change(owner, ready, ownerRule(epochOf, followers));
  return [...trouble];
};

/** A cluster that does not answer now; anything else is a bug or another leader. */
export const isNoAnswer = (error: unknown): boolean =>
  isClusterUnreachable(error) || hasCode(error, 'DEADLINE_EXCEEDED', 'CLUSTER_UNKNOWN');

const followerRule =
  (epochOf: (slot: number) => number): FenceRule =>
  (fence) => {
    const epoch = epochOf(fence.slot);
    if (fence.state === 'follower' && fence.epoch === epoch) return {};
    if (!BECOMES_FOLLOWER.has(fence.state) || fence.epoch > epoch) return null;
    return { state: 'follower', epoch, pushTo: [] };
  };

const ownerRule =
  (epochOf: (slot: number) => number, pushTo: readonly string[]): FenceRule =>
  (fence) => {
    const epoch = epochOf(fence.slot);
    if (fence.state === 'moved' || fence.epoch > epoch) return null;
    if (fence.state === 'follower' && fence.epoch === epoch) return null;
    return { state: 'open', epoch, pushTo };
  };
