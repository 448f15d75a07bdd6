import { hasCode } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import {
  purgeOperation,
  uuidV7,
  type DataCluster,
  type PurgeResult,
  type SlotWriter,
} from '@marquee/slot-protocol';
import { SLOT_COUNT, slotOf } from '@marquee/topology';
import { findShard, shardsOf, slotsOfShard } from '../directory/directory-state.ts';
import { pause } from '../pause.ts';
import { callDeadline, directoryOf, type OperationContext } from './operation-context.ts';
import { PURGE_SCOPE, purgeBefore, type SlotRecords } from './purge-plan.ts';

export interface PurgeLimits {
  /** Records, and with them what was deleted, are known for this long (PROTOCOL.md section 2). */
  readonly keptMs: number;
  /** From the beginning of a term to the first sweep: there is more urgent work then. */
  readonly firstAfterMs: number;
  /** Between two sweeps. */
  readonly intervalMs: number;
  /** Between two slots: a sweep is not to be noticed. */
  readonly slotPauseMs: number;
  /** For one purge; a shard that takes longer is not well, and is left in peace. */
  readonly writeDeadlineMs: number;
  /** Purges of one slot in one sweep, of 500 records each: the rest is done by the next. */
  readonly roundsMax: number;
}

export const PURGE_LIMITS: PurgeLimits = {
  keptMs: 7 * 24 * 60 * 60_000,
  firstAfterMs: 10 * 60_000,
  intervalMs: 6 * 60 * 60_000,
  slotPauseMs: 100,
  writeDeadlineMs: 10_000,
  roundsMax: 20,
};

/** Records that are looked at from each end to tell whether a slot is worth a purge. */
const SAMPLE_MAX = 16;

const NO_RANDOM = '00000000-0000-4000-8000-000000000000';

export interface PurgeSweepOptions {
  readonly context: Pick<OperationContext, 'cluster' | 'clock' | 'follower' | 'term'>;
  readonly writer: Pick<SlotWriter, 'write'>;
  readonly randomId: () => string;
  readonly logger: Logger;
  readonly limits?: PurgeLimits;
}

/** What one sweep has removed. */
export interface PurgeReport {
  readonly records: number;
  readonly documents: number;
}

/**
 * Makes all slots forget what is older than records are kept, a slot after the other, while this instance
 * leads. Each purge is an operation of its slot like any other: safe beside a second leader, refused
 * where the fence is not open, and done again by the next sweep where it failed.
 */
export class PurgeSweep {
  readonly #options: PurgeSweepOptions;
  readonly #limits: PurgeLimits;
  readonly #keys = keysOfSlots();

  constructor(options: PurgeSweepOptions) {
    this.#options = options;
    this.#limits = options.limits ?? PURGE_LIMITS;
  }

  /** Until the term ends. */
  async run(): Promise<void> {
    const { clock, term } = this.#options.context;
    await pause(clock, this.#limits.firstAfterMs, term);
    while (!term.aborted) {
      const { records, documents } = await this.sweep();
      const about = { event: 'purge', records, documents };
      if (records > 0) this.#options.logger.info(about, 'forgot what is old');
      await pause(clock, this.#limits.intervalMs, term);
    }
  }

  /** One look at every slot; never rejects. */
  async sweep(): Promise<PurgeReport> {
    const report = { records: 0, documents: 0 };
    for (const { name } of directoryOf(this.#options.context).shards) {
      try {
        await this.#sweepShard(name, report);
      } catch (error) {
        // One slot that fails says enough of its shard; the next sweep comes by again.
        const about = { event: 'purge', shard: name, err: error };
        const isExpected = hasCode(error, 'STALE_MAP') || hasCode(error, 'WRITE_OUTCOME_UNKNOWN');
        this.#options.logger[isExpected ? 'info' : 'warn'](about, 'what is old is kept for now');
      }
    }
    return report;
  }

  async #sweepShard(shard: string, report: { records: number; documents: number }): Promise<void> {
    const { context } = this.#options;
    for (const slot of slotsOfShard(directoryOf(context), shard)) {
      await pause(context.clock, this.#limits.slotPauseMs, context.term);
      const owner = this.#ownerAtRest(slot, shard);
      if (owner === undefined) return;
      const idsBefore = await this.#idsBefore(slot, await context.cluster(owner));
      if (idsBefore !== undefined) await this.#purge(slot, idsBefore, report);
    }
  }

  /** Undefined while people want peace, or something is done to the shard. */
  #ownerAtRest(slot: number, shard: string): string | undefined {
    const { context } = this.#options;
    const state = directoryOf(context);
    const isBusy = state.operations.some(({ plan }) => shardsOf(plan).includes(shard));
    if (context.term.aborted || isBusy || state.automation.status === 'paused') return undefined;
    return state.slots[slot]?.shard === shard ? findShard(state, shard)?.owner : undefined;
  }

  async #idsBefore(slot: number, owner: DataCluster): Promise<string | undefined> {
    const { context } = this.#options;
    const look = await owner.transaction(async (transaction): Promise<SlotRecords | undefined> => {
      const [fence] = await transaction.fences([slot]);
      if (fence?.state !== 'open' || fence.sequence === fence.purgedThrough) return undefined;
      const { purgedThrough, sequence } = fence;
      const all = { after: purgedThrough, through: sequence };
      const end = { ...all, after: Math.max(purgedThrough, sequence - SAMPLE_MAX) };
      return {
        sampleMax: SAMPLE_MAX,
        oldest: await transaction.records(slot, { ...all, limit: SAMPLE_MAX }),
        newest: await transaction.records(slot, end),
      };
    }, callDeadline(context));
    if (look === undefined) return undefined;
    return purgeBefore(look, uuidV7(context.clock.now() - this.#limits.keptMs, NO_RANDOM));
  }

  async #purge(
    slot: number,
    idsBefore: string,
    report: { records: number; documents: number },
  ): Promise<void> {
    const { context, randomId, writer } = this.#options;
    const slotKey = this.#keys[slot] ?? '';
    let result: PurgeResult | undefined;
    for (let round = 0; round < this.#limits.roundsMax && result?.more !== false; round += 1) {
      if (context.term.aborted) return;
      const operationId = `${PURGE_SCOPE}${uuidV7(context.clock.now(), randomId())}`;
      const operation = purgeOperation({ slotKey, operationId, idsBefore });
      result = await writer.write(operation, { deadlineMs: this.#limits.writeDeadlineMs });
      report.records += result.records;
      report.documents += result.documents;
    }
  }
}

/** For each slot some key that belongs to it: an operation names its slot by one. */
const keysOfSlots = (): readonly string[] => {
  const keys: string[] = Array<string>(SLOT_COUNT).fill('');
  let missing = SLOT_COUNT;
  for (let i = 0; missing > 0; i += 1) {
    const slot = slotOf(`slot${i}`);
    if (keys[slot] !== '') continue;
    keys[slot] = `slot${i}`;
    missing -= 1;
  }
  return keys;
};
