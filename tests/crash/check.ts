import type { Collection, Document } from 'mongodb';
import {
  type Acknowledged,
  ACCOUNTS,
  type Collections,
  type Counted,
  OPENING_BALANCE,
  PAIRS,
  PASSING_INDEX,
  PASSING_INDEX_NAME,
  twinsOf,
} from './load.ts';

export interface Findings {
  /** Acknowledged writes that are not there. */
  readonly lost: number;
  /** Balances that do not follow from the transfers beside them: a transaction that is there in part. */
  readonly torn: number;
  /** Documents that an index finds and a scan does not, or the other way round. */
  readonly indexDifferences: number;
}

/** Compares what is stored with what was acknowledged, and every index with a scan. */
export const check = async (
  collections: Collections,
  acknowledged: Acknowledged,
): Promise<Findings> => {
  const { items, accounts, transfers, twins } = collections;
  const stored = new Map(
    (await items.find({}, { hint: { $natural: 1 } }).toArray()).map((item) => [item._id, item]),
  );
  const booked = await transfers.find({}, { hint: { $natural: 1 } }).toArray();
  const bookedIds = new Set(booked.map(({ _id }) => _id));

  let lost = 0;
  for (const _id of acknowledged.items) if (!stored.has(_id)) lost++;
  for (const [_id, group] of acknowledged.groups)
    if ((stored.get(_id)?.group ?? -1) < group) lost++;
  for (const _id of acknowledged.transfers) if (!bookedIds.has(_id)) lost++;

  for (const _id of acknowledged.deleted) if (stored.has(_id)) lost++;

  const paired = new Map(
    (await twins.find({}, { hint: { $natural: 1 } }).toArray()).map((twin) => [twin._id, twin]),
  );
  const pairs = Array.from({ length: PAIRS }, (_, pair) =>
    twinsOf(pair).map((_id) => paired.get(_id)?.n ?? -1),
  );
  for (const [pair, n] of acknowledged.pairs) if (Math.min(...(pairs[pair] ?? [])) < n) lost++;

  const expected = new Map(Array.from({ length: ACCOUNTS }, (_, _id) => [_id, OPENING_BALANCE]));
  for (const { from, to, amount } of booked) {
    expected.set(from, (expected.get(from) ?? 0) - amount);
    expected.set(to, (expected.get(to) ?? 0) + amount);
  }
  let torn = pairs.filter(([one, other]) => one !== other).length;
  for (const { _id, balance } of await accounts.find().toArray())
    if (expected.get(_id) !== balance) torn++;
  for (const item of stored.values()) {
    // One update sets both fields.
    if (item.group !== 0 && !(item.tags.length === 1 && item.tags[0] === item.group % 5)) torn++;
  }

  const hasPassingIndex = await twins.indexExists(PASSING_INDEX_NAME);
  if (acknowledged.passingIndex !== undefined && acknowledged.passingIndex !== hasPassingIndex)
    lost++;

  const marks = [{ marks: { $gte: 0 } }, ...[...paired.values()].map(({ n }) => ({ marks: n }))];
  const twinIndexes: Document[] = [{ marks: 1 }, ...(hasPassingIndex ? [PASSING_INDEX] : [])];
  const byIndex = await Promise.all([
    differences(items as unknown as Collection, { unique: 1 }, { unique: { $gte: 0 } }),
    differences(items as unknown as Collection, { group: 1, _id: -1 }, { group: { $gte: 0 } }),
    differences(items as unknown as Collection, { tags: 1 }, { tags: { $gte: 0 } }),
    differences(items as unknown as Collection, { _id: 1 }, { _id: { $gte: 0 } }),
    differences(transfers as unknown as Collection, { from: 1 }, { from: { $gte: 0 } }),
    ...twinIndexes.flatMap((index) =>
      marks.map((filter) => differences(twins as unknown as Collection, index, filter)),
    ),
    ...[0, 1, 2, 3, 4, 5, 6].map((tag) =>
      differences(items as unknown as Collection, { tags: 1 }, { tags: tag }),
    ),
  ]);
  return { lost, torn, indexDifferences: byIndex.reduce((sum, one) => sum + one, 0) };
};

/** Increments that are missing, or were done more than once. */
export const checkCounters = async (
  { counters }: Collections,
  counted: readonly Counted[],
): Promise<{ lost: number; twice: number }> => {
  const found = new Map((await counters.find().toArray()).map(({ _id, n }) => [_id, n]));
  let lost = 0;
  let twice = 0;
  for (const { _id, acknowledged, unknown } of counted) {
    const n = found.get(_id) ?? 0;
    lost += Math.max(0, acknowledged - n);
    twice += Math.max(0, n - acknowledged - unknown);
  }
  return { lost, twice };
};

const differences = async (
  collection: Collection,
  index: Document,
  filter: Document,
): Promise<number> => {
  const idsBy = async (hint: Document) => {
    const found = await collection.find(filter, { hint, projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id as unknown as number);
  };
  const found = await idsBy(index);
  const byIndex = new Set(found);
  const byScan = new Set(await idsBy({ $natural: 1 }));
  const missing = [...byScan].filter((id) => !byIndex.has(id)).length;
  const tooMuch = [...byIndex].filter((id) => !byScan.has(id)).length;
  const twice = found.length - byIndex.size;
  return missing + tooMuch + twice;
};
