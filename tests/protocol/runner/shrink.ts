import type { WalkPlan } from '../walk/walk-plan.ts';

/** A part of a plan that walks may do without. */
interface Part<Item> {
  readonly of: (plan: WalkPlan) => readonly Item[];
  readonly with: (plan: WalkPlan, items: readonly Item[]) => WalkPlan;
}

const faults: Part<WalkPlan['faults'][number]> = {
  of: (plan) => plan.faults,
  with: (plan, items) => ({ ...plan, faults: items }),
};

const orders: Part<WalkPlan['orders'][number]> = {
  of: (plan) => plan.orders,
  with: (plan, items) => ({ ...plan, orders: items }),
};

const requests: Part<WalkPlan['workload']['requests'][number]> = {
  of: (plan) => plan.workload.requests,
  with: (plan, items) => ({ ...plan, workload: { ...plan.workload, requests: items } }),
};

const readers: Part<WalkPlan['workload']['readers'][number]> = {
  of: (plan) => plan.workload.readers,
  with: (plan, items) => ({ ...plan, workload: { ...plan.workload, readers: items } }),
};

/**
 * A plan that fails as well with less in it: fewer faults, fewer orders, fewer requests, fewer readers. Leaves out
 * halves first, then quarters, and so on down to single ones.
 */
export const shrink = async (
  plan: WalkPlan,
  fails: (plan: WalkPlan) => Promise<boolean>,
): Promise<WalkPlan> => {
  let smallest = plan;
  for (let before = -1; before !== sizeOf(smallest);) {
    before = sizeOf(smallest);
    smallest = await shrinkPart(smallest, faults, fails);
    smallest = await shrinkPart(smallest, orders, fails);
    smallest = await shrinkPart(smallest, requests, fails);
    smallest = await shrinkPart(smallest, readers, fails);
  }
  return withoutUnused(smallest);
};

const sizeOf = (plan: WalkPlan): number =>
  plan.faults.length +
  plan.orders.length +
  plan.workload.requests.length +
  plan.workload.readers.length;

const shrinkPart = async <Item>(
  plan: WalkPlan,
  part: Part<Item>,
  fails: (plan: WalkPlan) => Promise<boolean>,
): Promise<WalkPlan> => {
  let smallest = plan;
  for (let size = Math.ceil(part.of(plan).length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < part.of(smallest).length;) {
      const items = part.of(smallest);
      const fewer = [...items.slice(0, from), ...items.slice(from + size)];
      const candidate = part.with(smallest, fewer);
      if (await fails(candidate)) smallest = candidate;
      else from += size;
    }
  }
  return smallest;
};

/** Operations that nobody sends say nothing. */
const withoutUnused = (plan: WalkPlan): WalkPlan => {
  const sent = new Set(plan.workload.requests.flatMap(({ operations }) => operations));
  const operations = plan.workload.operations.filter(({ name }) => sent.has(name));
  return { ...plan, workload: { ...plan.workload, operations } };
};
