import {
  findShard,
  inSyncClusters,
  LEASED,
  shardsOf,
  type FoundedDirectory,
  type OperationPlan,
  type OperationUnderWay,
  type ReadRule,
  type ShardMember,
  type ShardState,
  type SlotState,
} from './directory-state.ts';
import type { Change, ChangeOf, Edit } from './edit.ts';
import { invalidEdit } from './invalid-edit.ts';
import { withLeftovers } from './leftovers.ts';

type OperationChange = Extract<
  Change,
  {
    kind: `operation-${'begun' | 'undone'}` | 'replica-joined' | 'owner-changed' | 'slots-moved';
  }
>;

/** Edits that begin, decide or undo an operation. */
export const applyOperation = (
  state: FoundedDirectory,
  edit: Edit,
  change: OperationChange,
): FoundedDirectory => {
  if (change.kind === 'operation-begun') return begin(state, edit, change);
  const operation = state.operations.find(({ id }) => id === change.operationId);
  if (operation === undefined) throw invalidEdit(edit, `no operation ${change.operationId}`);
  switch (change.kind) {
    case 'operation-undone':
      return undo(state, edit, operation);
    case 'replica-joined':
      return decideJoin(state, edit, operation);
    case 'owner-changed':
      return decideFailover(state, edit, operation, change);
    case 'slots-moved':
      return decideMigration(state, edit, operation, change);
  }
};

const begin = (
  state: FoundedDirectory,
  edit: Edit,
  { operationId, plan }: ChangeOf<'operation-begun'>,
): FoundedDirectory => {
  const taken = new Set(state.operations.flatMap((operation) => shardsOf(operation.plan)));
  for (const name of shardsOf(plan)) {
    if (findShard(state, name) === undefined) throw invalidEdit(edit, `no shard ${name}`);
    if (taken.has(name)) throw invalidEdit(edit, `${name} is busy with another operation`);
  }
  if (state.operations.some(({ id }) => id === operationId)) {
    throw invalidEdit(edit, `operation ${operationId} is under way`);
  }
  checkPlan(state, edit, plan);
  const begun = {
    ...state,
    operations: [...state.operations, { id: operationId, begunByEdit: edit.number, plan }],
  };
  // Replicas of both shards hold parts of a moving slot: only strong reads know which one counts.
  if (plan.kind !== 'migration') return begun;
  return withReads(begun, plan.slots, { kind: 'strong-only', sinceEdit: edit.number });
};

const checkPlan = (state: FoundedDirectory, edit: Edit, plan: OperationPlan): void => {
  if (plan.kind === 'migration') {
    if (plan.from === plan.to) throw invalidEdit(edit, 'a migration to the same shard');
    if (new Set(plan.slots).size !== plan.slots.length) throw invalidEdit(edit, 'a slot twice');
    const strangers = plan.slots.filter((slot) => state.slots[slot]?.shard !== plan.from);
    if (strangers.length > 0) throw invalidEdit(edit, `${plan.from} lacks ${String(strangers)}`);
    return;
  }
  const shard = requireShard(state, edit, plan.shard);
  const statusOf = (cluster: string) =>
    shard.members.find((member) => member.cluster === cluster)?.status;
  if (plan.kind === 'join' && statusOf(plan.cluster) !== 'learner') {
    throw invalidEdit(edit, `${plan.cluster} is no learner of ${plan.shard}`);
  }
  if (plan.kind === 'planned-failover') {
    const promotable = inSyncClusters(shard).includes(plan.to) && plan.to !== shard.owner;
    if (!promotable) throw invalidEdit(edit, `${plan.to} is not promotable in ${plan.shard}`);
  }
  if (plan.kind === 'unclean-failover') {
    const replica = statusOf(plan.to) !== undefined && plan.to !== shard.owner;
    if (!replica) throw invalidEdit(edit, `${plan.to} is no replica of ${plan.shard}`);
  }
};

const undo = (
  state: FoundedDirectory,
  edit: Edit,
  operation: OperationUnderWay,
): FoundedDirectory => {
  const { plan } = operation;
  // What a migration has copied is of no use any more.
  const without =
    plan.kind === 'migration'
      ? withLeftovers(withoutOperation(state, operation), plan.to, plan.slots, edit)
      : withoutOperation(state, operation);
  if (plan.kind !== 'planned-failover' && plan.kind !== 'migration') return without;
  // The owner was sealed and opens again under a fresh epoch: what was on its way to clusters that
  // were brought along meanwhile must not be acknowledged under the old one.
  const reopened =
    plan.kind === 'migration'
      ? (_slot: SlotState, number: number) => plan.slots.includes(number)
      : (slot: SlotState) => slot.shard === plan.shard;
  return {
    ...without,
    slots: state.slots.map((slot, number) =>
      reopened(slot, number) ? { ...slot, epoch: edit.number, reads: LEASED } : slot,
    ),
  };
};

const decideJoin = (
  state: FoundedDirectory,
  edit: Edit,
  operation: OperationUnderWay,
): FoundedDirectory => {
  const { plan } = operation;
  if (plan.kind !== 'join') throw invalidEdit(edit, `${operation.id} is a ${plan.kind}`);
  return withShard(withoutOperation(state, operation), plan.shard, (shard) => ({
    ...shard,
    members: shard.members.map((member): ShardMember =>
      member.cluster === plan.cluster ? { cluster: plan.cluster, status: 'in-sync' } : member,
    ),
  }));
};

const decideFailover = (
  state: FoundedDirectory,
  edit: Edit,
  operation: OperationUnderWay,
  { owner, inSync }: ChangeOf<'owner-changed'>,
): FoundedDirectory => {
  const { plan } = operation;
  if (plan.kind === 'join' || plan.kind === 'migration') {
    throw invalidEdit(edit, `${operation.id} is a ${plan.kind}`);
  }
  const before = requireShard(state, edit, plan.shard);
  const allowed = new Set(inSyncClusters(before));
  if (plan.kind === 'unclean-failover') allowed.add(plan.to);
  const strangers = [owner, ...inSync].filter((cluster) => !allowed.has(cluster));
  if (strangers.length > 0) throw invalidEdit(edit, `not promotable: ${strangers.join(', ')}`);
  if (!inSync.includes(owner)) throw invalidEdit(edit, `${owner} is not among those in sync`);
  if (plan.kind !== 'failover' && owner !== plan.to) throw invalidEdit(edit, `not to ${plan.to}`);
  // The decision has waited out the lease since "strong reads only", where it had to.
  const { reads } = before;
  const unreadableSinceEdit = reads.kind === 'strong-only' ? reads.sinceEdit : edit.number;
  const after = withShard(withoutOperation(state, operation), plan.shard, (shard) => ({
    ...shard,
    owner,
    members: shard.members.map((member): ShardMember => {
      const { cluster } = member;
      if (inSync.includes(cluster)) return { cluster, status: 'in-sync' };
      if (member.status === 'learner') return member;
      return { cluster, status: 'learner', sinceEdit: edit.number, unreadableSinceEdit };
    }),
    reads: LEASED,
    ...(plan.kind === 'failover' && plan.automatic ? { lastAutomaticFailoverAtMs: edit.atMs } : {}),
  }));
  return {
    ...after,
    slots: after.slots.map((slot) =>
      slot.shard === plan.shard ? { ...slot, epoch: edit.number } : slot,
    ),
  };
};

const decideMigration = (
  state: FoundedDirectory,
  edit: Edit,
  operation: OperationUnderWay,
  { slots }: ChangeOf<'slots-moved'>,
): FoundedDirectory => {
  const { plan } = operation;
  if (plan.kind !== 'migration') throw invalidEdit(edit, `${operation.id} is a ${plan.kind}`);
  const moved = new Set(slots);
  const strangers = slots.filter((slot) => !plan.slots.includes(slot));
  if (strangers.length > 0) throw invalidEdit(edit, `${operation.id} lacks ${String(strangers)}`);
  const undecided = plan.slots.filter((slot) => !moved.has(slot));
  const at = withLeftovers(state, plan.from, slots, edit);
  return {
    ...at,
    slots: state.slots.map((slot, number) =>
      moved.has(number) ? { shard: plan.to, epoch: edit.number, reads: LEASED } : slot,
    ),
    operations: state.operations.flatMap((each) => {
      if (each !== operation) return [each];
      return undecided.length === 0 ? [] : [{ ...each, plan: { ...plan, slots: undecided } }];
    }),
  };
};

const requireShard = (state: FoundedDirectory, edit: Edit, name: string): ShardState => {
  const shard = findShard(state, name);
  if (shard === undefined) throw invalidEdit(edit, `no shard ${name}`);
  return shard;
};

const withoutOperation = (
  state: FoundedDirectory,
  operation: OperationUnderWay,
): FoundedDirectory => ({
  ...state,
  operations: state.operations.filter((each) => each !== operation),
});

const withShard = (
  state: FoundedDirectory,
  name: string,
  change: (shard: ShardState) => ShardState,
): FoundedDirectory => ({
  ...state,
  shards: state.shards.map((shard) => (shard.name === name ? change(shard) : shard)),
});

const withReads = (
  state: FoundedDirectory,
  slots: readonly number[],
  reads: ReadRule,
): FoundedDirectory => {
  const changed = new Set(slots);
  return {
    ...state,
    slots: state.slots.map((slot, number) => (changed.has(number) ? { ...slot, reads } : slot)),
  };
};
