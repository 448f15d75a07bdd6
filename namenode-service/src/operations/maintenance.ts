import { MarqueeError } from '@marquee/errors';
import { admitCluster, type AdmissionTools } from '../clusters/admit-cluster.ts';
import {
  findShard,
  inSyncClusters,
  slotsOfShard,
  type FoundedDirectory,
} from '../directory/directory-state.ts';
import type { ChangeOf } from '../directory/edit.ts';
import type { Leadership, Reason } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { checkDeployment, type Finding } from './check-deployment.ts';
import type { OperationDesk } from './operation-desk.ts';
import type { OperationEntry } from './operation-entry.ts';
import { orderRefusal } from './order-refusal.ts';
import { requireShard } from './order-request.ts';
import { planDrain, planRebalance, type Move } from './rebalance-plan.ts';
import { weighSlots } from './weigh-slots.ts';

export interface MaintenanceOptions extends AdmissionTools {
  readonly leadership: Leadership;
  readonly follower: DirectoryFollower;
  readonly desk: OperationDesk;
}

/** What slots are evened out by. */
export type Weight = 'documents' | 'slots';

/** One thing that a repair has done, or why it has not. */
export interface Repair {
  readonly finding: Finding;
  readonly action: string;
}

/** Changes of what the deployment consists of, and checks of what it holds; by order of people. */
export class Maintenance {
  readonly #options: MaintenanceOptions;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** A new shard without slots; a rebalance gives it some. @throws CLUSTER_REFUSED, … */
  async addShard(shard: ChangeOf<'shard-added'>['shard'], reason: Reason): Promise<number> {
    const state = this.#state;
    if (findShard(state, shard.name) !== undefined)
      throw orderRefusal('ALREADY_THERE', 'name', 'the shard exists');
    const clusters = [shard.owner, ...shard.replicas];
    if (new Set(clusters).size !== clusters.length)
      throw orderRefusal('BAD_USER_INPUT', 'replicas', 'a name twice');
    for (const cluster of clusters) requireNoMember(state, cluster);
    for (const cluster of clusters) await admitCluster(this.#options, state, cluster);
    return this.#append({ kind: 'shard-added', shard }, reason);
  }

  /** @throws BAD_USER_INPUT while it has slots, NOT_FOUND */
  async removeShard(name: string, reason: Reason): Promise<number> {
    const state = this.#state;
    requireShard(state, name);
    if (state.shards.length === 1)
      throw orderRefusal('LAST_SHARD', 'name', `${name} is the last shard`);
    const slots = slotsOfShard(state, name).length;
    if (slots > 0)
      throw orderRefusal('SHARD_NOT_EMPTY', 'name', `${name} has ${slots} slots: drain it first`);
    return this.#append({ kind: 'shard-removed', shard: name }, reason);
  }

  /** A new replica, as a learner; the shard's steward lets it join. @throws CLUSTER_REFUSED, … */
  async addCluster(shard: string, cluster: string, reason: Reason): Promise<number> {
    requireShard(this.#state, shard);
    requireNoMember(this.#state, cluster);
    await admitCluster(this.#options, this.#state, cluster);
    return this.#append({ kind: 'cluster-added', shard, cluster }, reason);
  }

  /** A replica, in sync or not, is no member any more. @throws BAD_USER_INPUT for the owner */
  async removeCluster(shardName: string, cluster: string, reason: Reason): Promise<number> {
    const shard = requireShard(this.#state, shardName);
    if (shard.owner === cluster)
      throw orderRefusal('BAD_USER_INPUT', 'cluster', `${cluster} is the owner: fail over first`);
    if (!shard.members.some((member) => member.cluster === cluster)) {
      throw new MarqueeError('NOT_FOUND', { shard: shardName, cluster });
    }
    const inSync = inSyncClusters(shard);
    if (inSync.includes(cluster) && inSync.length <= shard.minInSync) {
      throw orderRefusal(
        'NOT_IN_SYNC',
        'cluster',
        `${shardName} must keep ${shard.minInSync} clusters in sync`,
      );
    }
    await this.#options.desk.activeSteward.dismiss(shardName, cluster, reason);
    return this.#state.lastEdit;
  }

  /** Moves that even the shards out, or empty one. @throws BAD_USER_INPUT, NOT_FOUND */
  async planMoves(by: Weight, drain?: string): Promise<Move[]> {
    const state = this.#state;
    if (drain !== undefined) requireShard(state, drain);
    const weights = by === 'slots' ? state.slots.map(() => 0) : await weighSlots(this.#options);
    return drain === undefined ? planRebalance(state, weights) : planDrain(state, weights, drain);
  }

  /** Orders these moves, one operation for each. */
  async orderMoves(moves: readonly Move[], reason: Reason): Promise<OperationEntry[]> {
    const entries: OperationEntry[] = [];
    for (const { to, slots } of moves) {
      const request = { kind: 'migrate' as const, to, slots: [...slots], why: reason.why };
      entries.push(await this.#options.desk.orderQueued(request, reason.by));
    }
    return entries;
  }

  check(): Promise<Finding[]> {
    return checkDeployment(this.#options);
  }

  /**
   * Checks, and mends what can be mended by taking the owner's copy: a replica that differs leaves and
   * joins again, what it held is kept among its rejected documents; orphaned data is cleared later.
   */
  async repair(reason: Reason): Promise<Repair[]> {
    const { desk } = this.#options;
    const repairs: Repair[] = [];
    const orphaned = new Map<string, number[]>();
    for (const finding of await this.check()) {
      switch (finding.kind) {
        case 'diverged':
          desk.activeSteward.giveUp(finding.shard, finding.cluster);
          repairs.push({ finding, action: 'leaves and joins again with a copy of the owner' });
          break;
        case 'orphaned':
          orphaned.set(finding.cluster, [...(orphaned.get(finding.cluster) ?? []), finding.slot]);
          repairs.push({ finding, action: 'is cleared in a while' });
          break;
        case 'misplaced':
        case 'wrong-counts':
        case 'unchecked':
          repairs.push({ finding, action: 'left as it is: only its owner can tell what is right' });
      }
    }
    for (const [cluster, slots] of orphaned) {
      await this.#append({ kind: 'leftovers-found', cluster, slots }, reason);
    }
    return repairs;
  }

  async #append(change: Parameters<Leadership['append']>[0], reason: Reason): Promise<number> {
    return (await this.#options.leadership.append(change, reason)).number;
  }

  get #state(): FoundedDirectory {
    const { state } = this.#options.follower;
    if (state.status !== 'running') {
      throw new MarqueeError('NOT_READY', { directory: state.status });
    }
    return state;
  }
}

const requireNoMember = (state: FoundedDirectory, name: string): void => {
  const shard = state.shards.find(({ members }) => members.some(({ cluster }) => cluster === name));
  if (shard !== undefined)
    throw orderRefusal('ALREADY_THERE', 'cluster', `${name} is a member of shard ${shard.name}`);
};
