import {
  ClusterUnreachable,
  SlotWriter,
  WRITE_LIMITS,
  type ClusterRegistry,
  type SlotOperation,
} from '@marquee/slot-protocol';
import { newOperationId } from '@marquee/test-kit';
import { SlotTable, slotOf } from '@marquee/topology';
import { inSyncClusters, type FoundedDirectory } from '../../src/directory/directory-state.ts';
import type { Change } from '../../src/directory/edit.ts';
import { toShardMap } from '../../src/directory/to-shard-map.ts';
import type { EditLog } from '../../src/edit-log/edit-log.ts';
import { foundingFences } from '../../src/founding/founding-fences.ts';
import { Leadership } from '../../src/leader/leadership.ts';
import type { OperationContext } from '../../src/operations/operation-context.ts';
import { DirectoryFollower } from '../../src/served-map/directory-follower.ts';
import { MemoryCluster } from './memory-cluster.ts';
import { MemoryEditLog } from './memory-edit-log.ts';
import { MemoryLeaseStore } from './memory-lease-store.ts';
import { VirtualClock } from './virtual-clock.ts';

export const DETECTION_TIME_MS = 3_000;
const ORDER = { by: 'test', why: 'test' };

/** Clusters, log and lease that outlive the instances which work on them. */
export class OperationWorld {
  readonly clock = new VirtualClock();
  readonly log = new MemoryEditLog();
  readonly leases = new MemoryLeaseStore();
  readonly clusters = new Map<string, MemoryCluster>();
  /** Told before everything that an instance does to the outside. */
  onStep: (what: string) => void = () => undefined;

  constructor(shards: Readonly<Record<string, readonly string[]>>) {
    const change: Change = {
      kind: 'deployment-founded',
      deployment: '0b7e6a52-6d2c-4a2e-9c5e-0f4a3a1d2b3c',
      shards: Object.entries(shards).map(([name, [owner = '', ...replicas]]) => ({
        name,
        owner,
        replicas,
      })),
    };
    this.log.edits.push({ number: 1, atMs: 0, ...ORDER, change });
    this.log.edits.push({ number: 2, atMs: 0, ...ORDER, change: { kind: 'founding-completed' } });
    for (const name of Object.values(shards).flat()) this.add(name);
  }

  /** The fences of a deployment that is new, whatever its log says of who has which slot. */
  async found(): Promise<void> {
    const state = await this.directory();
    for (const [name, { contents }] of this.clusters) {
      for (const fences of foundingFences(state, name)) {
        for (const slot of fences.slots) {
          contents.fences.set(slot, {
            slot,
            protocol: 1,
            edit: fences.edit,
            epoch: fences.epoch === 0 ? 0 : (state.slots[slot]?.epoch ?? 0),
            state: fences.state,
            sequence: 0,
            lastTransaction: '',
            pushTo: fences.pushTo ?? [],
            purgedThrough: 0,
            refuseIdsBefore: '',
          });
        }
      }
    }
  }

  /** As the shard was founded. */
  clustersOf(shard: string): string[] {
    const [founded] = this.log.edits;
    if (founded?.change.kind !== 'deployment-founded') return [];
    const wish = founded.change.shards.find(({ name }) => name === shard);
    return wish === undefined ? [] : [wish.owner, ...wish.replicas];
  }

  at(name: string): MemoryCluster {
    const cluster = this.clusters.get(name);
    if (cluster === undefined) throw new Error(`no cluster ${name}`);
    return cluster;
  }

  /** A cluster that was never used. */
  add(name: string): MemoryCluster {
    const cluster = new MemoryCluster(name);
    cluster.onCall = () => {
      this.onStep(`call ${name}`);
    };
    this.clusters.set(name, cluster);
    return cluster;
  }

  get registry(): ClusterRegistry {
    return { get: (name) => Promise.resolve(this.at(name)), close: () => Promise.resolve() };
  }

  /** An instance of the NameNode that leads, with what its operations work with. */
  async lead(instance = 'one'): Promise<Instance> {
    const log: EditLog = {
      append: (edit) => {
        this.onStep(`append ${edit.change.kind}`);
        return this.log.append(edit);
      },
      readToEnd: (number) => this.log.readToEnd(number),
      page: (after, limit) => this.log.page(after, limit),
      loadSnapshot: () => this.log.loadSnapshot(),
      saveSnapshot: (state) => this.log.saveSnapshot(state),
    };
    const follower = new DirectoryFollower(log, this.clock);
    const leadership = new Leadership({
      instance,
      url: () => null,
      log,
      leases: this.leases,
      follower,
      clock: this.clock,
      detectionTimeMs: DETECTION_TIME_MS,
      onWarning: () => undefined,
    });
    const stop = new AbortController();
    const running = leadership.run(stop.signal);
    // A predecessor that was killed has not given up its lease.
    while (!leadership.isLeader) await this.clock.advance(500);
    const context: OperationContext = {
      leadership,
      follower,
      cluster: (name) => Promise.resolve(this.at(name)),
      clock: this.clock,
      term: leadership.term ?? stop.signal,
    };
    return {
      leadership,
      follower,
      context,
      /** As kill -9: the lease stays as it is. */
      kill: async () => {
        this.leases.down = true;
        stop.abort();
        await running;
        this.leases.down = false;
      },
    };
  }

  /** Moves time on until the work is done. */
  async drive<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => undefined);
    const isDone = () => done;
    while (!isDone()) await this.clock.advance(1);
    return settled;
  }

  /** The directory as the log says. */
  async directory(): Promise<FoundedDirectory> {
    const follower = new DirectoryFollower(this.log, this.clock);
    await follower.readToEnd();
    return follower.state as FoundedDirectory;
  }

  /** A router's write path, always with the newest map; dead, it reaches no cluster any more. */
  async writer(router = { dead: false }): Promise<SlotWriter> {
    let table = new SlotTable(toShardMap(await this.directory()));
    return new SlotWriter({
      clusters: {
        get: (name) => {
          if (router.dead) throw new ClusterUnreachable(name);
          return this.registry.get(name);
        },
        close: () => Promise.resolve(),
      },
      owners: {
        ownerOf: (slot) => table.placementOf(slot).shard.owner,
        version: () => table.map.version,
        // Nothing tells it: it learns of a change when it asks.
        onChange: () => undefined,
        refresh: async () => {
          table = new SlotTable(toShardMap(await this.directory()));
        },
      },
      by: 'test',
      clock: this.clock,
      random: () => 0.5,
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      limits: WRITE_LIMITS,
    });
  }
}

export interface Instance {
  readonly leadership: Leadership;
  readonly follower: DirectoryFollower;
  readonly context: OperationContext;
  kill(): Promise<void>;
}

/** Adds a film under this id. */
export const addFilm = (id: string): SlotOperation => ({
  slotKey: id,
  operationId: newOperationId(),
  requestHash: id,
  apply: async (slot) => {
    slot.put('movies', { _id: id });
    return { id };
  },
});

/** Ids of films, one for each of the first `count` slots of a shard. */
export const filmsOf = (state: FoundedDirectory, shard: string, count: number): string[] => {
  const wanted = new Set(
    state.slots.flatMap((each, slot) => (each.shard === shard ? [slot] : [])).slice(0, count),
  );
  const found: string[] = [];
  for (let i = 0; wanted.size > 0; i += 1) {
    if (wanted.delete(slotOf(`film-${i}`))) found.push(`film-${i}`);
  }
  return found;
};

/**
 * What must hold when everything has come to rest: one open fence for each slot, at the directory's
 * owner and epoch, which pushes to the in-sync replicas; they follow it and hold the same.
 */
export const findFaults = (
  world: OperationWorld,
  state: FoundedDirectory,
  shards?: readonly string[],
): string[] => {
  const faults: string[] = [];
  state.slots.forEach(({ shard: name, epoch, reads }, slot) => {
    const shard = state.shards.find((each) => each.name === name);
    if (shard === undefined || shards?.includes(name) === false) return;
    const [owner = '', ...followers] = inSyncClusters(shard);
    const open = [...world.clusters.values()].filter(
      ({ contents }) => contents.fences.get(slot)?.state === 'open',
    );
    if (open.map((each) => each.name).join() !== owner) {
      faults.push(
        `slot ${slot} is open at [${open.map((each) => each.name).join()}], not ${owner}`,
      );
      return;
    }
    if (reads.kind !== 'leased') faults.push(`slot ${slot}: strong reads only`);
    const at = world.at(owner).contents;
    const fence = at.fences.get(slot);
    if (fence?.epoch !== epoch) faults.push(`slot ${slot} at ${owner}: epoch ${fence?.epoch}`);
    if ([...(fence?.pushTo ?? [])].sort().join() !== [...followers].sort().join()) {
      faults.push(`slot ${slot} pushes to ${fence?.pushTo.join()}, not ${followers.join()}`);
    }
    for (const follower of followers) {
      const other = world.at(follower).contents;
      const its = other.fences.get(slot);
      if (its?.state !== 'follower' || its.epoch !== epoch || its.sequence !== fence?.sequence) {
        faults.push(`slot ${slot} at ${follower}: ${its?.state} ${its?.epoch}/${its?.sequence}`);
      }
      const dataOf = (contents: typeof at) =>
        JSON.stringify([
          contents.records.get(slot) ?? [],
          [...(contents.documents.get('movies') ?? [])]
            .filter(([, document]) => document.slot === slot)
            .sort(),
        ]);
      if (dataOf(at) !== dataOf(other)) faults.push(`slot ${slot}: ${follower} differs`);
    }
  });
  return faults;
};
