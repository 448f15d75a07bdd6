import type { ClusterTables } from '../cluster-double/cluster-tables.ts';
import type { NameNodeProcess } from '../processes/name-node-process.ts';
import type { World } from '../world/world.ts';
import type { Routers } from './routers.ts';
import type { TimedFault, WalkPlan } from './walk-plan.ts';

export interface FaultsOptions {
  readonly world: World;
  readonly routers: Routers;
  readonly plan: WalkPlan;
  readonly startNameNode: (name: string) => NameNodeProcess;
  /** A cluster has forgotten what came after its backup. */
  readonly onRestored: (cluster: string) => void;
}

/** Makes things go wrong when the plan says so, and well again. */
export class Faults {
  readonly #options: FaultsOptions;
  readonly #backups = new Map<string, ClusterTables>();
  #over = false;

  constructor(options: FaultsOptions) {
    this.#options = options;
    const { plan, world } = options;
    for (const fault of plan.faults) {
      if (fault.kind === 'restore') {
        const { cluster } = fault;
        world.scheduler.after(Math.max(0, fault.atMs - fault.ageMs), () => {
          const backup = world.clusters.get(cluster)?.server.backup();
          if (backup !== undefined) this.#backups.set(cluster, backup);
        });
      }
      world.scheduler.after(fault.atMs, () => {
        if (!this.#over) this.#happen(fault);
      });
    }
  }

  /** Everything works from now on. */
  heal(): void {
    this.#over = true;
    const { plan, routers, startNameNode, world } = this.#options;
    world.note(() => 'everything is healed');
    world.network.mendAll();
    world.network.calm = true;
    world.metadata.startForGood();
    for (const cluster of world.clusters.values()) cluster.startForGood();
    for (const name of [...plan.deployment.nameNodes, ...plan.deployment.routers]) {
      const process = world.processOf(name);
      if (process?.isAlive === true) process.resume();
      else if (routers.names.includes(name)) routers.start(name);
      else startNameNode(name);
    }
  }

  #happen(fault: TimedFault): void {
    const { world } = this.#options;
    world.note(() => `fault ${JSON.stringify(fault)}`);
    switch (fault.kind) {
      case 'pause':
        world.processOf(fault.process)?.pause(fault.durationMs);
        break;
      case 'restart':
        this.#restart(fault.process, fault.durationMs);
        break;
      case 'cut':
        world.network.cut(fault.from, fault.to);
        this.#later(fault.durationMs, () => world.network.mend(fault.from, fault.to));
        break;
      case 'isolate':
        for (const other of fault.from) {
          for (const [from, to] of bothWays(fault.who, other)) {
            world.network.cut(from, to);
            this.#later(fault.durationMs, () => world.network.mend(from, to));
          }
        }
        break;
      case 'stop': {
        const stopped =
          fault.cluster === world.metadata.name
            ? world.metadata
            : world.clusters.get(fault.cluster);
        stopped?.stop();
        this.#later(fault.durationMs, () => stopped?.start());
        break;
      }
      case 'restore':
        this.#restore(fault.cluster, fault.durationMs);
        break;
      case 'elect':
        world.clusters.get(fault.cluster)?.elect();
        break;
    }
  }

  #restore(name: string, durationMs: number): void {
    const { onRestored, world } = this.#options;
    const cluster = world.clusters.get(name);
    const backup = this.#backups.get(name);
    if (cluster === undefined || backup === undefined) return;
    this.#backups.delete(name);
    cluster.stop();
    onRestored(name);
    cluster.server.restore(backup);
    this.#later(durationMs, () => cluster.start());
  }

  #restart(name: string, durationMs: number): void {
    const { routers, startNameNode, world } = this.#options;
    if (world.processOf(name)?.isAlive !== true) return;
    world.processOf(name)?.kill();
    const isRouter = routers.names.includes(name);
    if (isRouter) routers.kill(name);
    this.#later(durationMs, () => {
      if (isRouter) routers.start(name);
      else startNameNode(name);
    });
  }

  #later(delayMs: number, run: () => void): void {
    this.#options.world.scheduler.after(delayMs, () => {
      if (!this.#over) run();
    });
  }
}

const bothWays = (one: string, other: string): readonly (readonly [string, string])[] => [
  [one, other],
  [other, one],
];
