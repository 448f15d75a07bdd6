import type { Edit } from '../../../namenode-service/src/directory/edit.ts';
import type { HttpEndpoint } from '../processes/sim-fetch.ts';
import type { WalkPlan } from '../walk/walk-plan.ts';
import { Metadata } from './metadata.ts';
import { Network, type Endpoint } from './network.ts';
import { Scheduler } from './scheduler.ts';
import { SeededRandom } from './seeded-random.ts';
import { forgetAddresses, register } from './sim-addresses.ts';
import { SimCluster } from './sim-cluster.ts';
import { SimProcess } from './sim-process.ts';

/** Who wants to know what happens in the world. */
export interface WorldListener {
  clusterChanged(cluster: string, slots: ReadonlySet<number>): void;
  appended(edit: Edit): void;
}

/** Wall clocks are off by up to this much; nothing may depend on it. */
const WALL_CLOCK_OFF_MAX_MS = 90_000;

/** Clusters, network, time and processes of one walk. */
export class World {
  readonly scheduler = new Scheduler();
  readonly network: Network;
  readonly random: SeededRandom;
  readonly metadata = new Metadata();
  readonly clusters = new Map<string, SimCluster>();
  readonly hosts = new Map<string, HttpEndpoint>();
  readonly #plan: WalkPlan;
  readonly #processes = new Map<string, SimProcess>();
  readonly #listener: WorldListener;
  readonly #trace: string[] | undefined;
  #processCount = 0;
  #transactionCount = 0;

  constructor(plan: WalkPlan, listener: WorldListener, trace?: string[]) {
    this.#plan = plan;
    this.#listener = listener;
    this.#trace = trace;
    this.random = new SeededRandom(plan.seed);
    this.network = new Network(this.scheduler, plan.weather);
    forgetAddresses();
    for (const name of Object.values(plan.deployment.shards).flat()) {
      this.clusters.set(name, this.#createCluster(name));
    }
  }

  note(what: () => string): void {
    this.#trace?.push(`${this.scheduler.nowMs.toFixed(1)} ${what()}`);
  }

  appended(edit: Edit): void {
    this.note(() => `edit ${edit.number} ${JSON.stringify(edit.change)}`);
    this.#listener.appended(edit);
  }

  /** The process of that name that runs now. */
  processOf(name: string): SimProcess | undefined {
    return this.#processes.get(name);
  }

  /** Starts a process, with addresses of its own for the data clusters. */
  startProcess(name: string): { process: SimProcess; random: SeededRandom; run: string } {
    this.#processes.get(name)?.kill();
    this.#processCount += 1;
    const run = `${name}#${this.#processCount}`;
    const random = this.random.fork(run);
    const process = new SimProcess({
      name,
      scheduler: this.scheduler,
      clockRate: this.#plan.clockRates[name] ?? 1,
      clockOffMs: random.between(-WALL_CLOCK_OFF_MAX_MS, WALL_CLOCK_OFF_MAX_MS),
    });
    this.#processes.set(name, process);
    for (const cluster of this.clusters.values()) this.#connect(process, run, cluster);
    return { process, random, run };
  }

  /** What the process of this run is given as the clusters' addresses. */
  addressesOf(run: string): { name: string; uri: string }[] {
    return [...this.clusters.keys()].map((name) => ({ name, uri: uriOf(run, name) }));
  }

  /** For those who live outside of all processes. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.scheduler.after(delayMs, () => {
        this.scheduler.codeRuns();
        resolve();
      });
    });
  }

  /** Nothing of this world goes on. */
  close(): void {
    for (const process of this.#processes.values()) process.kill();
    forgetAddresses();
  }

  endpoint(name: string): Endpoint {
    const found =
      name === this.metadata.name
        ? this.metadata
        : (this.clusters.get(name) ?? this.hosts.get(name));
    if (found === undefined) throw new TypeError(`there is no ${name}`);
    return found;
  }

  #createCluster(name: string): SimCluster {
    return new SimCluster({
      name,
      scheduler: this.scheduler,
      transactionLifetimeMs: this.#plan.deployment.transactionLifetimeMs,
      onCommit: (cluster, slots) => {
        this.#listener.clusterChanged(cluster, slots);
        for (const slot of slots) {
          this.note(
            () =>
              `  ${cluster} ${JSON.stringify(this.clusters.get(cluster)?.server.fenceOf(slot))}`,
          );
        }
      },
    });
  }

  #connect(process: SimProcess, run: string, cluster: SimCluster): void {
    const random = this.random.fork(`${run}>${cluster.name}`);
    register(uriOf(run, cluster.name), {
      link: {
        call: (what, execute) =>
          this.network.call(process, random, cluster, () => {
            this.note(() => `${run} ${what} at ${cluster.name}`);
            return execute(cluster.server);
          }),
      },
      newTransactionId: () => {
        this.#transactionCount += 1;
        return `${run}/${this.#transactionCount}`;
      },
    });
  }
}

const uriOf = (run: string, cluster: string): string => `simulated://${run}/${cluster}`;
