import { SLOT_COUNT } from '@marquee/topology';
import { z } from 'zod';

const Name = z.string().min(1).max(64);
const Slot = z
  .int()
  .min(0)
  .max(SLOT_COUNT - 1);
const ShardWish = z.object({ name: Name, owner: Name, replicas: z.array(Name) });

/** The plan of an operation, as it is stored. */
export const OperationPlanSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('join'), shard: Name, cluster: Name }),
  z.object({ kind: z.literal('planned-failover'), shard: Name, to: Name }),
  z.object({ kind: z.literal('failover'), shard: Name, automatic: z.boolean() }),
  z.object({ kind: z.literal('unclean-failover'), shard: Name, to: Name }),
  z.object({
    kind: z.literal('migration'),
    from: Name,
    to: Name,
    slots: z.array(Slot).min(1).readonly(),
  }),
]);

const change = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.object({ kind: z.literal(kind), ...shape });

/** Why a cluster must not be used. */
export const QuarantineReason = z.enum([
  /** It knows less than it once did: it was restored from a backup. */
  'restored',
  /** Its stamp is that of another deployment. */
  'foreign',
  /** It is the cluster that is also given under another name. */
  'duplicate',
  /** It has no stamp: it has lost everything, or is another one. */
  'empty',
]);

export type QuarantineReason = z.output<typeof QuarantineReason>;

/** What an edit changes. PROTOCOL.md section 4 says which of them decide an operation. */
export const Change = z.discriminatedUnion('kind', [
  change('deployment-founded', { deployment: z.uuid(), shards: z.array(ShardWish).min(1) }),
  change('founding-completed', {}),
  /** Fences off the predecessor: everything it still does carries a lower number. */
  change('leader-elected', { instance: Name, detectionTimeMs: z.number().positive() }),

  change('owner-suspected', { shard: Name }),
  change('owner-trusted', { shard: Name }),
  change('replica-suspected', { shard: Name, cluster: Name }),
  change('replica-trusted', { shard: Name, cluster: Name }),
  /** Decides a leave: not promotable. */
  change('replica-left', { shard: Name, cluster: Name }),

  /** It is not what it should be: nobody uses it, whatever it holds. At any time. */
  change('cluster-quarantined', { cluster: Name, why: QuarantineReason }),
  /** It is what it should be again, or a person says so. */
  change('cluster-released', { cluster: Name }),

  change('operation-begun', { operationId: z.string().min(1).max(64), plan: OperationPlanSchema }),
  change('operation-undone', { operationId: z.string() }),
  /** Decides a join. */
  change('replica-joined', { operationId: z.string() }),
  /** Decides a failover; `inSync` holds the new owner and the clusters brought along. */
  change('owner-changed', { operationId: z.string(), owner: Name, inSync: z.array(Name).min(1) }),
  /** Decides a migration for these of its slots. */
  change('slots-moved', { operationId: z.string(), slots: z.array(Slot).min(1) }),

  /** A check has found data of these slots there, which are not the cluster's. */
  change('leftovers-found', { cluster: Name, slots: z.array(Slot).min(1) }),
  /** What was left of these slots there is gone. */
  change('leftovers-cleared', { cluster: Name, slots: z.array(Slot).min(1) }),

  change('shard-added', { shard: ShardWish }),
  change('shard-removed', { shard: Name }),
  change('shard-configured', { shard: Name, minInSync: z.int().min(1).max(16) }),
  /** A new member, as a learner; one that was a member before may hold what nobody else does. */
  change('cluster-added', {
    shard: Name,
    cluster: Name,
    wasMember: z.boolean().exactOptional(),
  }),
  /** Only a learner can be removed. */
  change('cluster-removed', { shard: Name, cluster: Name }),

  change('automation-paused', {}),
  change('automation-resumed', {}),
]);

export type Change = z.output<typeof Change>;

/** The change of one kind. */
export type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** Who, when and why; for people, except `number`. */
export const EditStamp = z.object({
  /** Consecutive from 1: two leaders cannot both append the same number. */
  number: z.int().min(1),
  /** Unix milliseconds, by the clock of the instance that appended it. */
  atMs: z.number(),
  /** The instance, or the person on whose order it acted. */
  by: z.string().max(200),
  why: z.string().max(500),
});

export type EditStamp = z.output<typeof EditStamp>;

/** One entry of the edit log: the log, replayed, is the directory. */
export type Edit = EditStamp & { readonly change: Change };

export const Edit = EditStamp.extend({ change: Change });
