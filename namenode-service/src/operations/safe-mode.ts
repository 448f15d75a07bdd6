import type { Logger } from '@marquee/service-kit';
import { findShard, inSyncClusters } from '../directory/directory-state.ts';
import { newestEdit } from './newest-edit.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';

/**
 * - `waiting`: no promotable cluster of the shard has reported yet;
 * - `held`: a fence knows of an edit that the log does not have, so that the log is the older one, and
 *   what it says must not be carried out;
 * - `over`: the log and the fences belong together.
 */
export type SafeModeStatus = 'waiting' | 'held' | 'over';

/** A cluster that does not answer may do so any moment. */
const WAITING_LOOK_INTERVAL_MS = 500;

/** Fences do not become older by themselves: looked at again after this, doubling. */
const HELD_LOOK_MIN_MS = 1_000;
const HELD_LOOK_MAX_MS = 60_000;

export interface SafeModeOptions {
  readonly context: OperationContext;
  readonly logger: Logger;
}

/** Whether one shard may be touched, from the start of a term (PROTOCOL.md section 6). */
export class SafeMode {
  readonly #shard: string;
  readonly #options: SafeModeOptions;
  #status: SafeModeStatus = 'waiting';
  #nextLookAtMs = Number.NEGATIVE_INFINITY;
  #heldForMs = HELD_LOOK_MIN_MS;

  constructor(shard: string, options: SafeModeOptions) {
    this.#shard = shard;
    this.#options = options;
  }

  get status(): SafeModeStatus {
    return this.#status;
  }

  /** Looks at the fences if it is time for that. */
  async isOver(): Promise<boolean> {
    if (this.#status === 'over') return true;
    const { clock } = this.#options.context;
    if (clock.monotonicNow() < this.#nextLookAtMs) return false;
    const before = this.#status;
    await this.#look();
    const waitMs = this.#status === 'held' ? this.#heldForMs : WAITING_LOOK_INTERVAL_MS;
    if (this.#status === 'held') this.#heldForMs = Math.min(HELD_LOOK_MAX_MS, 2 * waitMs);
    this.#nextLookAtMs = clock.monotonicNow() + waitMs;
    if (before === 'held' && this.#hasStatus('over')) this.#tell('safe mode is over');
    return this.#hasStatus('over');
  }

  async #look(): Promise<void> {
    const { context } = this.#options;
    const shard = findShard(directoryOf(context), this.#shard);
    if (shard === undefined) {
      this.#status = 'over';
      return;
    }
    const inSync = inSyncClusters(shard);
    const learners = shard.members.flatMap(({ cluster, status }) =>
      status === 'learner' ? [cluster] : [],
    );
    const promotable = await newestEdit(context, inSync);
    // Where no promotable one answers, a learner may tell at least that the log is too old.
    const seen = promotable ?? (await newestEdit(context, learners));
    const { lastEdit } = directoryOf(context);
    const isNewer = seen !== undefined && seen.edit > lastEdit;
    if (isNewer && this.#status !== 'held') {
      const about = { event: 'safe-mode', shard: shard.name, ...seen, lastEdit };
      const message = 'a fence is newer than the edit log: the directory must be rebuilt';
      this.#options.logger.error(about, message);
    }
    if (isNewer) this.#status = 'held';
    else this.#status = promotable === undefined ? 'waiting' : 'over';
  }

  // The status changes while a look is awaited, which the compiler does not see.
  #hasStatus(status: SafeModeStatus): boolean {
    return this.#status === status;
  }

  #tell(what: string): void {
    const { logger } = this.#options;
    logger.info({ event: 'safe-mode-over', shard: this.#shard }, what);
  }
}
