import { COLLECTIONS } from '@marquee/topology';
import type { Fence } from '@marquee/slot-protocol';
import {
  findShard,
  inSyncClusters,
  type OperationPlan,
  type ShardState,
} from '../directory/directory-state.ts';
import { answered, bringSlots, missingAt, readFences } from './bring-slots.ts';
import { copySlots } from './copy-slots.ts';
import { changeFences, inChunks } from './fence-changes.ts';
import {
  callDeadline,
  directoryOf,
  waitOutLease,
  type OperationContext,
} from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';
import { runOperation, type OperationOrder, type OperationResult } from './run-operation.ts';
import { sealSlots } from './seal-slots.ts';
import { isNoAnswer, settleSlots } from './settle-shard.ts';

type Plan = Extract<OperationPlan, { kind: 'migration' }>;

/** Slots that are copied between two looks at whether to go on. */
const SLOTS_PER_COPY_ROUND = 16;

/** Slots that are sealed, drained and decided together: their writers wait for all of them. */
const SLOTS_PER_DECISION = 8;

/**
 * Moves slots to another shard while they are read and written: copied under one first edit, one wait
 * for the read lease for all, then sealed, drained, compared and decided a few at a time, so that
 * writers wait only for the drain.
 */
export const migrate = (
  context: OperationContext,
  order: OperationOrder<Plan>,
): Promise<OperationResult> =>
  runOperation(context, order, async (edit, decide) => {
    const { plan } = order;
    const move = moveOf(context, plan, edit);
    const total = plan.slots.length;
    for (let done = 0; done < total; done += SLOTS_PER_COPY_ROUND) {
      order.checkpoint();
      order.journal(`copy from ${plan.from} to ${plan.to}`, { done, total });
      await copyRound(move, plan.slots.slice(done, done + SLOTS_PER_COPY_ROUND));
    }
    order.journal('compare both sides');
    await compareAll(move, plan.slots, order.checkpoint);
    order.journal('wait until no router trusts an older map');
    await waitOutLease(context, edit, order.checkpoint);
    for (let done = 0; done < total; done += SLOTS_PER_DECISION) {
      order.checkpoint();
      order.journal('hand over', { done, total });
      const slots = plan.slots.slice(done, done + SLOTS_PER_DECISION);
      await drain(move, slots);
      await decide({ kind: 'slots-moved', operationId: order.id, slots });
      await settleSlots(context, plan.to, slots);
      await leaveBehind(move, slots);
    }
  });

interface Move {
  readonly context: OperationContext;
  readonly edit: number;
  readonly source: ShardState;
  readonly targets: readonly string[];
  /** What migrations have left there, by cluster: of no use. Anything else is kept. */
  readonly knownLeftovers: ReadonlyMap<string, ReadonlySet<number>>;
}

const moveOf = (context: OperationContext, plan: Plan, edit: number): Move => {
  const state = directoryOf(context);
  const [source, target] = [findShard(state, plan.from), findShard(state, plan.to)];
  if (source === undefined || target === undefined) throw new OperationImpossible('no such shard');
  const targets = inSyncClusters(target);
  const knownLeftovers = new Map(
    targets.map((name) => {
      const known = state.leftovers.filter(
        ({ cluster, mustKeep }) => cluster === name && mustKeep !== true,
      );
      return [name, new Set(known.flatMap(({ slots }) => slots))];
    }),
  );
  return { context, edit, source, targets, knownLeftovers };
};

const copyRound = async (move: Move, slots: readonly number[]): Promise<void> => {
  const { context, edit, knownLeftovers, source, targets } = move;
  for (const target of targets) {
    const cluster = await context.cluster(target);
    const { refused } = await answered(
      changeFences(
        cluster,
        slots,
        edit,
        () => ({ state: 'importing', pushTo: [] }),
        callDeadline(context),
      ),
      `${target} does not answer`,
    );
    if (refused.length > 0) {
      throw new OperationImpossible(`${target} has no fences of slots ${refused.join(', ')}`);
    }
    const isKnown = (slot: number) => knownLeftovers.get(target)?.has(slot) === true;
    for (const keepRejected of [false, true]) {
      const some = slots.filter((slot) => isKnown(slot) !== keepRejected);
      const copies = { slots: some, source: source.owner, target, edit, keepRejected };
      await copySlots(context, copies);
    }
  }
};

/** Seals the slots where they come from, and brings every target to exactly what was sealed. */
const drain = async (move: Move, slots: readonly number[]): Promise<void> => {
  const { context, edit, source, targets } = move;
  const sealed = await sealSlots(context, source.owner, slots, edit);
  if (sealed === undefined) throw new OperationImpossible(`${source.owner} cannot be sealed`);
  for (const target of targets) {
    const at = await readFences(context, target, slots);
    const missing = missingAt(source.owner, sealed, target, at);
    await bringSlots(context, missing, edit);
    await compareLast(move, target, sealed, at);
  }
};

/** What the catch-up brought is compared too, before anybody relies on it. */
const compareLast = async (
  move: Move,
  target: string,
  sealed: ReadonlyMap<number, Fence>,
  before: ReadonlyMap<number, Fence>,
): Promise<void> => {
  const changed = [...sealed.values()].filter(
    ({ slot, sequence }) => before.get(slot)?.sequence !== sequence,
  );
  for (const { slot } of changed) await compareSlot(move, target, slot);
};

const COMPARED_AT_A_TIME = 4;

// A slot that is written meanwhile is caught up once more; only what is at the same number is compared.
const compareAll = async (
  move: Move,
  slots: readonly number[],
  checkpoint: () => void,
): Promise<void> => {
  for (const target of move.targets) {
    await inChunks(slots, 1, COMPARED_AT_A_TIME, async (chunk) => {
      checkpoint();
      for (const slot of chunk) await compareSlot(move, target, slot);
    });
  }
};

const compareSlot = async (move: Move, target: string, slot: number): Promise<void> => {
  const [here, there] = await Promise.all([
    readSlot(move, move.source.owner, slot),
    readSlot(move, target, slot),
  ]);
  if (here.sequence !== there.sequence) return;
  if (here.contents !== there.contents) {
    throw new OperationImpossible(`slot ${slot} of ${target} differs from ${move.source.owner}`);
  }
};

/** Which documents a slot has, in which version, and up to which number. */
const readSlot = async (
  { context }: Move,
  clusterName: string,
  slot: number,
): Promise<{ sequence: number; contents: string }> => {
  const cluster = await context.cluster(clusterName);
  return answered(
    cluster.transaction(async (transaction) => {
      const [fence] = await transaction.fences([slot]);
      const contents: unknown[] = [];
      for (const collection of COLLECTIONS) {
        for (const document of await transaction.documentsOfSlot(slot, collection, {})) {
          const { _id, version, revision, deleted } = document;
          contents.push([collection, _id, version.epoch, version.sequence, revision, deleted]);
        }
      }
      return { sequence: fence?.sequence ?? -1, contents: JSON.stringify(contents) };
    }, callDeadline(context)),
    `${clusterName} does not answer`,
  );
};

/** The shard that had the slots holds left-over data from here on; it is cleared later. */
const leaveBehind = async (move: Move, slots: readonly number[]): Promise<void> => {
  const { context, source } = move;
  for (const { cluster: name } of source.members) {
    const cluster = await context.cluster(name);
    // Where it does not answer now, the clearing comes upon it.
    await changeFences(
      cluster,
      slots,
      context.leadership.lastAppended,
      () => ({ state: 'moved', pushTo: [] }),
      callDeadline(context),
    ).catch((error: unknown) => {
      if (!isNoAnswer(error)) throw error;
    });
  }
};
