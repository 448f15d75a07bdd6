import { MarqueeError } from '@marquee/errors';
import { admitCluster, type AdmissionTools } from '../clusters/admit-cluster.ts';
import { findShard, slotsOfShard, type FoundedDirectory } from '../directory/directory-state.ts';
import type { ChangeOf } from '../directory/edit.ts';
import type { Leadership, Reason } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { checkDeployment, type CheckResult } from './check-deployment.ts';
import type { OperationDesk } from './operation-desk.ts';
import type { OperationEntry } from './operation-entry.ts';
import { orderRefusal } from './order-refusal.ts';
import { requireShard } from './order-request.ts';
import { planDrain, planRebalance, type Move } from './rebalance-plan.ts';
import { weighSlots } from './weigh-slots.ts';

export interface MaintenanceOptions extends AdmissionTools {
  readonly leadership: Pick<Leadership, 'append'>;
  readonly follower: Pick<DirectoryFollower, 'state' | 'learnedAtMs' | 'readToEnd'>;
  readonly desk: OperationDesk;
}

/** What slots are evened out by. */
export type Weight = 'documents' | 'slots';

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
    const { wasMember } = await admitCluster(this.#options, this.#state, cluster);
    const before = wasMember ? { wasMember } : {};
    return this.#append({ kind: 'cluster-added', shard, cluster, ...before }, reason);
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

  check(): Promise<CheckResult> {
    return checkDeployment(this.#options);
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
