import { type Collection, type MongoClient, MongoServerError } from 'mongodb';

export interface Item {
  _id: number;
  unique: number;
  group: number;
  tags: number[];
  text: string;
}

export interface Account {
  _id: number;
  balance: number;
}

/** Written in the same transaction as the two balances that it changes. */
export interface Transfer {
  _id: number;
  from: number;
  to: number;
  amount: number;
}

/** Two of them are always changed by one transaction, to the same `n`. */
export interface Twin {
  _id: number;
  n: number;
  marks: number | number[];
}

export interface Counter {
  _id: number;
  n: number;
}

export const ACCOUNTS = 8;
export const OPENING_BALANCE = 1000;

const INSERTERS = 12;
const UPDATERS = 4;
const MOVERS = 3;
const DELETERS = 2;
/** Each has its own pair of twins. */
export const PAIRS = 2;
export const COUNTERS = 3;

/** Made and dropped again all the time. */
export const PASSING_INDEX = { marks: 1, n: 1 } as const;
export const PASSING_INDEX_NAME = 'marks_1_n_1';

export interface Collections {
  readonly items: Collection<Item>;
  readonly accounts: Collection<Account>;
  readonly transfers: Collection<Transfer>;
  readonly twins: Collection<Twin>;
  readonly counters: Collection<Counter>;
}

export const collectionsOf = (client: MongoClient): Collections => {
  const database = client.db('crash');
  return {
    items: database.collection<Item>('items'),
    accounts: database.collection<Account>('accounts'),
    transfers: database.collection<Transfer>('transfers'),
    twins: database.collection<Twin>('twins'),
    counters: database.collection<Counter>('counters'),
  };
};

const WRITE_CONFLICT = 112;

export const twinsOf = (pair: number): [number, number] => [2 * pair, 2 * pair + 1];

/** What the cluster has acknowledged, over all rounds: it must all be there after every crash. */
export class Acknowledged {
  readonly items = new Set<number>();
  readonly transfers = new Set<number>();
  /** The highest `group` that an update of an item was acknowledged with. */
  readonly groups = new Map<number, number>();
  readonly deleted = new Set<number>();
  /** The last `n` that a pair of twins was acknowledged with. */
  readonly pairs = new Map<number, number>();
  /** What the last acknowledged command about the passing index left; undefined while one is under way. */
  passingIndex: boolean | undefined = false;
  nextId = 0;

  get count(): number {
    return (
      this.items.size + this.transfers.size + this.groups.size + this.deleted.size + this.pairs.size
    );
  }
}

/** Writes from many sides until `stopped`; every worker ends at its first error, which is the kill. */
export const writeUntil = async (
  client: MongoClient,
  acknowledged: Acknowledged,
  stopped: () => boolean,
): Promise<void> => {
  const { items, accounts, transfers, twins } = collectionsOf(client);

  const insertNext = async (): Promise<number> => {
    const _id = acknowledged.nextId++;
    await items.insertOne({
      _id,
      unique: _id,
      group: 0,
      tags: [_id % 7, _id % 11],
      text: 'x'.repeat(200),
    });
    return _id;
  };

  const insert = async () => {
    acknowledged.items.add(await insertNext());
  };

  const insertAndDelete = async () => {
    const _id = await insertNext();
    await items.deleteOne({ _id });
    acknowledged.deleted.add(_id);
  };

  /** The same change in a transaction that is given up, then in one that is not. */
  const changePair = async (pair: number) => {
    const n = (acknowledged.pairs.get(pair) ?? 0) + 1;
    // The values of an index become arrays, and numbers again.
    const marks = n % 3 === 0 ? n : [n, n + 1];
    for (const isKept of [false, true]) {
      await client.withSession(async (session) => {
        session.startTransaction();
        for (const _id of twinsOf(pair)) {
          await twins.updateOne({ _id }, { $set: { n, marks } }, { session });
        }
        await (isKept ? session.commitTransaction() : session.abortTransaction());
      });
    }
    acknowledged.pairs.set(pair, n);
  };

  const makeAndDropIndex = async () => {
    for (const isThere of [true, false]) {
      acknowledged.passingIndex = undefined;
      if (isThere) await twins.createIndex(PASSING_INDEX);
      else await twins.dropIndex(PASSING_INDEX_NAME);
      acknowledged.passingIndex = isThere;
    }
  };

  const update = async (worker: number) => {
    // Each worker has items of its own, so the last acknowledged value is known.
    const mine = [...acknowledged.items].filter((_id) => _id % UPDATERS === worker).slice(-20);
    for (const _id of mine) {
      const group = (acknowledged.groups.get(_id) ?? 0) + 1;
      await items.updateOne({ _id }, { $set: { group, tags: [group % 5] } });
      acknowledged.groups.set(_id, group);
    }
  };

  const move = async () => {
    const _id = acknowledged.nextId++;
    const from = _id % ACCOUNTS;
    const to = (from + 1 + (_id % (ACCOUNTS - 1))) % ACCOUNTS;
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await accounts.updateOne({ _id: from }, { $inc: { balance: -1 } }, { session });
        await accounts.updateOne({ _id: to }, { $inc: { balance: 1 } }, { session });
        await transfers.insertOne({ _id, from, to, amount: 1 }, { session });
      }),
    );
    acknowledged.transfers.add(_id);
  };

  /** Transactions meet each other, and the index that comes and goes. */
  const untilDone = async (work: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        const isConflict = error instanceof MongoServerError && error.code === WRITE_CONFLICT;
        if (!isConflict || stopped()) throw error;
      }
    }
  };

  const untilError = async (work: () => Promise<void>): Promise<void> => {
    while (!stopped()) {
      try {
        await work();
      } catch {
        return;
      }
    }
  };

  await Promise.all([
    ...Array.from({ length: INSERTERS }, () => untilError(insert)),
    ...Array.from({ length: UPDATERS }, (_, worker) =>
      untilError(async () => {
        await update(worker);
        if (acknowledged.items.size < 50) await insert();
      }),
    ),
    ...Array.from({ length: MOVERS }, () => untilError(move)),
    ...Array.from({ length: DELETERS }, () => untilError(insertAndDelete)),
    ...Array.from({ length: PAIRS }, (_, pair) =>
      untilError(() => untilDone(() => changePair(pair))),
    ),
    untilError(makeAndDropIndex),
  ]);
};

/** Increments of one counter: how many were acknowledged, and of how many nobody knows. */
export interface Counted {
  readonly _id: number;
  acknowledged: number;
  unknown: number;
}

/**
 * Counts through all kills and restarts until `stopped`, with a client that repeats what it does not know
 * of: each increment must be there once, however often it was sent.
 */
export const countAlong = async (
  client: MongoClient,
  stopped: () => boolean,
): Promise<Counted[]> => {
  const { counters } = collectionsOf(client);
  const count = async (_id: number): Promise<Counted> => {
    const counted: Counted = { _id, acknowledged: 0, unknown: 0 };
    while (!stopped()) {
      try {
        await counters.updateOne({ _id }, { $inc: { n: 1 } });
        counted.acknowledged++;
      } catch {
        counted.unknown++;
      }
    }
    return counted;
  };
  return await Promise.all(Array.from({ length: COUNTERS }, (_, _id) => count(_id)));
};
