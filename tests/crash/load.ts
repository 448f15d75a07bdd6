import type { Collection, MongoClient } from 'mongodb';

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

export const ACCOUNTS = 8;
export const OPENING_BALANCE = 1000;

const INSERTERS = 12;
const UPDATERS = 4;
const MOVERS = 3;

export interface Collections {
  readonly items: Collection<Item>;
  readonly accounts: Collection<Account>;
  readonly transfers: Collection<Transfer>;
}

export const collectionsOf = (client: MongoClient): Collections => {
  const database = client.db('crash');
  return {
    items: database.collection<Item>('items'),
    accounts: database.collection<Account>('accounts'),
    transfers: database.collection<Transfer>('transfers'),
  };
};

/** What the cluster has acknowledged, over all rounds: it must all be there after every crash. */
export class Acknowledged {
  readonly items = new Set<number>();
  readonly transfers = new Set<number>();
  /** The highest `group` that an update of an item was acknowledged with. */
  readonly groups = new Map<number, number>();
  nextId = 0;

  get count(): number {
    return this.items.size + this.transfers.size + this.groups.size;
  }
}

/** Writes from many sides until `stopped`; every worker ends at its first error, which is the kill. */
export const writeUntil = async (
  client: MongoClient,
  acknowledged: Acknowledged,
  stopped: () => boolean,
): Promise<void> => {
  const { items, accounts, transfers } = collectionsOf(client);

  const insert = async () => {
    const _id = acknowledged.nextId++;
    await items.insertOne({
      _id,
      unique: _id,
      group: 0,
      tags: [_id % 7, _id % 11],
      text: 'x'.repeat(200),
    });
    acknowledged.items.add(_id);
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
  ]);
};
