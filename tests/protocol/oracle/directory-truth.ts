import type { Edit } from '../../../namenode-service/src/directory/edit.ts';
import type { OperationPlan } from '../../../namenode-service/src/directory/directory-state.ts';

interface ShardTruth {
  owner: string;
  readonly members: Set<string>;
  /** Clusters that must hold everything acknowledged, the owner included. */
  readonly promotable: Set<string>;
}

/**
 * What the edit log says, read here a second time and from the protocol alone: the code under test may
 * be wrong about it.
 */
export class DirectoryTruth {
  readonly #shards = new Map<string, ShardTruth>();
  readonly #shardOfSlot = new Map<number, string>();
  readonly #plans = new Map<string, OperationPlan>();
  readonly #slotCount: number;

  constructor(slotCount: number) {
    this.#slotCount = slotCount;
  }

  get shards(): ReadonlyMap<string, Readonly<ShardTruth>> {
    return this.#shards;
  }

  get slots(): number[] {
    return [...this.#shardOfSlot.keys()];
  }

  /** Whether an operation has begun that is neither decided nor undone. */
  get isBusy(): boolean {
    return this.#plans.size > 0;
  }

  shardOf(slot: number): Readonly<ShardTruth> {
    const shard = this.#shards.get(this.#shardOfSlot.get(slot) ?? '');
    if (shard === undefined) throw new TypeError(`slot ${slot} has no shard`);
    return shard;
  }

  isPromotable(cluster: string): boolean {
    return [...this.#shards.values()].some(({ promotable }) => promotable.has(cluster));
  }

  nameOfShard(slot: number): string | undefined {
    return this.#shardOfSlot.get(slot);
  }

  apply({ change }: Edit): void {
    switch (change.kind) {
      case 'deployment-founded':
        for (const { name, owner, replicas } of change.shards) this.#add(name, owner, replicas);
        for (let slot = 0; slot < this.#slotCount; slot += 1) {
          const index = Math.floor((slot * change.shards.length) / this.#slotCount);
          this.#shardOfSlot.set(slot, change.shards[index]?.name ?? '');
        }
        break;
      case 'replica-left':
        this.#shard(change.shard).promotable.delete(change.cluster);
        break;
      case 'operation-begun':
        this.#plans.set(change.operationId, change.plan);
        break;
      case 'operation-undone':
        this.#plans.delete(change.operationId);
        break;
      case 'replica-joined': {
        const plan = this.#take(change.operationId);
        if (plan.kind === 'join') this.#shard(plan.shard).promotable.add(plan.cluster);
        break;
      }
      case 'owner-changed': {
        const plan = this.#take(change.operationId);
        if (!('shard' in plan)) throw new TypeError(`a ${plan.kind} changes no owner`);
        const shard = this.#shard(plan.shard);
        shard.owner = change.owner;
        shard.promotable.clear();
        for (const cluster of change.inSync) shard.promotable.add(cluster);
        break;
      }
      case 'slots-moved':
        this.#move(change.operationId, change.slots);
        break;
      case 'shard-added':
        this.#add(change.shard.name, change.shard.owner, change.shard.replicas);
        break;
      case 'shard-removed':
        this.#shards.delete(change.shard);
        break;
      case 'cluster-added':
        this.#shard(change.shard).members.add(change.cluster);
        break;
      case 'cluster-removed':
        this.#shard(change.shard).members.delete(change.cluster);
        break;
      default:
        // Says nothing about who holds what.
        break;
    }
  }

  #add(name: string, owner: string, replicas: readonly string[]): void {
    const clusters = [owner, ...replicas];
    this.#shards.set(name, { owner, members: new Set(clusters), promotable: new Set(clusters) });
  }

  #move(operationId: string, slots: readonly number[]): void {
    const plan = this.#plans.get(operationId);
    if (plan?.kind !== 'migration') throw new TypeError(`${operationId} is no migration`);
    for (const slot of slots) this.#shardOfSlot.set(slot, plan.to);
    const left = plan.slots.filter((slot) => !slots.includes(slot));
    if (left.length === 0) this.#plans.delete(operationId);
    else this.#plans.set(operationId, { ...plan, slots: left });
  }

  #take(operationId: string): OperationPlan {
    const plan = this.#plans.get(operationId);
    if (plan === undefined) throw new TypeError(`no operation ${operationId}`);
    this.#plans.delete(operationId);
    return plan;
  }

  #shard(name: string): ShardTruth {
    const shard = this.#shards.get(name);
    if (shard === undefined) throw new TypeError(`no shard ${name}`);
    return shard;
  }
}
