import type { Oracle } from '../oracle/oracle.ts';
import type { NameNodeProcess } from '../processes/name-node-process.ts';
import type { World } from '../world/world.ts';
import type { Clients } from './clients.ts';

export interface EndOptions {
  readonly oracle: Oracle;
  readonly world: World;
  readonly clients: Clients;
  readonly nameNodes: ReadonlyMap<string, NameNodeProcess>;
}

/** What is not at its end yet, once everything is healed; undefined: all is well. */
export const whatIsLeft = ({
  oracle,
  world,
  clients,
  nameNodes,
}: EndOptions): string | undefined => {
  if (!clients.finished) return 'a client waits';
  const { truth } = oracle;
  const leaders = [...nameNodes.values()].filter(({ leadership }) => leadership.isLeader);
  if (leaders.length !== 1) return `${leaders.length} instances lead`;
  if (truth.isBusy) return 'an operation is neither decided nor undone';
  for (const slot of truth.slots) {
    const left = whatIsLeftOf(slot, oracle, world);
    if (left !== undefined) return `slot ${slot}: ${left}`;
  }
  return undefined;
};

/** Every member of the shard is in sync, and has what the owner has. */
const whatIsLeftOf = (slot: number, { truth }: Oracle, world: World): string | undefined => {
  const { members, owner, promotable } = truth.shardOf(slot);
  const outside = [...members].filter((cluster) => !promotable.has(cluster));
  if (outside.length > 0) return `${outside.join()} is not in sync`;
  const at = (cluster: string) => world.clusters.get(cluster)?.server.fenceOf(slot);
  const expected = at(owner);
  if (expected?.state !== 'open') return `${owner} is ${expected?.state}`;
  const followers = [...promotable].filter((cluster) => cluster !== owner).sort();
  if ([...expected.pushTo].sort().join() !== followers.join()) {
    return `${owner} pushes to [${expected.pushTo.join()}]`;
  }
  for (const cluster of followers) {
    const fence = at(cluster);
    const isSame = fence?.sequence === expected.sequence && fence.epoch === expected.epoch;
    if (fence?.state !== 'follower' || !isSame) {
      return `${cluster} is ${fence?.state} at ${fence?.epoch}:${fence?.sequence}, ${owner} at ${expected.epoch}:${expected.sequence}`;
    }
  }
  return undefined;
};
