import type { ShardRouter } from '@marquee/shard-router';
import { startRouter, type RouterProcess } from '../processes/router-process.ts';
import type { World } from '../world/world.ts';

/** The routers' processes by name: each may be killed and started again. */
export class Routers {
  readonly names: readonly string[];
  readonly #world: World;
  readonly #nameNodes: readonly string[];
  readonly #running = new Map<string, RouterProcess>();
  /** What clients wait for from a process, to be told when it dies. */
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(world: World, names: readonly string[], nameNodes: readonly string[]) {
    this.#world = world;
    this.names = names;
    this.#nameNodes = nameNodes;
    for (const name of names) this.start(name);
  }

  start(name: string): void {
    this.#running.set(name, startRouter(this.#world, name, this.#nameNodes));
  }

  kill(name: string): void {
    this.#running.get(name)?.process.kill();
    this.#running.delete(name);
    for (const tell of this.#waiting.get(name) ?? []) tell();
    this.#waiting.delete(name);
  }

  /** A call of a client to a router; undefined if there is none, or it dies before it answers. */
  async use<T>(name: string, call: (router: ShardRouter) => Promise<T>): Promise<T | undefined> {
    const running = this.#running.get(name);
    if (running === undefined || !running.hasMap()) return undefined;
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    return new Promise<T | undefined>((resolve, reject) => {
      const died = (): void => resolve(undefined);
      waiting.add(died);
      running.process.deliver(() => {
        call(running.router)
          .finally(() => waiting.delete(died))
          .then(resolve, reject);
      });
    });
  }
}
