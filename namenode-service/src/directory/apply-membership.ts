import {
  findShard,
  inSyncClusters,
  LEASED,
  shardsOf,
  slotsOfShard,
  type FoundedDirectory,
  type ShardMember,
  type ShardState,
} from './directory-state.ts';
import type { Change, ChangeOf, Edit } from './edit.ts';
import { invalidEdit } from './invalid-edit.ts';

type MembershipChange = Extract<
  Change,
  {
    kind:
      | `owner-${'suspected' | 'trusted'}`
      | `replica-${'suspected' | 'trusted' | 'left'}`
      | `shard-${'added' | 'removed' | 'configured'}`
      | `cluster-${'added' | 'removed'}`;
  }
>;

/** Edits of what a shard consists of, and of whom to trust within it. */
export const applyMembership = (
  state: FoundedDirectory,
  edit: Edit,
  change: MembershipChange,
): FoundedDirectory => {
  if (change.kind === 'shard-added') return addShard(state, edit, change);
  const shard = findShard(state, change.shard);
  if (shard === undefined) throw invalidEdit(edit, `no shard ${change.shard}`);
  if (change.kind === 'shard-removed') return removeShard(state, edit, shard);
  if (change.kind === 'cluster-added') refuseKnownClusters(state, edit, [change.cluster]);
  const next = applyToShard(state, shard, edit, change);
  return { ...state, shards: state.shards.map((each) => (each === shard ? next : each)) };
};

const applyToShard = (
  state: FoundedDirectory,
  shard: ShardState,
  edit: Edit,
  change: Exclude<MembershipChange, { kind: 'shard-added' | 'shard-removed' }>,
): ShardState => {
  const sinceEdit = edit.number;
  switch (change.kind) {
    case 'owner-suspected':
      return { ...shard, reads: { kind: 'strong-only', sinceEdit } };
    case 'owner-trusted':
      return { ...shard, reads: LEASED };
    case 'shard-configured':
      return { ...shard, minInSync: change.minInSync };
    case 'replica-suspected':
      requireReplica(shard, change.cluster, ['in-sync'], edit);
      return withMember(shard, { cluster: change.cluster, status: 'suspected', sinceEdit });
    case 'replica-trusted':
      requireReplica(shard, change.cluster, ['suspected'], edit);
      return withMember(shard, { cluster: change.cluster, status: 'in-sync' });
    case 'replica-left':
      requireReplica(shard, change.cluster, ['in-sync', 'suspected'], edit);
      requireFree(state, shard, edit);
      if (inSyncClusters(shard).length <= shard.minInSync) {
        throw invalidEdit(edit, `${shard.name} must keep ${String(shard.minInSync)} in sync`);
      }
      return withMember(shard, leave(shard, change.cluster, sinceEdit));
    case 'cluster-added':
      return {
        ...shard,
        members: [
          ...shard.members,
          {
            cluster: change.cluster,
            status: 'learner',
            sinceEdit,
            unreadableSinceEdit: 0,
            ...(change.wasMember === true ? { wasMember: true } : {}),
          },
        ],
      };
    case 'cluster-removed':
      requireReplica(shard, change.cluster, ['learner'], edit);
      requireFree(state, shard, edit);
      return {
        ...shard,
        members: shard.members.filter(({ cluster }) => cluster !== change.cluster),
      };
  }
};

const addShard = (
  state: FoundedDirectory,
  edit: Edit,
  { shard }: ChangeOf<'shard-added'>,
): FoundedDirectory => {
  if (findShard(state, shard.name) !== undefined) throw invalidEdit(edit, 'the shard exists');
  const clusters = [shard.owner, ...shard.replicas];
  refuseKnownClusters(state, edit, clusters);
  const added: ShardState = {
    name: shard.name,
    owner: shard.owner,
    // It has no slots yet: whoever is a member from the start holds everything acknowledged.
    members: clusters.map((cluster) => ({ cluster, status: 'in-sync' })),
    reads: LEASED,
    minInSync: 1,
  };
  return { ...state, shards: [...state.shards, added] };
};

const removeShard = (state: FoundedDirectory, edit: Edit, shard: ShardState): FoundedDirectory => {
  requireFree(state, shard, edit);
  if (slotsOfShard(state, shard.name).length > 0) throw invalidEdit(edit, 'the shard has slots');
  return { ...state, shards: state.shards.filter((each) => each !== shard) };
};

const refuseKnownClusters = (
  state: FoundedDirectory,
  edit: Edit,
  clusters: readonly string[],
): void => {
  const known = new Set(state.shards.flatMap(({ members }) => members.map((m) => m.cluster)));
  for (const cluster of clusters) {
    if (known.has(cluster)) throw invalidEdit(edit, `${cluster} is a member of a shard`);
    known.add(cluster);
  }
};

const requireReplica = (
  shard: ShardState,
  cluster: string,
  allowed: readonly ShardMember['status'][],
  edit: Edit,
): void => {
  const member = shard.members.find((each) => each.cluster === cluster);
  if (member === undefined || cluster === shard.owner) {
    throw invalidEdit(edit, `${cluster} is no replica of ${shard.name}`);
  }
  if (!allowed.includes(member.status)) throw invalidEdit(edit, `${cluster} is ${member.status}`);
};

// What an operation found at its beginning must hold until it is decided or undone.
const requireFree = (state: FoundedDirectory, shard: ShardState, edit: Edit): void => {
  const busy = state.operations.find(({ plan }) => shardsOf(plan).includes(shard.name));
  if (busy !== undefined) throw invalidEdit(edit, `${shard.name} is busy with ${busy.id}`);
};

const leave = (shard: ShardState, cluster: string, sinceEdit: number): ShardMember => {
  const before = shard.members.find((member) => member.cluster === cluster);
  const unreadableSinceEdit = before?.status === 'suspected' ? before.sinceEdit : sinceEdit;
  return { cluster, status: 'learner', sinceEdit, unreadableSinceEdit };
};

const withMember = (shard: ShardState, member: ShardMember): ShardState => ({
  ...shard,
  members: shard.members.map((each) => (each.cluster === member.cluster ? member : each)),
});
