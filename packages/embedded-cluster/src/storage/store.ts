import { UUID } from 'bson';
import { CommandError } from '../command-error.ts';
import type { Document } from '../documents/value.ts';
import {
  Catalog,
  type Collection,
  decodeCollection,
  type IndexFacts,
  newIdIndex,
} from './catalog.ts';
import { ClusterClock } from './cluster-clock.ts';
import { Conflicts } from './conflicts.ts';
import { type DiskSnapshot, type Environment, openEnvironment } from './environment.ts';
import { GroupCommit } from './group-commit.ts';
import {
  afterPrefix,
  collectionPrefix,
  indexFactsKey,
  KIND,
  metaKey,
  ownerIdOf,
  recordIdOfDocumentKey,
} from './keys.ts';
import { LatestView } from './latest-view.ts';
import { keyText } from './memtable.ts';
import type { OpenTransaction } from './open-transaction.ts';
import { sweepDropped } from './sweep.ts';
import { UndoLog } from './undo-log.ts';

const CLOCK_KEY = metaKey('clock');
const TERM_KEY = metaKey('term');

/** A writer that is further ahead of the disk than this waits for it. */
const PENDING_MAX_BYTES = 32 * 1024 * 1024;

/** A namespace in bytes, as MongoDB limits it. */
const NAMESPACE_MAX_BYTES = 255;

export interface StoreOptions {
  readonly dataDir: string;
  readonly nowMs: () => number;
  /** Remember how to undo writes that no majority has confirmed, for the test command that plays an election. */
  readonly keepUndo: boolean;
}

/** One cluster's data: what is on disk, what is on its way there, and who holds what. */
export class Store {
  readonly clock: ClusterClock;
  readonly conflicts = new Conflicts();
  readonly transactions = new Set<OpenTransaction>();
  /** The index build that runs on a collection, by its id; resolves when it has ended, well or not. */
  readonly indexBuilds = new Map<number, Promise<void>>();
  readonly commits: GroupCommit;
  /** Grows with every start and every election, also over a folder that was wiped in between. */
  #term: number;
  readonly #environment: Environment;
  readonly #undo: UndoLog | undefined;
  readonly #discardListeners: (() => void)[] = [];
  #nextId: number;
  #sweeping: Promise<void> | undefined;
  #closing = false;

  constructor(options: StoreOptions) {
    this.#environment = openEnvironment(options.dataDir);
    const snapshot = this.#environment.snapshot();
    const stored = readStored(snapshot);
    snapshot.release();
    this.#nextId = stored.nextId;
    this.#undo = options.keepUndo ? new UndoLog() : undefined;
    this.clock = new ClusterClock(options.nowMs, stored.clock);
    this.#term = Math.max(stored.term + 1, Math.floor(options.nowMs() / 1000));
    this.commits = new GroupCommit(this.#environment, stored.catalog, {
      onDurable: (sequence) => {
        this.conflicts.forget(sequence);
      },
      onDiscarded: () => {
        this.#storeFactsAgain();
        for (const listener of this.#discardListeners) listener();
      },
    });
    this.#saveTerm();
    this.#dropUnfinishedIndexes();
    this.sweepSoon();
  }

  get term(): number {
    return this.#term;
  }

  /** Called when changes were lost because the disk refused them: whoever cached what they said must forget it. */
  onDiscarded(listener: () => void): void {
    this.#discardListeners.push(listener);
  }

  readerPids(): number[] {
    return this.#environment.readerPids();
  }

  latest(options: { majority: boolean }): LatestView {
    return new LatestView(this, options);
  }

  put(key: Buffer, value: Buffer | undefined, options: { majority: boolean }): void {
    const text = keyText(key);
    if (this.#undo) {
      if (options.majority) this.#undo.confirm();
      else if (!this.#undo.has(text)) this.#undo.remember(text, key, this.#current(key, text));
    }
    if (this.commits.pendingBytes === 0) {
      this.clock.tick();
      this.#saveClock();
    }
    this.commits.put(key, value, text);
  }

  /** Everything written so far can no longer be undone by an election. */
  confirmMajority(): void {
    this.#undo?.confirm();
  }

  /** Before more is written: waits while the disk is far behind. */
  async backpressure(): Promise<void> {
    while (this.commits.pendingBytes > PENDING_MAX_BYTES) await this.commits.settled();
  }

  get behind(): boolean {
    return this.commits.pendingBytes > PENDING_MAX_BYTES;
  }

  nextId(): number {
    return this.#nextId++;
  }

  newCollection(database: string, name: string, options: Document = new Map()): Collection {
    const namespace = `${database}.${name}`;
    assertNamespace(database, name);
    return {
      id: this.nextId(),
      database,
      name,
      namespace,
      uuid: new UUID(),
      options,
      indexes: [newIdIndex(this.nextId())],
      recordIds: { next: 1 },
    };
  }

  /** Undoes what no majority has confirmed and begins a new term. All transactions must have ended. */
  async elect(): Promise<void> {
    await this.commits.settled();
    const changes = this.#undo?.take() ?? [];
    for (const { key, value } of changes) this.commits.put(key, value, keyText(key));
    this.#term++;
    this.#saveTerm();
    const view = this.latest({ majority: true });
    this.commits.setLatestCatalog(readCatalog(view));
    await this.commits.settled();
  }

  /** Removes, bit by bit, what dropped collections and indexes left behind. */
  sweepSoon(): void {
    this.#sweeping ??= sweepDropped(this, () => this.#closing)
      .catch(() => undefined)
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#sweeping;
    for (const transaction of [...this.transactions]) transaction.abort();
    await this.commits.close();
    await this.#environment.close();
  }

  #current(key: Buffer, text: string): Buffer | undefined {
    for (const table of this.commits.tables) {
      const row = table.row(text);
      if (row) return row.value;
    }
    return this.commits.durable.snapshot.get(key);
  }

  #saveClock(): void {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeUInt32BE(this.clock.seconds, 0);
    bytes.writeUInt32BE(this.clock.increment, 4);
    this.commits.put(CLOCK_KEY, bytes, keyText(CLOCK_KEY));
  }

  #saveTerm(): void {
    const bytes = Buffer.allocUnsafe(6);
    bytes.writeUIntBE(this.#term, 0, 6);
    this.commits.put(TERM_KEY, bytes, keyText(TERM_KEY));
  }

  /** What was learnt of indexes stays believed, though the disk has not taken it: the next writer stores it. */
  #storeFactsAgain(): void {
    for (const { indexes } of this.commits.latestCatalog.collections.values())
      for (const { facts } of indexes) facts.stored = false;
  }

  /** Their builders were never told that they succeeded. */
  #dropUnfinishedIndexes(): void {
    const view = this.latest({ majority: true });
    for (const collection of this.commits.latestCatalog.collections.values()) {
      if (!collection.indexes.some(({ building }) => building)) continue;
      view.saveCollection({
        ...collection,
        indexes: collection.indexes.filter(({ building }) => !building),
      });
    }
  }
}

interface Stored {
  readonly catalog: Catalog;
  readonly nextId: number;
  readonly clock: { seconds: number; increment: number };
  readonly term: number;
}

const readStored = (snapshot: DiskSnapshot): Stored => {
  const catalog = readCatalog(snapshot);
  const clock = snapshot.get(CLOCK_KEY);
  const term = snapshot.get(TERM_KEY);
  let lastId = 0;
  for (const collection of catalog.collections.values()) {
    lastId = Math.max(lastId, collection.id, ...collection.indexes.map(({ id }) => id));
  }
  // Dropped ones may still have keys here, and their numbers must not be given out again.
  for (const kind of [KIND.document, KIND.index, KIND.indexFacts]) {
    const last = firstOf(snapshot.range(Buffer.of(kind), Buffer.of(kind + 1), true));
    if (last) lastId = Math.max(lastId, ownerIdOf(last.key));
  }
  return {
    catalog,
    nextId: lastId + 1,
    // One second on: what was answered after this was saved may have had a higher counter.
    clock: clock
      ? { seconds: clock.readUInt32BE(0) + 1, increment: 0 }
      : { seconds: 0, increment: 0 },
    term: term?.readUIntBE(0, 6) ?? 0,
  };
};

const readCatalog = (view: Pick<DiskSnapshot, 'get' | 'range'>): Catalog => {
  const collections = new Map<string, Collection>();
  for (const { value } of view.range(Buffer.of(KIND.catalog), Buffer.of(KIND.catalog + 1))) {
    const collection = decodeCollection(value, (indexId) => readFacts(view, indexId));
    const prefix = collectionPrefix(collection.id);
    const last = firstOf(view.range(prefix, afterPrefix(prefix), true));
    collection.recordIds.next = last ? recordIdOfDocumentKey(last.key) + 1 : 1;
    collections.set(collection.namespace, collection);
  }
  return new Catalog(collections);
};

const readFacts = (view: Pick<DiskSnapshot, 'get'>, indexId: number): IndexFacts => {
  const bytes = view.get(indexFactsKey(indexId));
  return {
    shortened: bytes?.[0] === 1,
    multikeyFields: bytes?.readUInt32BE(1) ?? 0,
    stored: true,
  };
};

const firstOf = <T>(items: Iterable<T>): T | undefined => {
  for (const item of items) return item;
  return undefined;
};

export const assertNamespace = (database: string, name: string): void => {
  const namespace = `${database}.${name}`;
  const bad =
    database === '' ||
    name === '' ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    /[\0$]/.test(name) ||
    /[\0/\\. "$]/.test(database) ||
    Buffer.byteLength(namespace) > NAMESPACE_MAX_BYTES ||
    Buffer.byteLength(database) >= 64;
  if (bad) throw new CommandError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
};
