import { createNameNodeClient } from '@marquee/namenode-client';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import type { World } from '../world/world.ts';
import type { SimProcess } from '../world/sim-process.ts';
import { createSimFetch, type HttpEndpoint } from './sim-fetch.ts';
import { silentLogger } from './silent-logger.ts';

/** A subgraph's process, as far as the data plane goes: the real router and the real map client. */
export interface RouterProcess {
  readonly process: SimProcess;
  readonly router: ShardRouter;
  readonly hasMap: () => boolean;
}

export const startRouter = (
  world: World,
  name: string,
  nameNodes: readonly string[],
): RouterProcess => {
  const { process, random, run } = world.startProcess(name);
  const { clock } = process;
  const nameNodeClient = createNameNodeClient({
    urls: random.chance(0.5)
      ? nameNodes.map((host) => `http://${host}`)
      : [...nameNodes].reverse().map((host) => `http://${host}`),
    serviceToken: () => Promise.resolve('token'),
    clock,
    random: random.next,
    fetch: createSimFetch({
      process,
      network: world.network,
      random: random.fork('fetch'),
      hosts: (host): HttpEndpoint => {
        const endpoint = world.hosts.get(host);
        if (endpoint === undefined) throw new TypeError(`there is no host ${host}`);
        return endpoint;
      },
    }),
  });
  process.deliver(() => {
    nameNodeClient.start().catch(() => undefined);
  });
  const router = createShardRouter({
    nameNodeClient,
    addresses: () => Promise.resolve({ clusters: world.addressesOf(run) }),
    logger: silentLogger,
    by: run,
    random: random.fork('router').next,
    ...clock,
  });
  return { process, router, hasMap: () => nameNodeClient.current() !== undefined };
};
