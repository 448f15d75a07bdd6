import { MarqueeError } from '@marquee/errors';
import type { Clock } from '@marquee/slot-protocol';
import type { FoundedDirectory, OperationPlan } from '../directory/directory-state.ts';
import type { Change, Edit } from '../directory/edit.ts';
import { notLeader, type Leadership, type Reason } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import type { DeploymentSteward } from './deployment-steward.ts';
import type { OperationEntry, OperationStore } from './operation-entry.ts';
import { planOf, requireFree, type OrderRequest } from './order-request.ts';

export interface OperationDeskOptions {
  readonly leadership: Leadership;
  readonly follower: DirectoryFollower;
  readonly store: OperationStore;
  readonly isHealthy: (cluster: string) => boolean;
  readonly clock: Clock;
  readonly newOperationId: () => string;
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

  /** What would be done. @throws BAD_USER_INPUT, NOT_FOUND, SHARD_BUSY, ALREADY_THERE, NOT_IN_SYNC */
  preview(request: OrderRequest): OperationPlan {
    const plan = planOf(this.#state, request, this.#options.isHealthy);
    requireFree(this.#state, plan);
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
    return this.#keep(this.preview(request), request, by, idempotencyKey);
  }

  async #keep(
    plan: OperationPlan,
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
    return this.#keep(planOf(this.#state, request, this.#options.isHealthy), request, by, null);
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
