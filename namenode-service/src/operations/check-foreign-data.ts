import { COLLECTIONS } from '@marquee/topology';
import type { DataCluster } from '@marquee/slot-protocol';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import type { Finding } from './finding.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';

type CheckContext = Pick<OperationContext, 'cluster' | 'follower' | 'clock'>;

/** Documents looked at in one go. */
const PAGE_ITEMS = 1_000;

const BY_SLOT = [['slot', 1] as const, ['_id', 1] as const];

/**
 * Data that should not be at a cluster by the present directory: of slots that are not its shard's, not
 * moving, not known to be left over; and of no slot at all. Rejects if the cluster does not answer.
 */
export const lookForForeignData = async (
  context: CheckContext,
  shard: string,
  clusterName: string,
): Promise<Finding[]> => {
  const cluster = await context.cluster(clusterName);
  const state = directoryOf(context);
  const foreign = foreignSlots(state, shard, clusterName);
  const orphaned = await slotsWithData(context, cluster, foreign);
  return [
    ...orphaned.map((slot): Finding => ({ kind: 'orphaned', cluster: clusterName, slot })),
    ...(await lookForUnslotted(context, cluster, state.slots.length)),
  ];
};

const foreignSlots = (
  { leftovers, operations, slots }: FoundedDirectory,
  shard: string,
  clusterName: string,
): number[] => {
  const known = new Set(
    leftovers.flatMap((each) => (each.cluster === clusterName ? each.slots : [])),
  );
  const moving = new Set(
    operations.flatMap(({ plan }) => (plan.kind === 'migration' ? plan.slots : [])),
  );
  return slots.flatMap((each, slot) =>
    each.shard === shard || known.has(slot) || moving.has(slot) ? [] : [slot],
  );
};

const slotsWithData = async (
  context: CheckContext,
  cluster: DataCluster,
  slots: readonly number[],
): Promise<number[]> => {
  const found = new Set<number>();
  for (const collection of COLLECTIONS) {
    for (;;) {
      const unseen = slots.filter((slot) => !found.has(slot));
      if (unseen.length === 0) break;
      const request = {
        filter: { slot: { $in: unseen } },
        sort: BY_SLOT,
        limit: PAGE_ITEMS,
        projection: { slot: 1 },
      };
      const page = await cluster.page(collection, request, callDeadline(context));
      for (const { slot } of page) found.add(slot);
      // A full page may be of one slot alone, and hide what comes behind it.
      if (page.length < PAGE_ITEMS) break;
    }
  }
  return [...found];
};

/** The first page of each collection: whoever has more of them has one cause for all. */
const lookForUnslotted = async (
  context: CheckContext,
  cluster: DataCluster,
  slotCount: number,
): Promise<Finding[]> => {
  const slots = Array.from({ length: slotCount }, (_, slot) => slot);
  const findings: Finding[] = [];
  for (const collection of COLLECTIONS) {
    const request = {
      filter: { slot: { $nin: slots } },
      sort: BY_SLOT,
      limit: PAGE_ITEMS,
      projection: { slot: 1 },
    };
    const page = await cluster.page(collection, request, callDeadline(context));
    for (const { _id: id } of page) {
      findings.push({ kind: 'unslotted', cluster: cluster.name, collection, id });
    }
  }
  return findings;
};
