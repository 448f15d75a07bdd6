import { hasCode } from '@marquee/errors';
import { mendFollower, type SlotOperation } from '@marquee/slot-protocol';
import { findShard } from '../directory/directory-state.ts';
import { shardOf } from '../directory/leftovers.ts';
import { notLeader, type Reason } from '../leader/leadership.ts';
import { answered } from './bring-slots.ts';
import { checkDeployment } from './check-deployment.ts';
import { clearLeftover } from './clear-leftovers.ts';
import { changeFences } from './fence-changes.ts';
import { findingKey, type Finding } from './finding.ts';
import { leave } from './leave.ts';
import { moveAside } from './move-aside.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { deposed, isOperationImpossible } from './operation-failure.ts';
import { recountOperation } from './recount-operation.ts';
import type { Journal } from './run-operation.ts';
import { settleShard } from './settle-shard.ts';
import type { ShardLocks } from './shard-locks.ts';

/** What was done about one finding, or why nothing was. */
export interface Repair {
  readonly finding: Finding;
  readonly isMended: boolean;
  readonly action: string;
}

export interface RepairTools {
  readonly context: OperationContext;
  readonly locks: ShardLocks;
  /** Whether the fences of the shard may be touched. */
  readonly mayTouch: (shard: string) => boolean;
  /** Acknowledged like any write. */
  readonly write: (operation: SlotOperation) => Promise<unknown>;
  /** A UUIDv7. */
  readonly newUuid: () => string;
}

export interface RepairOrder {
  readonly reason: Reason;
  readonly journal: Journal;
  readonly isCancelled: () => boolean;
  /** Kept before the next finding is looked at. */
  readonly report: (repair: Repair) => Promise<void>;
}

/** A check tells so many findings at a time; what was mended is not found by the next. */
const ROUNDS_MAX = 20;

/** A slot that is written all the time may be ahead of what was read of its owner. */
const MEND_ATTEMPTS_MAX = 8;

/**
 * First what decides who may write, then what an owner can tell: so that a replica is compared with an
 * owner that has been mended.
 */
const ORDER: readonly Finding['kind'][] = [
  'second-owner',
  'wrong-fence',
  'misplaced',
  'unslotted',
  'wrong-counts',
  'diverged',
  'orphaned',
  'left-over-job',
  'unchecked',
];

/**
 * Checks, and mends what can be mended: a replica that differs takes its owner's copy, and whatever is
 * replaced, or should not be where it is, is kept among the rejected documents of its cluster. Each finding
 * is mended by itself, under the lock of its shard, so that urgent things come in between, and whoever
 * begins again finds only what is left.
 *
 * @returns how many were mended and how many were not
 */
export const repairDeployment = async (
  tools: RepairTools,
  order: RepairOrder,
): Promise<{ mended: number; left: number; isCancelled: boolean }> => {
  const seen = new Set<string>();
  const counts = { mended: 0, left: 0, isCancelled: false };
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    order.journal('check');
    const { findings, more } = await checkDeployment(tools.context);
    const fresh = findings.filter((finding) => !seen.has(findingKey(finding)));
    const sorted = fresh.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    for (const [done, finding] of sorted.entries()) {
      if (tools.context.term.aborted) throw notLeader(null);
      if (order.isCancelled()) return { ...counts, isCancelled: true };
      seen.add(findingKey(finding));
      order.journal(`mend ${finding.kind} at ${finding.cluster}`, { done, total: sorted.length });
      const repair = await repairOne(tools, finding, order.reason);
      await order.report(repair);
      if (repair.isMended) counts.mended += 1;
      else counts.left += 1;
    }
    if (!more || fresh.length === 0) break;
  }
  return counts;
};

const repairOne = async (tools: RepairTools, finding: Finding, reason: Reason): Promise<Repair> => {
  const { context, locks, mayTouch } = tools;
  const shard = shardOf(directoryOf(context), finding.cluster);
  const left = (action: string): Repair => ({ finding, isMended: false, action });
  if (shard === undefined) return left('the cluster is a member no more');
  // A write waits as long as it takes; the shard must be able to fail over meanwhile.
  const locked = finding.kind === 'wrong-counts' ? [] : [shard.name];
  try {
    return await locks.run(locked, async () => {
      if (!mayTouch(shard.name)) return left('the shard is in safe mode');
      return { finding, ...(await mend(tools, shard.name, finding, reason)) };
    });
  } catch (error) {
    if (hasCode(error, 'NOT_READY', 'METADATA_UNAVAILABLE')) throw error;
    if (isOperationImpossible(error)) return left(error.message);
    return left(error instanceof Error ? error.message : String(error));
  }
};

type Outcome = Omit<Repair, 'finding'>;

const mended = (action: string): Outcome => ({ isMended: true, action });
const notMended = (action: string): Outcome => ({ isMended: false, action });

const mend = async (
  tools: RepairTools,
  shard: string,
  finding: Finding,
  reason: Reason,
): Promise<Outcome> => {
  const { context } = tools;
  switch (finding.kind) {
    case 'second-owner':
      return closeSecondOwner(context, finding);
    case 'wrong-fence':
      return settle(context, shard, finding.cluster);
    case 'misplaced':
      return moved(
        await moveAside(context, { ...finding, guardSlot: finding.slot, isOfSlot: true }),
      );
    case 'unslotted':
      return moved(await moveAside(context, { ...finding, guardSlot: 0, isOfSlot: false }));
    case 'wrong-counts':
      return recount(tools, finding);
    case 'diverged':
      return takeOwnersCopy(context, finding, reason);
    case 'orphaned':
      return clearOrphan(context, finding, reason);
    case 'left-over-job':
      return notMended('the users subgraphs go on with it: see why they do not');
    case 'unchecked':
      return notMended('it does not answer');
  }
};

const moved = (wasThere: boolean): Outcome =>
  mended(wasThere ? 'kept among the rejected documents' : 'was gone by then');

type FindingOf<Kind extends Finding['kind']> = Extract<Finding, { kind: Kind }>;

const closeSecondOwner = async (
  context: OperationContext,
  { cluster: name, slot }: FindingOf<'second-owner'>,
): Promise<Outcome> => {
  const state = directoryOf(context);
  const placement = state.slots[slot];
  const isOwner = findShard(state, placement?.shard ?? '')?.owner === name;
  if (placement === undefined || isOwner) return mended('is the owner by now');
  const cluster = await context.cluster(name);
  const { refused } = await answered(
    changeFences(
      cluster,
      [slot],
      context.leadership.lastAppended,
      ({ epoch, state: is }) =>
        is === 'open' && epoch < placement.epoch ? { state: 'moved', pushTo: [] } : null,
      callDeadline(context),
    ),
    `${name} does not answer`,
  );
  return refused.length === 0
    ? mended('takes no writes of the slot any more')
    : notMended('its fence is not older than the directory: the log may be');
};

const settle = async (
  context: OperationContext,
  shard: string,
  cluster: string,
): Promise<Outcome> => {
  const trouble = await settleShard(context, shard);
  return trouble.includes(cluster)
    ? notMended('its fence does not fit: it leaves and joins again, or fails over')
    : mended('is what the directory says');
};

const recount = async (
  { write, newUuid }: RepairTools,
  { id }: FindingOf<'wrong-counts'>,
): Promise<Outcome> => {
  const counts = (await write(recountOperation(id, `namenode/${newUuid()}`))) as {
    likeCount: number;
    dislikeCount: number;
  };
  return mended(`counted anew: ${counts.likeCount} likes, ${counts.dislikeCount} dislikes`);
};

const takeOwnersCopy = async (
  context: OperationContext,
  { cluster: name, slot, shard: shardName }: FindingOf<'diverged'>,
  reason: Reason,
): Promise<Outcome> => {
  const shard = findShard(directoryOf(context), shardName);
  if (shard === undefined || shard.owner === name) return notMended('is the owner by now');
  const [source, target] = await Promise.all([context.cluster(shard.owner), context.cluster(name)]);
  for (let attempt = 0; attempt < MEND_ATTEMPTS_MAX; attempt += 1) {
    const edit = context.leadership.lastAppended;
    const deadline = callDeadline(context);
    const silent = `${name} or ${shard.owner} does not answer`;
    const result = await answered(mendFollower({ slot, source, target, edit, deadline }), silent);
    if (result.status === 'mended') {
      const { written, rejected } = result;
      return mended(`took the owner's copy: ${written} written, ${rejected} kept as rejected`);
    }
    if (result.status === 'copy') return joinAnew(context, shardName, name, reason);
    const [fence] = await answered(target.fences([slot], callDeadline(context)), silent);
    if (fence !== undefined && fence.edit > edit) throw deposed({ cluster: name, slot });
  }
  return notMended('it does not follow its owner, or the slot is written too busily');
};

/** Too much for one transaction: a copy brings it over in pieces. */
const joinAnew = async (
  context: OperationContext,
  shard: string,
  cluster: string,
  reason: Reason,
): Promise<Outcome> => {
  try {
    await leave(context, shard, cluster, reason);
  } catch (error) {
    if (!hasCode(error, 'INTERNAL')) throw error;
    return notMended(`too much differs, and it must not leave: ${(error as Error).message}`);
  }
  return mended('too much differs: it has left, and joins again with a copy of the owner');
};

const clearOrphan = async (
  context: OperationContext,
  { cluster, slot }: FindingOf<'orphaned'>,
  reason: Reason,
): Promise<Outcome> => {
  const change = { kind: 'leftovers-found' as const, cluster, slots: [slot] };
  await context.leadership.append(change, reason);
  const leftover = directoryOf(context).leftovers.find(
    (each) => each.cluster === cluster && each.mustKeep === true && each.slots.includes(slot),
  );
  if (leftover === undefined) return notMended('the slot is in use there by now');
  const kept = await clearLeftover(context, { ...leftover, slots: [slot] }, reason.by);
  return mended(`${kept.get(slot) ?? 0} documents and records kept as rejected, and removed`);
};
