import { z } from 'zod';
import { shardsOf, type OperationPlan } from '../directory/directory-state.ts';

const Name = z.string().min(1).max(64);

/**
 * What people order that decides nothing about owners: kept as an entry, done step by step. Each step
 * stands by itself and is not done twice, so that whoever leads next begins again and does what is left.
 */
export const MaintenancePlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('remove-cluster'), shard: Name, cluster: Name }),
  z.object({ kind: z.literal('repair') }),
]);

export type MaintenancePlan = z.output<typeof MaintenancePlan>;

/** What an entry may be about: an operation that the log knows of, or maintenance. */
export type EntryPlan = OperationPlan | MaintenancePlan;

const MAINTENANCE_KINDS: ReadonlySet<string> = new Set(
  MaintenancePlan.options.map(({ shape }) => shape.kind.value),
);

export const isMaintenance = (plan: EntryPlan): plan is MaintenancePlan =>
  MAINTENANCE_KINDS.has(plan.kind);

/** The shards that are kept for the entry alone from its beginning to its end. */
export const lockedShardsOf = (plan: EntryPlan): readonly string[] => {
  // A repair takes the lock of one shard at a time.
  if (plan.kind === 'repair') return [];
  return isMaintenance(plan) ? [plan.shard] : shardsOf(plan);
};
