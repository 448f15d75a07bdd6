import { ClusterServer } from '../cluster-double/cluster-server.ts';
import type { Endpoint } from './network.ts';
import type { Scheduler } from './scheduler.ts';

export interface SimClusterOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly transactionLifetimeMs: number;
  readonly onCommit: (cluster: string, slots: ReadonlySet<number>) => void;
}

/** A data cluster in the world: what it stores, and whether anybody can reach it. */
export class SimCluster implements Endpoint {
  readonly name: string;
  readonly server: ClusterServer;
  #generation = 0;
  #stops = 0;

  constructor({ name, scheduler, transactionLifetimeMs, onCommit }: SimClusterOptions) {
    this.name = name;
    this.server = new ClusterServer({
      name,
      nowMs: () => scheduler.nowMs,
      transactionLifetimeMs,
      onCommit: (slots) => onCommit(name, slots),
    });
  }

  get isUp(): boolean {
    return this.#stops === 0;
  }

  get generation(): number {
    return this.#generation;
  }

  handle(work: () => void): void {
    work();
  }

  /** Nobody answers until `start`; connections and open transactions are gone. */
  stop(): void {
    this.#stops += 1;
    this.elect();
  }

  start(): void {
    this.#stops = Math.max(0, this.#stops - 1);
  }

  startForGood(): void {
    this.#stops = 0;
  }

  /** Another member became primary: connections drop, what was committed stays. */
  elect(): void {
    this.#generation += 1;
    this.server.elect();
  }
}
