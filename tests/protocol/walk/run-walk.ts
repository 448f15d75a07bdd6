import { SLOT_COUNT } from '@marquee/topology';
import { Oracle } from '../oracle/oracle.ts';
import { NameNodeProcess } from '../processes/name-node-process.ts';
import { World } from '../world/world.ts';
import { Clients } from './clients.ts';
import { describe } from './describe.ts';
import { whatIsLeft } from './end-of-walk.ts';
import { Faults } from './faults.ts';
import { giveOrders } from './give-orders.ts';
import { filmsOf, foundWorld } from './found-world.ts';
import { Routers } from './routers.ts';
import type { WalkPlan } from './walk-plan.ts';

export interface WalkResult {
  readonly violation: string | undefined;
  readonly steps: number;
  readonly acknowledged: number;
  readonly edits: Readonly<Record<string, number>>;
}

/** What is left after everything is healed has to come to an end within this time. */
const END_MAX_MS = 240_000;
/** A walk of more events is one in which somebody runs in circles. */
const STEPS_MAX = 200_000;

/** One walk through the real code. A function of its plan. */
export const runWalk = async (plan: WalkPlan, trace?: string[]): Promise<WalkResult> => {
  const edits: Record<string, number> = {};
  const world = new World(
    plan,
    {
      clusterChanged: (cluster, slots) => oracle.clusterChanged(cluster, slots),
      appended: (edit) => {
        edits[edit.change.kind] = (edits[edit.change.kind] ?? 0) + 1;
        oracle.appended(edit);
      },
    },
    trace,
  );
  const { scheduler } = world;
  const oracle: Oracle = new Oracle({
    clusters: world.clusters,
    slotCount: SLOT_COUNT,
    minInSync: plan.deployment.minInSync,
    nowMs: () => scheduler.nowMs,
  });
  const onUnhandled = (error: unknown): void => {
    oracle.wrong(`nobody handled ${describe(error)}`);
  };
  process.on('unhandledRejection', onUnhandled);
  try {
    foundWorld(world, plan.deployment);
    const nameNodes = new Map<string, NameNodeProcess>();
    const { nameNodes: instances, detectionTimeMs } = plan.deployment;
    let generation = 0;
    const startNameNode = (name: string): NameNodeProcess => {
      generation += 1;
      const started = new NameNodeProcess(world, name, {
        detectionTimeMs,
        generation,
        onSurprise: (error) => oracle.wrong(`${name} met ${describe(error)}`),
      });
      nameNodes.set(name, started);
      world.hosts.set(name, started);
      return started;
    };
    for (const name of instances) startNameNode(name);
    const routers = new Routers(world, plan.deployment.routers, instances);
    const clients = new Clients({
      world,
      oracle,
      routers,
      workload: plan.workload,
      films: filmsOf(),
      healedAtMs: plan.healedAtMs,
    });
    giveOrders(plan.orders, world, oracle.truth, nameNodes);
    const faults = new Faults({
      world,
      routers,
      plan,
      startNameNode,
      onRestored: (cluster) => oracle.restored(cluster),
    });
    const left = (): string | undefined => whatIsLeft({ oracle, world, clients, nameNodes });
    let isHealed = false;
    while (oracle.violation === undefined) {
      if (!isHealed && scheduler.nowMs >= plan.healedAtMs) {
        isHealed = true;
        faults.heal();
      }
      if (isHealed && left() === undefined) break;
      if (scheduler.nowMs > plan.healedAtMs + END_MAX_MS || scheduler.steps > STEPS_MAX) {
        oracle.wrong(`no progress: ${left()}`);
        break;
      }
      await scheduler.step();
      oracle.check();
    }
    if (oracle.violation === undefined) oracle.end();
    return {
      violation: oracle.violation,
      steps: scheduler.steps,
      acknowledged: oracle.history.acknowledgedCount,
      edits,
    };
  } finally {
    world.close();
    process.off('unhandledRejection', onUnhandled);
  }
};
