import {
  LEASED,
  quarantineOf,
  type FoundedDirectory,
  type ShardMember,
  type ShardState,
} from './directory-state.ts';
import type { Change, ChangeOf, Edit } from './edit.ts';
import { invalidEdit } from './invalid-edit.ts';

type QuarantineChange = ChangeOf<'cluster-quarantined' | 'cluster-released'>;

/**
 * Edits that take a cluster out of all use, and give it back. They may come in the middle of an
 * operation, which `checkQuarantine` then keeps from being decided: what it holds counts for nothing.
 */
export const applyQuarantine = (
  state: FoundedDirectory,
  edit: Edit,
  change: QuarantineChange,
): FoundedDirectory => {
  const { cluster } = change;
  const rest = state.quarantined.filter((each) => each.cluster !== cluster);
  if (change.kind === 'cluster-released') {
    if (quarantineOf(state, cluster) === undefined) {
      throw invalidEdit(edit, `${cluster} is not quarantined`);
    }
    return { ...state, quarantined: rest };
  }
  const shard = state.shards.find(({ members }) => members.some((m) => m.cluster === cluster));
  if (shard === undefined) throw invalidEdit(edit, `${cluster} is a member of no shard`);
  const { why } = change;
  const next =
    shard.owner === cluster ? withoutOwner(shard, edit) : withoutReplica(shard, change, edit);
  return {
    ...state,
    shards: state.shards.map((each) => (each === shard ? next : each)),
    quarantined: [...rest, { cluster, why, sinceEdit: edit.number }],
  };
};

// It stays the owner until a failover has found another one; nobody writes or reads there meanwhile.
const withoutOwner = (shard: ShardState, { number }: Edit): ShardState =>
  shard.reads.kind === LEASED.kind
    ? { ...shard, reads: { kind: 'strong-only', sinceEdit: number } }
    : shard;

const withoutReplica = (
  shard: ShardState,
  { cluster }: QuarantineChange,
  { number }: Edit,
): ShardState => ({
  ...shard,
  members: shard.members.map((member): ShardMember => {
    if (member.cluster !== cluster || member.status === 'learner') return member;
    const unreadableSinceEdit = member.status === 'suspected' ? member.sinceEdit : number;
    return { cluster, status: 'learner', sinceEdit: number, unreadableSinceEdit };
  }),
});

/** @throws INTERNAL for an edit that would decide something by what a quarantined cluster holds */
export const checkQuarantine = (state: FoundedDirectory, edit: Edit, change: Change): void => {
  if (state.quarantined.length === 0) return;
  const refuse = (clusters: readonly string[]): void => {
    const found = clusters.find((cluster) => quarantineOf(state, cluster) !== undefined);
    if (found !== undefined) throw invalidEdit(edit, `${found} is quarantined`);
  };
  const ownerOf = (name: string): string[] =>
    state.shards.filter((shard) => shard.name === name).map(({ owner }) => owner);
  const planOf = (id: string) => state.operations.find((each) => each.id === id)?.plan;
  if (change.kind === 'owner-changed') refuse([change.owner, ...change.inSync]);
  if (change.kind === 'replica-joined') {
    const plan = planOf(change.operationId);
    if (plan?.kind === 'join') refuse([plan.cluster, ...ownerOf(plan.shard)]);
  }
  if (change.kind === 'slots-moved') {
    const plan = planOf(change.operationId);
    if (plan?.kind === 'migration') refuse([...ownerOf(plan.from), ...ownerOf(plan.to)]);
  }
};

/** Whoever begins anew, or is gone, is not quarantined any more. */
export const withoutPast = (state: FoundedDirectory, change: Change): FoundedDirectory => {
  if (state.quarantined.length === 0) return state;
  const joining =
    change.kind === 'operation-begun' && change.plan.kind === 'join' ? change.plan.cluster : null;
  const members = new Set(state.shards.flatMap((shard) => shard.members.map((m) => m.cluster)));
  return {
    ...state,
    quarantined: state.quarantined.filter(
      ({ cluster }) => cluster !== joining && members.has(cluster),
    ),
  };
};
