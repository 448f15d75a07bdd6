import { applyMembership } from './apply-membership.ts';
import { applyOperation } from './apply-operation.ts';
import { applyQuarantine, checkQuarantine, withoutPast } from './apply-quarantine.ts';
import {
  LEASED,
  type DirectoryState,
  type FoundedDirectory,
  type Leader,
} from './directory-state.ts';
import type { ChangeOf, Edit } from './edit.ts';
import { invalidEdit } from './invalid-edit.ts';
import { withFound, withoutFalseLeftovers, withoutLeftovers } from './leftovers.ts';
import { splitSlots } from './split-slots.ts';

/**
 * The directory after an edit. Pure: the same edits give the same directory on every instance. The
 * argument is not changed.
 *
 * @throws INTERNAL for an edit out of order, or one that the state does not allow.
 */
export const applyEdit = (state: DirectoryState, edit: Edit): FoundedDirectory => {
  if (edit.number !== state.lastEdit + 1) {
    throw invalidEdit(edit, `expected number ${String(state.lastEdit + 1)}`);
  }
  const { change } = edit;
  if (change.kind === 'deployment-founded') {
    if (state.status !== 'empty') throw invalidEdit(edit, 'the directory is not empty');
    return found(edit, change);
  }
  if (state.status === 'empty') throw invalidEdit(edit, 'nothing has been founded');
  checkQuarantine(state, edit, change);
  const next = withoutPast(withoutFalseLeftovers(applyToFounded(state, edit)), change);
  return { ...next, lastEdit: edit.number };
};

const applyToFounded = (state: FoundedDirectory, edit: Edit): FoundedDirectory => {
  const { change } = edit;
  switch (change.kind) {
    case 'deployment-founded':
      throw invalidEdit(edit, 'the directory is not empty');
    case 'founding-completed':
      if (state.status !== 'founding') throw invalidEdit(edit, 'the founding is complete');
      return { ...state, status: 'running' };
    case 'leader-elected':
      return { ...state, leader: elect(state, edit, change) };
    case 'automation-paused':
      return { ...state, automation: { status: 'paused', sinceEdit: edit.number } };
    case 'automation-resumed':
      return { ...state, automation: { status: 'active' } };
    case 'leftovers-found':
      return withFound(state, edit, change);
    case 'leftovers-cleared':
      return { ...state, leftovers: withoutLeftovers(state.leftovers, change) };
    case 'cluster-quarantined':
    case 'cluster-released':
      return applyQuarantine(state, edit, change);
    case 'operation-begun':
    case 'operation-undone':
    case 'replica-joined':
    case 'owner-changed':
    case 'slots-moved':
      return applyOperation(state, edit, change);
    case 'owner-suspected':
    case 'owner-trusted':
    case 'replica-suspected':
    case 'replica-trusted':
    case 'replica-left':
    case 'shard-added':
    case 'shard-removed':
    case 'shard-configured':
    case 'cluster-added':
    case 'cluster-removed':
      return applyMembership(state, edit, change);
  }
};

const elect = (
  { leader }: FoundedDirectory,
  { number }: Edit,
  { instance, detectionTimeMs }: ChangeOf<'leader-elected'>,
): Leader => ({
  instance,
  sinceEdit: number,
  detectionTimeMs,
  previousDetectionTimeMs: leader?.detectionTimeMs ?? detectionTimeMs,
});

const found = (edit: Edit, change: ChangeOf<'deployment-founded'>): FoundedDirectory => {
  const clusters = change.shards.flatMap((shard) => [shard.owner, ...shard.replicas]);
  const names = change.shards.map((shard) => shard.name);
  for (const list of [clusters, names]) {
    if (new Set(list).size !== list.length) throw invalidEdit(edit, 'a name is given twice');
  }
  return {
    status: 'founding',
    deployment: change.deployment,
    lastEdit: edit.number,
    shards: change.shards.map((shard) => ({
      name: shard.name,
      owner: shard.owner,
      members: [shard.owner, ...shard.replicas].map((cluster) => ({ cluster, status: 'in-sync' })),
      reads: LEASED,
      minInSync: 1,
    })),
    slots: splitSlots(names).map((shard) => ({ shard, epoch: edit.number, reads: LEASED })),
    operations: [],
    leftovers: [],
    quarantined: [],
    leader: null,
    automation: { status: 'active' },
  };
};
