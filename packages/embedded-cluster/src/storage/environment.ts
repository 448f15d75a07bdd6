import { open, type RootDatabase, type Transaction } from 'lmdb';

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface Change {
  readonly key: Buffer;
  /** `undefined` removes the key. */
  readonly value: Buffer | undefined;
}

/** A consistent, unchanging picture of what is on disk. It must be released: an open one keeps freed pages from reuse. */
export interface DiskSnapshot {
  get(key: Buffer): Buffer | undefined;
  /** Entries of [start, end), or the same ones backwards. */
  range(start: Buffer, end: Buffer, reverse?: boolean): Iterable<Entry>;
  release(): void;
}

export interface Environment {
  snapshot(): DiskSnapshot;
  /** All of `changes` or none of them, and only once they are on disk. One call at a time. */
  commit(changes: Iterable<Change>): Promise<void>;
  /** Process ids that have this folder open, this one included. */
  readerPids(): number[];
  close(): Promise<void>;
}

/** Every open snapshot takes a slot in LMDB's reader table: transactions (bounded by their own limit) and running reads. */
const READERS_MAX = 1200;

/**
 * Address space reserved for the file, which itself grows as it is written. lmdb doubles a map that is
 * too small and keeps the old ones, so that every page that was read counts as often as it was mapped.
 */
const MAP_SIZE_BYTES = 2 ** 30;

export const openEnvironment = (dataDir: string): Environment => {
  const database: RootDatabase<Buffer, Buffer> = open({
    path: dataDir,
    noSubdir: false,
    keyEncoding: 'binary',
    encoding: 'binary',
    maxDbs: 1,
    maxReaders: READERS_MAX,
    mapSize: MAP_SIZE_BYTES,
    // A commit becomes visible only after its fsync: what a snapshot shows is durable.
    overlappingSync: false,
    // Groups are formed by group-commit.ts. With this on, lmdb makes a second promise per batch that nobody can catch.
    eventTurnBatching: false,
  } as Parameters<typeof open>[0] & object);

  return {
    snapshot: () => {
      // lmdb shares one read transaction per turn of the event loop, which may be older than the last commit.
      database.resetReadTxn();
      const transaction = database.useReadTransaction();
      return new LmdbSnapshot(database, transaction);
    },
    commit: async (changes) => {
      try {
        await database.batch(() => {
          for (const { key, value } of changes) {
            if (value === undefined) void database.remove(key);
            else void database.put(key, value);
          }
        });
      } catch (error) {
        // lmdb hides the cause in a second promise.
        const cause = await (error as { commitError?: Promise<never> }).commitError?.catch(
          (reason: unknown) => reason,
        );
        throw cause instanceof Error ? cause : error;
      }
    },
    readerPids: () =>
      database
        .readerList()
        .split('\n')
        .map((line) => Number.parseInt(line, 10))
        .filter((pid) => pid > 0),
    close: () => database.close(),
  };
};

class LmdbSnapshot implements DiskSnapshot {
  readonly #database: RootDatabase<Buffer, Buffer>;
  readonly #transaction: Transaction;
  readonly #options: { transaction: Transaction };

  constructor(database: RootDatabase<Buffer, Buffer>, transaction: Transaction) {
    this.#database = database;
    this.#transaction = transaction;
    this.#options = { transaction };
  }

  get(key: Buffer): Buffer | undefined {
    return (this.#database.getBinary as (key: Buffer, options: object) => Buffer | undefined).call(
      this.#database,
      key,
      this.#options,
    );
  }

  range(start: Buffer, end: Buffer, reverse = false): Iterable<Entry> {
    const bounds = reverse
      ? { start: end, end: start, reverse: true, exclusiveStart: true, inclusiveEnd: true }
      : { start, end };
    return this.#database.getRange({
      ...bounds,
      transaction: this.#transaction,
    }) as Iterable<Entry>;
  }

  release(): void {
    this.#transaction.done();
  }
}
