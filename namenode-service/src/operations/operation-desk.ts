import { MarqueeError } from '@marquee/errors';
import type { Clock, DataCluster } from '@marquee/slot-protocol';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import type { Change, Edit } from '../directory/edit.ts';
import { notLeader, type Leadership, type Reason } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import type { DeploymentSteward } from './deployment-steward.ts';
import type { OperationEntry, OperationStore } from './operation-entry.ts';
import { foreseeLoss, type ForeseenLoss } from './foresee-loss.ts';
import { lockedShardsOf, type EntryPlan } from './maintenance-plan.ts';
import { planOf, requireFree, type OrderRequest } from './order-request.ts';
import type { SafeModeStatus } from './safe-mode.ts';

export interface OperationDeskOptions {
  readonly leadership: Pick<Leadership, 'append' | 'isLeader'>;
  readonly follower: Pick<DirectoryFollower, 'state' | 'learnedAtMs' | 'readToEnd'>;
  readonly store: OperationStore;
  readonly isHealthy: (cluster: string) => boolean;
  readonly clock: Clock;
  readonly cluster: (name: string) => Promise<DataCluster>;
  readonly newOperationId: () => string;
}

export interface Preview {
  readonly plan: EntryPlan;
  /** Of an unclean failover. */
  readonly loss?: ForeseenLoss;
}

/** Takes the orders of people while this instance leads. */
export class OperationDesk {
  readonly #options: OperationDeskOptions;
  #steward: DeploymentSteward | undefined;

  constructor(options: OperationDeskOptions) {
    this.#options = options;
  }

  /** Of the term that has begun. */
  set steward(steward: DeploymentSteward) {
    this.#steward = steward;
  }

  /** @throws NOT_READY while another instance leads, or this one has not taken up its duties */
  get activeSteward(): DeploymentSteward {
    if (!this.#options.leadership.isLeader || this.#steward === undefined) throw notLeader(null);
    return this.#steward;
  }

  /** Lag as the last comparison of fences found it, where this instance leads. */
  lagOf(shard: string, cluster: string): number | null {
    if (!this.#options.leadership.isLeader) return null;
    return this.#steward?.comparisonOf(shard)?.lag.get(cluster) ?? null;
  }

  /** null: only the leader knows. */
  safeModeOf(shard: string): SafeModeStatus | null {
    if (!this.#options.leadership.isLeader) return null;
    return this.#steward?.safeModeOf(shard) ?? 'waiting';
  }

  /**
   * What would be done, and what is lost by it. @throws BAD_USER_INPUT, NOT_FOUND, SHARD_BUSY,
   * ALREADY_THERE, NOT_IN_SYNC, NOT_READY for a shard in safe mode
   */
  async preview(request: OrderRequest): Promise<Preview> {
    const plan = this.#planOf(request, true);
    if (plan.kind !== 'unclean-failover') return { plan };
    return { plan, loss: await foreseeLoss(this.#options, plan) };
  }

  #planOf(request: OrderRequest, isDryRun: boolean): EntryPlan {
    const { isHealthy } = this.#options;
    const plan = planOf(this.#state, request, { isHealthy, isDryRun });
    requireFree(this.#state, plan);
    const held = lockedShardsOf(plan).find((shard) => this.safeModeOf(shard) === 'held');
    if (held !== undefined) {
      const message = `shard ${held} is in safe mode: a fence there is newer than the edit log`;
      throw new MarqueeError('NOT_READY', { shard: held, safeMode: 'held' }, { message });
    }
    return plan;
  }

  /**
   * Keeps the order and begins with it. The same idempotency key again answers the first order.
   *
   * @throws what `preview` throws; NOT_READY, METADATA_UNAVAILABLE; OPERATION_ID_REUSED if the key came
   * with another order
   */
  async order(
    request: OrderRequest,
    by: string,
    idempotencyKey: string | null,
  ): Promise<OperationEntry> {
    const { store } = this.#options;
    const known = idempotencyKey === null ? undefined : await store.findByKey(idempotencyKey);
    if (known !== undefined) return sameOrder(known, request);
    const plan = this.#planOf(request, false);
    // Refuses a cluster that could never be the owner.
    if (plan.kind === 'unclean-failover') await foreseeLoss(this.#options, plan);
    return this.#keep(plan, request, by, idempotencyKey);
  }

  async #keep(
    plan: EntryPlan,
    request: OrderRequest,
    by: string,
    idempotencyKey: string | null,
  ): Promise<OperationEntry> {
    const steward = this.activeSteward;
    const { clock, newOperationId, store } = this.#options;
    const entry: OperationEntry = {
      id: newOperationId(),
      plan,
      request,
      status: 'queued',
      by,
      why: request.why,
      orderedAtMs: clock.now(),
      endedAtMs: null,
      outcome: null,
      steps: [],
      idempotencyKey,
      cancelRequested: false,
    };
    const kept = await store.insert(entry);
    if (kept !== entry) return sameOrder(kept, request);
    steward.order(entry);
    return entry;
  }

  /** As `order`, but where the shards are busy it waits for its turn. */
  async orderQueued(request: OrderRequest, by: string): Promise<OperationEntry> {
    const { isHealthy } = this.#options;
    const plan = planOf(this.#state, request, { isHealthy, isDryRun: false });
    return this.#keep(plan, request, by, null);
  }

  /** @throws NOT_FOUND, OPERATION_ENDED, NOT_READY, METADATA_UNAVAILABLE */
  async cancel(id: string): Promise<OperationEntry> {
    const steward = this.activeSteward;
    const { store } = this.#options;
    const entry = await store.find(id);
    if (entry === undefined) throw new MarqueeError('NOT_FOUND', { operation: id });
    if (entry.endedAtMs !== null) {
      const message = `operation ${id} is ${entry.status}`;
      throw new MarqueeError('OPERATION_ENDED', { operation: id }, { message });
    }
    await store.update(id, { cancelRequested: true });
    steward.cancel(id);
    return { ...entry, cancelRequested: true };
  }

  /** One edit that needs no operation. @throws NOT_READY, METADATA_UNAVAILABLE */
  edit(change: Change, reason: Reason): Promise<Edit> {
    return this.#options.leadership.append(change, reason);
  }

  get #state(): FoundedDirectory {
    const { state } = this.#options.follower;
    if (state.status !== 'running') {
      throw new MarqueeError('NOT_READY', { directory: state.status });
    }
    return state;
  }
}

const sameOrder = (known: OperationEntry, request: OrderRequest): OperationEntry => {
  if (JSON.stringify(known.request) === JSON.stringify(request)) return known;
  throw new MarqueeError('OPERATION_ID_REUSED', { operation: known.id });
};
