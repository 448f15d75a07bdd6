import { digestOf, PROTOCOL_VERSION, type Fence, type FenceDigest } from '@marquee/slot-protocol';
import {
  inSyncClusters,
  slotsOfShard,
  type FoundedDirectory,
  type ShardState,
} from '../directory/directory-state.ts';
import { callDeadline, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

/**
 * Whether the fences of a shard are what the directory says, and its in-sync clusters have the same
 * operations, by sums that the clusters make. False says nothing: then the fences are to be looked at.
 */
export const areFencesAtRest = async (
  context: OperationContext,
  state: FoundedDirectory,
  shard: ShardState,
): Promise<boolean> => {
  const [ownerName = '', ...followerNames] = inSyncClusters(shard);
  const [owner, ...followers] = await Promise.all(
    [ownerName, ...followerNames].map((name) => digestAt(context, name)),
  );
  if (owner === undefined) return false;
  const expect = (fenceState: Fence['state'], pushTo: readonly string[]): string =>
    JSON.stringify(digestOf(expectedFences(state, shard.name, fenceState, pushTo)));
  if (withoutSequences(owner) !== expect('open', followerNames)) return false;
  const following = expect('follower', []);
  return followers.every(
    (digest) =>
      digest !== undefined &&
      withoutSequences(digest) === following &&
      sequencesOf(digest) === sequencesOf(owner),
  );
};

const digestAt = async (
  context: OperationContext,
  name: string,
): Promise<FenceDigest | undefined> => {
  try {
    return await (await context.cluster(name)).fenceDigest(callDeadline(context));
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return undefined;
  }
};

const expectedFences = (
  state: FoundedDirectory,
  shard: string,
  fenceState: Fence['state'],
  pushTo: readonly string[],
): Fence[] =>
  slotsOfShard(state, shard).map((slot) => ({
    slot,
    protocol: PROTOCOL_VERSION,
    edit: 0,
    epoch: state.slots[slot]?.epoch ?? 0,
    state: fenceState,
    sequence: 0,
    lastTransaction: '',
    pushTo,
    purgedThrough: 0,
    refuseIdsBefore: '',
  }));

const withoutSequences = (digest: FenceDigest): string =>
  JSON.stringify(
    digest.map((group) => ({
      ...group,
      sequences: 0,
      sequencesBySlot: 0,
      sequencesBySlotSquared: 0,
    })),
  );

const sequencesOf = (digest: FenceDigest): string =>
  JSON.stringify(
    digest.map(({ sequences, sequencesBySlot, sequencesBySlotSquared }) => [
      sequences,
      sequencesBySlot,
      sequencesBySlotSquared,
    ]),
  );
