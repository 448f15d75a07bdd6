import fc from 'fast-check';
import type { Collection, Document, MongoClient } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';

/*
 * Whatever index answers, and in whichever order it walks, the answer is that of a scan: same documents,
 * and in the sort's order.
 */

const INDEXES: Document[] = [
  { a: 1 },
  { a: -1, b: 1 },
  { b: 1, a: 1 },
  { 'c.d': 1 },
  { 'c.d': -1, a: 1 },
  { 'c.d': 1, 'c.e': 1 },
  { e: 1 },
];

const scalar = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(null, true, false, 'x', 'xy', 'y', '', 1.5),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
);
const inner = fc.record({ d: value, e: scalar }, { requiredKeys: [] });
const document = fc.record(
  {
    a: value,
    b: scalar,
    c: fc.oneof(inner, fc.array(inner, { maxLength: 3 }), scalar),
    e: fc.oneof(
      scalar,
      fc.string({ minLength: 0, maxLength: 3 }).map((text) => text + 'z'.repeat(1200)),
    ),
  },
  { requiredKeys: [] },
);

const condition = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 2 }),
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$eq', '$ne'), scalar)
    .map(([op, operand]) => ({ [op]: operand })),
  fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.array(scalar, { maxLength: 3 }).map((list) => ({ $in: list })),
  fc.constantFrom<Document>(
    { $exists: true },
    { $exists: false },
    { $regex: '^x' },
    { $size: 2 },
    { $type: 'string' },
  ),
);
const filter = fc.dictionary(fc.constantFrom('a', 'b', 'c.d', 'c.e', 'e', '_id'), condition, {
  maxKeys: 3,
});
const sort = fc.option(
  fc.dictionary(fc.constantFrom('a', 'b', 'c.d', 'e', '_id'), fc.constantFrom<1 | -1>(1, -1), {
    minKeys: 1,
    maxKeys: 2,
  }),
  { nil: undefined },
);

jest.setTimeout(120_000);

describe('an index', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  let items: Collection<{ _id: number }>;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect();
    items = client.db('d').collection('items');
  });
  afterAll(() => fixture.stop());

  const answer = async (
    query: Document,
    order: Record<string, 1 | -1> | undefined,
    hint: Document | undefined,
  ) => {
    let cursor = items.find(query);
    if (order) cursor = cursor.sort(order);
    if (hint) cursor = cursor.hint(hint);
    return await cursor
      .toArray()
      .catch((error: unknown) => `error ${String((error as { code?: number }).code)}`);
  };

  const ids = (found: Document[] | string) =>
    typeof found === 'string' ? found : found.map(({ _id }) => _id as number).sort((a, b) => a - b);

  it('answers as a scan does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 25 }),
        fc.subarray(INDEXES, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(filter, sort), { minLength: 1, maxLength: 6 }),
        async (documents, indexes, queries) => {
          await items.drop().catch(() => undefined);
          await items.insertMany(documents.map((one, _id) => ({ _id, ...one })));
          for (const index of indexes) {
            await items.createIndex(index as Record<string, 1 | -1>).catch((error: unknown) => {
              // Two arrays in one document cannot be indexed together.
              expect(error).toMatchObject({ code: 171 });
            });
          }
          const built = (await items.indexes()).map(({ key }) => key);
          for (const [query, order] of queries) {
            const whole = await answer(query, order, { $natural: 1 });
            for (const hint of [undefined, ...built]) {
              const found = await answer(query, order, hint);
              expect(ids(found)).toEqual(ids(whole));
              if (order && typeof found !== 'string') await expectOrder(found, order);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  /** Sorting what was found once more, by a scan, must leave the order of its keys as it is. */
  const expectOrder = async (found: Document[], order: Record<string, 1 | -1>) => {
    const keyed = client.db('d').collection<{ _id: number }>('ordered');
    await keyed.drop().catch(() => undefined);
    if (found.length === 0) return;
    // Insertion order breaks ties: a stable sort of an ordered list is that list.
    await keyed.insertMany(
      found.map(({ _id, ...rest }, place) => ({
        _id: place,
        ...rest,
        ...('_id' in order ? { id: _id as number } : {}),
      })),
    );
    const renamed = Object.fromEntries(
      Object.entries(order).map(([path, direction]) => [path === '_id' ? 'id' : path, direction]),
    );
    const again = await keyed.find().sort(renamed).toArray();
    expect(again.map(({ _id }) => _id)).toEqual(found.map((_, place) => place));
  };
});
