import type { Fence } from '@marquee/slot-protocol';
import {
  findShard,
  inSyncClusters,
  slotsOfShard,
  type OperationPlan,
} from '../directory/directory-state.ts';
import { bringSlots, type Bringing } from './bring-slots.ts';
import {
  directoryOf,
  leaseLeft,
  waitOutLease,
  type OperationContext,
} from './operation-context.ts';
import { isOperationImpossible, OperationImpossible } from './operation-failure.ts';
import { runOperation, type OperationOrder, type OperationResult } from './run-operation.ts';
import { sealSlots } from './seal-slots.ts';

type Plan = Extract<OperationPlan, { kind: 'failover' }>;

/** All slots of a shard, under load; a replica that takes longer is of no use as an owner. */
const SEAL_MAX_MS = 3_000;

/**
 * The old owner is sealed too if it answers, but a dead one must not make the outage longer: it is waited
 * for as long as the read lease must be waited for anyway, and not shorter than this.
 */
const OWNER_SEAL_MIN_MS = 500;

type Sealed = ReadonlyMap<string, ReadonlyMap<number, Fence>>;

/**
 * Gives a shard whose owner does not answer to a promotable replica. Everything acknowledged is in
 * every promotable cluster, and all of them are prefixes of one log: the longest of those that
 * answer is what the new owner begins with. Those that do not answer are learners afterwards.
 */
export const failOver = async (
  context: OperationContext,
  order: OperationOrder<Plan>,
): Promise<OperationResult> => {
  const suspectedBy = await demandStrongReads(context, order);
  return runOperation(context, order, async (edit, decide) => {
    const { journal, plan } = order;
    const state = directoryOf(context);
    const shard = findShard(state, plan.shard);
    if (shard === undefined) throw new OperationImpossible(`no shard ${plan.shard}`);
    const slots = slotsOfShard(state, plan.shard);
    const clusters = inSyncClusters(shard);

    journal(`seal ${clusters.join(', ')}`);
    const leaseLeftMs = leaseLeft(context, suspectedBy);
    const sealed = await sealAll(context, clusters, slots, edit, (cluster) =>
      cluster === shard.owner
        ? Math.min(SEAL_MAX_MS, Math.max(OWNER_SEAL_MIN_MS, leaseLeftMs))
        : SEAL_MAX_MS,
    );
    journal('bring those that answer to the longest log');
    const behind = await bringTogether(context, sealed, slots, edit);
    const together = [...sealed.keys()].filter((cluster) => !behind.has(cluster));
    const owner = together.find((cluster) => cluster !== shard.owner);
    if (owner === undefined) throw new OperationImpossible('no promotable cluster answers');
    const { minInSync } = shard;
    // Fewer than that must not acknowledge anything: the shard waits for one that comes back.
    if (together.length < Math.min(minInSync, clusters.length)) {
      throw new OperationImpossible(`${plan.shard} must keep ${minInSync} clusters in sync`);
    }

    journal('wait until no router trusts an older map');
    await waitOutLease(context, suspectedBy);
    await decide({ kind: 'owner-changed', operationId: order.id, owner, inSync: together });
  });
};

// The wait for the read lease counts from this edit: the earlier, the shorter the outage.
const demandStrongReads = async (
  context: OperationContext,
  { plan, reason }: OperationOrder<Plan>,
): Promise<number> => {
  const reads = findShard(directoryOf(context), plan.shard)?.reads;
  if (reads?.kind === 'strong-only') return reads.sinceEdit;
  const change = { kind: 'owner-suspected', shard: plan.shard } as const;
  return (await context.leadership.append(change, reason)).number;
};

const sealAll = async (
  context: OperationContext,
  clusters: readonly string[],
  slots: readonly number[],
  edit: number,
  maxMs: (cluster: string) => number,
): Promise<Sealed> => {
  const answers = await Promise.all(
    clusters.map(async (cluster) => ({
      cluster,
      fences: await sealSlots(context, cluster, slots, edit, maxMs(cluster)),
    })),
  );
  return new Map(
    answers.flatMap(({ cluster, fences }) => (fences === undefined ? [] : [[cluster, fences]])),
  );
};

/** Brings the sealed clusters to the highest sequence among them; those that fail are behind. */
const bringTogether = async (
  context: OperationContext,
  sealed: Sealed,
  slots: readonly number[],
  edit: number,
): Promise<Set<string>> => {
  const behind = new Set<string>();
  for (const target of sealed.keys()) {
    const needed = slots.flatMap((slot): Bringing[] => {
      const { cluster: source, sequence } = longest(sealed, slot);
      const has = sealed.get(target)?.get(slot)?.sequence ?? -1;
      return has >= sequence ? [] : [{ slot, source, target }];
    });
    try {
      await bringSlots(context, needed, edit);
    } catch (error) {
      if (!isOperationImpossible(error)) throw error;
      behind.add(target);
    }
  }
  return behind;
};

const longest = (sealed: Sealed, slot: number): { cluster: string; sequence: number } => {
  let best = { cluster: '', sequence: -1 };
  for (const [cluster, fences] of sealed) {
    const sequence = fences.get(slot)?.sequence ?? -1;
    if (sequence > best.sequence) best = { cluster, sequence };
  }
  return best;
};
