import { MarqueeError } from '@marquee/errors';
import { PROTOCOL_VERSION, type Fence, type FenceState } from '@marquee/slot-protocol';
import { SLOT_COUNT } from '@marquee/topology';
import {
  LEASED,
  type FoundedDirectory,
  type ShardMember,
  type SlotState,
} from '../directory/directory-state.ts';

/**
 * The rebuilt log begins this far above the highest edit that a fence tells of: the old one had edits that
 * changed no fence, and a leader of then must find every fence above its own number.
 */
export const LOG_MARGIN_EDITS = 100_000;

/** One cluster of the clusters file that bears the deployment's stamp, with all of its fences. */
export interface FencedCluster {
  readonly name: string;
  readonly shard: string;
  /** As the clusters file wishes it; counts for shards without slots only. */
  readonly role: 'owner' | 'replica';
  readonly fences: readonly Fence[];
}

/** A cluster in one of these states has, or had a moment ago, what was acknowledged in the slot. */
const HOLDING: ReadonlySet<FenceState> = new Set(['open', 'sealed', 'follower']);

interface Holder {
  readonly cluster: FencedCluster;
  readonly fence: Fence;
}

/**
 * The directory that these fences make: per slot the highest epoch wins, as in a router that starts
 * without a NameNode. An operation that was under way is decided as far as one of its fences says so, and
 * undone otherwise. Members that hold everything acknowledged are in sync, all others learners. What no
 * fence tells of has its default: `minInSync` is 1, nothing is quarantined; automation is paused, so that
 * somebody looks first.
 *
 * @throws REBUILD_IMPOSSIBLE that names the slot, or the cluster, with which nobody can tell
 */
export const planRebuild = (
  deployment: string,
  clusters: readonly FencedCluster[],
): FoundedDirectory => {
  const strange = clusters.find(({ fences }) =>
    fences.some(({ protocol }) => protocol !== PROTOCOL_VERSION),
  );
  if (strange !== undefined) {
    throw impossible(`${strange.name} has fences of another version of the protocol`, {
      cluster: strange.name,
    });
  }
  const edits = clusters.flatMap(({ fences }) => fences.map(({ edit }) => edit));
  const lastEdit = edits.reduce((left, right) => Math.max(left, right), 0) + LOG_MARGIN_EDITS;
  const slots = holdersBySlot(clusters);
  const names = [...new Set(clusters.map(({ shard }) => shard))];
  const shards = names.map((name) => {
    const mine = slots.filter(({ shard }) => shard === name);
    const members = clusters.filter(({ shard }) => shard === name);
    return { name, slots: mine, members, owner: chooseOwner(name, members, mine) };
  });
  const owners = new Map(shards.map(({ name, owner }) => [name, owner.name]));
  return {
    status: 'running',
    deployment,
    lastEdit,
    shards: shards.map(({ name, slots: mine, members, owner }) => ({
      name,
      owner: owner.name,
      members: [
        { cluster: owner.name, status: 'in-sync' },
        ...members
          .filter((member) => member !== owner)
          .map((member) => memberOf(member.name, owner.name, mine, lastEdit)),
      ],
      reads: LEASED,
      minInSync: 1,
    })),
    slots: slots.map(({ shard, holders }): SlotState => {
      const fence = fenceOf(holders, owners.get(shard) ?? '');
      return { shard, epoch: fence?.state === 'open' ? fence.epoch : lastEdit, reads: LEASED };
    }),
    operations: [],
    leftovers: [],
    quarantined: [],
    leader: null,
    automation: { status: 'paused', sinceEdit: lastEdit },
  };
};

interface HeldSlot {
  readonly slot: number;
  readonly shard: string;
  /** Those of the highest epoch. */
  readonly holders: readonly Holder[];
}

const holdersBySlot = (clusters: readonly FencedCluster[]): HeldSlot[] => {
  const bySlot = Array.from({ length: SLOT_COUNT }, (): Holder[] => []);
  for (const cluster of clusters) {
    for (const fence of cluster.fences) {
      if (HOLDING.has(fence.state)) bySlot[fence.slot]?.push({ cluster, fence });
    }
  }
  return bySlot.map((all, slot) => {
    const epoch = Math.max(...all.map(({ fence }) => fence.epoch));
    const holders = all.filter(({ fence }) => fence.epoch === epoch);
    const [shard, ...others] = new Set(holders.map(({ cluster }) => cluster.shard));
    if (shard === undefined) throw impossible(`no cluster holds slot ${slot}`, { slot });
    if (others.length > 0) {
      throw impossible(`shards ${[shard, ...others].join(' and ')} both hold slot ${slot}`, {
        slot,
      });
    }
    return { slot, shard, holders };
  });
};

const fenceOf = (holders: readonly Holder[], cluster: string): Fence | undefined =>
  holders.find((holder) => holder.cluster.name === cluster)?.fence;

/** The furthest of a log's copies: all others of the same epoch are beginnings of it. */
const furthest = (holders: readonly Holder[]): Fence => {
  const fences = holders.map(({ fence }) => fence);
  return fences.reduce((left, right) => (right.sequence > left.sequence ? right : left));
};

const isAsFar = (fence: Fence | undefined, other: Fence): boolean =>
  fence?.sequence === other.sequence && fence.lastTransaction === other.lastTransaction;

/** The cluster that is as far as any in every slot of the shard; of several the one with most open. */
const chooseOwner = (
  shard: string,
  members: readonly FencedCluster[],
  slots: readonly HeldSlot[],
): FencedCluster => {
  if (slots.length === 0) {
    const wished = members.find(({ role }) => role === 'owner') ?? members[0];
    if (wished === undefined) throw impossible(`shard ${shard} has no clusters`, { shard });
    return wished;
  }
  const lacking = (name: string): HeldSlot | undefined =>
    slots.find(({ holders }) => !isAsFar(fenceOf(holders, name), furthest(holders)));
  const opened = (name: string): number =>
    slots.filter(({ holders }) => fenceOf(holders, name)?.state === 'open').length;
  const [chosen] = members
    .filter(({ name }) => lacking(name) === undefined)
    .sort((left, right) => opened(right.name) - opened(left.name));
  if (chosen === undefined) {
    const [first] = members.flatMap(({ name }) => lacking(name)?.slot ?? []);
    throw impossible(`no cluster of shard ${shard} has everything, for example of slot ${first}`, {
      shard,
      slot: first,
    });
  }
  for (const { slot, holders } of slots) {
    const rival = holders.find(
      ({ cluster, fence }) => fence.state === 'open' && cluster.name !== chosen.name,
    );
    if (rival === undefined) continue;
    const { name } = rival.cluster;
    // It would go on taking writes: only a person can take it away.
    throw impossible(`${name} owns slot ${slot}, and ${chosen.name} knows more of shard ${shard}`, {
      slot,
      cluster: name,
    });
  }
  return chosen;
};

const memberOf = (
  cluster: string,
  owner: string,
  slots: readonly HeldSlot[],
  lastEdit: number,
): ShardMember => {
  const holdsEverything = slots.every(({ holders }) => {
    const [mine, owners] = [fenceOf(holders, cluster), fenceOf(holders, owner)];
    if (mine === undefined || owners === undefined) return false;
    return isAsFar(mine, owners) || owners.pushTo.includes(cluster);
  });
  return slots.length > 0 && holdsEverything
    ? { cluster, status: 'in-sync' }
    : { cluster, status: 'learner', sinceEdit: lastEdit, unreadableSinceEdit: 0, wasMember: true };
};

const impossible = (why: string, facts: Record<string, unknown>): MarqueeError =>
  new MarqueeError('REBUILD_IMPOSSIBLE', facts, {
    message: `The directory cannot be rebuilt: ${why}.`,
  });
