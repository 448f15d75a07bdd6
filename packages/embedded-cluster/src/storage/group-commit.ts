import { CommandError } from '../command-error.ts';
import type { Catalog } from './catalog.ts';
import type { Environment } from './environment.ts';
import { Memtable } from './memtable.ts';
import { SharedSnapshot } from './shared-snapshot.ts';

/** What is on disk: readers see this and nothing newer, so no answer can be taken back by a crash. */
export interface DurableState {
  readonly sequence: number;
  readonly snapshot: SharedSnapshot;
  readonly catalog: Catalog;
}

interface Group {
  readonly sequence: number;
  readonly table: Memtable;
  readonly settled: Promise<void>;
  readonly settle: (error?: Error) => void;
}

const newGroup = (sequence: number): Group => {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const settled = new Promise<void>((onDurable, onFailure) => {
    resolve = onDurable;
    reject = onFailure;
  });
  // A group that nobody waits for must not end the process when it fails.
  settled.catch(() => undefined);
  return {
    sequence,
    table: new Memtable(),
    settled,
    settle: (error) => {
      if (error) reject(error);
      else resolve();
    },
  };
};

/**
 * Collects changes while the previous group is written and synced, then writes them as one. At most one
 * group is on its way, and the next durable state is taken before the following group starts, so a
 * snapshot, its sequence and its catalog always belong together.
 */
export class GroupCommit {
  readonly #environment: Environment;
  readonly #onDurable: (sequence: number) => void;
  readonly #onDiscarded: (error: Error) => void;
  #active: Group;
  #flushing: Group | undefined;
  #scheduled = false;
  #durable: DurableState;
  #latestCatalog: Catalog;
  #lastDiscard: Error | undefined;

  constructor(
    environment: Environment,
    catalog: Catalog,
    hooks: { onDurable: (sequence: number) => void; onDiscarded: (error: Error) => void },
  ) {
    this.#environment = environment;
    this.#onDurable = hooks.onDurable;
    this.#onDiscarded = hooks.onDiscarded;
    this.#durable = { sequence: 0, snapshot: new SharedSnapshot(environment.snapshot()), catalog };
    this.#latestCatalog = catalog;
    this.#active = newGroup(1);
  }

  get durable(): DurableState {
    return this.#durable;
  }

  /** The number of the group that collects now. */
  get sequence(): number {
    return this.#active.sequence;
  }

  get latestCatalog(): Catalog {
    return this.#latestCatalog;
  }

  setLatestCatalog(catalog: Catalog): void {
    this.#latestCatalog = catalog;
  }

  /** Newest first. */
  get tables(): readonly Memtable[] {
    return this.#flushing ? [this.#active.table, this.#flushing.table] : [this.#active.table];
  }

  get pendingBytes(): number {
    return this.#active.table.bytes;
  }

  put(key: Buffer, value: Buffer | undefined, text: string): void {
    this.#active.table.set(key, value, text);
    this.#schedule();
  }

  /**
   * To be called before a command that puts changes into more than one group. What it returns resolves once
   * all of them are on disk, and rejects if some may be lost, though what was put last is not.
   */
  watch(): () => Promise<void> {
    const before = this.#lastDiscard;
    return async () => {
      await this.settled();
      const discard = this.#lastDiscard;
      if (discard && discard !== before) throw discard;
    };
  }

  /** Resolves once everything put so far is on disk; rejects with what the client is to be told if it cannot be. */
  settled(): Promise<void> {
    if (this.#active.table.size > 0) return this.#active.settled;
    return this.#flushing?.settled ?? Promise.resolve();
  }

  async close(): Promise<void> {
    while (this.#active.table.size > 0 || this.#flushing)
      await this.settled().catch(() => undefined);
    this.#durable.snapshot.release();
  }

  #schedule(): void {
    if (this.#scheduled || this.#flushing) return;
    this.#scheduled = true;
    // At the end of this turn: commands that arrived together share one fsync.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    if (this.#flushing || this.#active.table.size === 0) return;
    const group = this.#active;
    const catalog = this.#latestCatalog;
    this.#flushing = group;
    this.#active = newGroup(group.sequence + 1);
    try {
      await this.#environment.commit(group.table.changes());
    } catch (error) {
      this.#discard(group, error);
      return;
    }
    const previous = this.#durable;
    this.#durable = {
      sequence: group.sequence,
      snapshot: new SharedSnapshot(this.#environment.snapshot()),
      catalog,
    };
    previous.snapshot.release();
    this.#flushing = undefined;
    this.#onDurable(group.sequence);
    group.settle();
    if (this.#active.table.size > 0) this.#schedule();
  }

  /** Later changes may build on the lost ones, so everything that is not on disk goes. */
  #discard(group: Group, cause: unknown): void {
    const error = outOfDisk(cause);
    const later = this.#active;
    this.#flushing = undefined;
    this.#active = newGroup(later.sequence + 1);
    this.#latestCatalog = this.#durable.catalog;
    this.#lastDiscard = error;
    this.#onDiscarded(error);
    group.settle(error);
    later.settle(error);
  }
}

const outOfDisk = (cause: unknown): CommandError =>
  new CommandError(
    'OutOfDiskSpace',
    `The write could not be stored and was undone: ${cause instanceof Error ? cause.message : String(cause)}`,
  );
