import { COLLECTIONS } from '@marquee/topology';
import type { DocumentInBrief, Fence } from '@marquee/slot-protocol';
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
  const copyTo = async (target: string): Promise<void> => {
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
  };
  await allEnded(targets.map(copyTo));
};

/** Waits for all of them, and throws what the first that failed threw: nothing goes on unseen. */
const allEnded = async (works: readonly Promise<void>[]): Promise<void> => {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
};

/** Seals the slots where they come from, and brings every target to exactly what was sealed. */
const drain = async (move: Move, slots: readonly number[]): Promise<void> => {
  const { context, edit, source, targets } = move;
  // Their writers wait from here on: what can be brought before must not be brought while they wait.
  await allEnded(targets.map((target) => bringWhatIsMissing(move, target, slots)));
  const sealed = await sealSlots(context, source.owner, slots, edit);
  if (sealed === undefined) throw new OperationImpossible(`${source.owner} cannot be sealed`);
  const drainTo = async (target: string): Promise<void> => {
    const at = await readFences(context, target, slots);
    const missing = missingAt(source.owner, sealed, target, at);
    await bringSlots(context, missing, edit);
    await compareLast(move, target, sealed, at);
  };
  await allEnded(targets.map(drainTo));
};

const bringWhatIsMissing = async (
  { context, edit, source }: Move,
  target: string,
  slots: readonly number[],
): Promise<void> => {
  const [here, there] = await Promise.all([
    readFences(context, source.owner, slots),
    readFences(context, target, slots),
  ]);
  const behind = missingAt(source.owner, here, target, there);
  await bringSlots(context, behind, edit);
};

/** What the catch-up brought is compared too, before anybody relies on it: what its records touched. */
const compareLast = async (
  move: Move,
  target: string,
  sealed: ReadonlyMap<number, Fence>,
  before: ReadonlyMap<number, Fence>,
): Promise<void> => {
  for (const { slot, sequence } of sealed.values()) {
    const after = before.get(slot)?.sequence ?? sequence;
    if (after === sequence) continue;
    const range = { after, through: sequence };
    const [here, there] = await Promise.all([
      readTouched(move, move.source.owner, slot, range),
      readTouched(move, target, slot, range),
    ]);
    if (here !== there) throw differs(move, target, slot);
  }
};

const COMPARED_AT_A_TIME = 4;

// A slot that is written meanwhile is caught up once more; only what is at the same number is compared.
const compareAll = async (
  move: Move,
  slots: readonly number[],
  checkpoint: () => void,
): Promise<void> => {
  await inChunks(slots, 1, COMPARED_AT_A_TIME, async (chunk) => {
    checkpoint();
    for (const slot of chunk) await compareSlot(move, slot);
  });
};

const compareSlot = async (move: Move, slot: number): Promise<void> => {
  const clusters = [move.source.owner, ...move.targets];
  const [here, ...copies] = await Promise.all(clusters.map((name) => readSlot(move, name, slot)));
  for (const [index, there] of copies.entries()) {
    if (here?.sequence !== there.sequence || here.contents === there.contents) continue;
    throw differs(move, move.targets[index] ?? '', slot);
  }
};

const differs = ({ source }: Move, target: string, slot: number): OperationImpossible =>
  new OperationImpossible(`slot ${slot} of ${target} differs from ${source.owner}`);

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
        contents.push((await transaction.briefsOfSlot(slot, collection)).map(inBrief));
      }
      return { sequence: fence?.sequence ?? -1, contents: JSON.stringify(contents) };
    }, callDeadline(context)),
    `${clusterName} does not answer`,
  );
};

/** The documents that the records of a range touched, in which version. */
const readTouched = async (
  { context }: Move,
  clusterName: string,
  slot: number,
  range: { after: number; through: number },
): Promise<string> => {
  const cluster = await context.cluster(clusterName);
  return answered(
    cluster.transaction(async (transaction) => {
      const touched = (await transaction.records(slot, range)).flatMap((record) => record.touched);
      const contents: unknown[] = [];
      for (const collection of COLLECTIONS) {
        const ids = new Set(
          touched.filter((each) => each.collection === collection).map(({ id }) => id),
        );
        if (ids.size === 0) continue;
        const documents = await transaction.documents(collection, [...ids]);
        contents.push(documents.map(inBrief).sort());
      }
      return JSON.stringify(contents);
    }, callDeadline(context)),
    `${clusterName} does not answer`,
  );
};

const inBrief = ({ _id, version, revision, deleted }: DocumentInBrief): string =>
  JSON.stringify([_id, version.epoch, version.sequence, revision, deleted]);

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
