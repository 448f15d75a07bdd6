import { setTimeout as delay } from 'node:timers/promises';
import type { NodeProcess } from '../node-process.ts';
import type { FaultSystem, ShardName } from './system/fault-system.ts';

/** Longer than a failover and shorter than a run: what was promised to clients is tried meanwhile. */
const DOWN_MIN_MS = 500;
const DOWN_SPREAD_MS = 5_000;
/** Long after its shard has failed over, and its lease, its sessions and its timeouts have run out. */
const PAUSED_MS = 30_000;
const CUT_MS = 4_000;
const ELECTION_MS = 4_000;
const WITHOUT_NAMENODE_MS = 8_000;

export interface FaultContext {
  readonly system: FaultSystem;
  readonly shard: ShardName;
  readonly random: () => number;
  /** The client to be killed; another takes its place. */
  readonly replaceClient: () => Promise<void>;
}

export type Fault = (context: FaultContext) => Promise<void>;

const downFor = (random: () => number): Promise<void> =>
  delay(DOWN_MIN_MS + random() * DOWN_SPREAD_MS);

/** Killed under load, so within some transaction; started again after a while. */
const killAndStart = async (process: NodeProcess, random: () => number): Promise<void> => {
  await process.kill();
  await downFor(random);
  await process.start();
};

/** What happens to a running system, one of them to a schedule. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'owner killed': async ({ system, shard, random }) => {
    const { owner } = await system.membersOf(shard);
    await killAndStart(system.cluster(owner), random);
  },

  'replica killed': async ({ system, shard, random }) => {
    const { replica } = await system.membersOf(shard);
    await killAndStart(system.cluster(replica), random);
  },

  'client killed': async ({ replaceClient, random }) => {
    await replaceClient();
    await delay(1_000 + random() * 1_000);
    await replaceClient();
  },

  'owner paused': async ({ system, shard }) => {
    const { owner } = await system.membersOf(shard);
    system.cluster(owner).pause();
    await delay(PAUSED_MS);
    system.cluster(owner).resume();
    // It does what it had begun before it learns that it owns nothing any more.
    await delay(2_000);
  },

  'connection cut one way': async ({ system, shard, random }) => {
    const { owner, replica } = await system.membersOf(shard);
    const proxy = system.proxy(random() < 0.5 ? owner : replica);
    proxy.cut();
    await delay(CUT_MS);
    proxy.mend();
  },

  election: async ({ system, shard, random }) => {
    const { owner, replica } = await system.membersOf(shard);
    const cluster = random() < 0.5 ? owner : replica;
    await system
      .mongo(cluster)
      .db('admin')
      .command({ marqueeElection: { unavailableMs: ELECTION_MS } })
      // Its own connection is closed as well.
      .catch(() => undefined);
    await delay(ELECTION_MS);
  },

  'NameNode down': async ({ system, shard, random }) => {
    const { replica } = await system.membersOf(shard);
    await system.nameNode.kill();
    await delay(WITHOUT_NAMENODE_MS / 2);
    // Nobody changes the map meanwhile: writes to this shard wait, reads and the other shard go on.
    await system.cluster(replica).kill();
    await delay(WITHOUT_NAMENODE_MS / 2);
    await system.nameNode.start();
    await downFor(random);
    await system.cluster(replica).start();
  },
};
