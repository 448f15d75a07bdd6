import type { Collection, Document, IndexDirection, MongoClient } from 'mongodb';
import { ClusterFixture } from './cluster-fixture.ts';

/** Where an index would be believed too much: each is answered with and without it. */
describe('an index is not believed too much', () => {
  const fixture = new ClusterFixture();
  let client: MongoClient;
  let items: Collection<{ _id: number }>;

  beforeAll(async () => {
    await fixture.start();
    client = await fixture.connect();
  });
  afterAll(() => fixture.stop());
  beforeEach(async () => {
    items = client.db('d').collection('items');
    await items.drop();
  });

  const given = async (
    documents: Document[],
    key: Record<string, IndexDirection>,
    options = {},
  ) => {
    await items.insertMany(documents.map((document, _id) => ({ _id, ...document })));
    await items.createIndex(key, options, {});
  };

  const ids = async (filter: Document, sort?: Record<string, 1 | -1>, hint?: Document) => {
    let cursor = items.find(filter);
    if (sort) cursor = cursor.sort(sort);
    if (hint) cursor = cursor.hint(hint);
    return (await cursor.toArray()).map(({ _id }) => _id);
  };

  const indexOf = async (filter: Document, sort: Record<string, 1 | -1> = {}) => {
    const explained = (await items.find(filter).sort(sort).explain('queryPlanner')) as {
      queryPlanner: {
        winningPlan: { inputStage?: { indexName?: string; inputStage?: { indexName: string } } };
      };
    };
    const { inputStage } = explained.queryPlanner.winningPlan;
    return inputStage?.indexName ?? inputStage?.inputStage?.indexName;
  };

  it('two conditions on one array may be met by two of its elements', async () => {
    await given(
      [
        {
          c: [
            { d: 1, e: 0 },
            { d: 0, e: 2 },
          ],
        },
        { c: { d: 1, e: 2 } },
      ],
      { 'c.d': 1, 'c.e': 1 },
    );
    expect(await ids({ 'c.d': 1, 'c.e': 2 }, undefined, { 'c.d': 1, 'c.e': 1 })).toEqual([0, 1]);
    expect(await ids({ c: { $elemMatch: { d: 1, e: 2 } } })).toEqual([]);
  });

  it('two conditions on one array field may be met by two of its elements', async () => {
    await given([{ a: [1, 9] }, { a: 5 }], { a: 1 });
    expect((await ids({ a: { $gt: 4, $lt: 6 } }, undefined, { a: 1 })).sort()).toEqual([0, 1]);
  });

  it('neighbouring values are not one range', async () => {
    await given(
      [
        { a: false, b: 1 },
        { a: true, b: 1 },
        { a: 1, b: 1 },
      ],
      { a: 1, b: 1 },
    );
    expect((await ids({ a: { $in: [true, false] }, b: 1 })).sort()).toEqual([0, 1]);
  });

  it('long values that begin alike are told apart, and put in order', async () => {
    const long = 'x'.repeat(3000);
    await given([{ a: `${long}b` }, { a: `${long}a` }, { a: long }, { a: 'w' }], { a: 1 });
    expect(await ids({ a: `${long}a` })).toEqual([1]);
    expect(await ids({}, { a: 1 })).toEqual([3, 2, 1, 0]);
    expect((await ids({ a: { $gte: `${long}a` } }, undefined, { a: 1 })).sort()).toEqual([0, 1]);
  });

  it('long values are unique by all of themselves', async () => {
    await items.createIndex({ a: 1 }, { unique: true }, {});
    const long = 'x'.repeat(3000);
    await items.insertOne({ _id: 1, a: `${long}a` } as never);
    await items.insertOne({ _id: 2, a: `${long}b` } as never);
    await expect(items.insertOne({ _id: 3, a: `${long}a` } as never)).rejects.toMatchObject({
      code: 11000,
    });
  });

  it('a sparse index answers only what cannot be missing', async () => {
    await given([{ a: 1 }, {}, { a: null }], { a: 1 }, { sparse: true });
    expect(await ids({ a: null })).toEqual([1, 2]);
    expect(await ids({}, { a: 1 })).toEqual([1, 2, 0]);
    expect(await indexOf({ a: 1 })).toBe('a_1');
  });

  it('a partial index answers only what its filter covers', async () => {
    await given(
      [
        { a: 1, on: true },
        { a: 1, on: false },
        { a: 2, n: 7, on: true },
      ],
      { a: 1 },
      {
        partialFilterExpression: { on: true },
      },
    );
    expect(await ids({ a: 1 })).toEqual([0, 1]);
    expect(await indexOf({ a: 1 })).toBeUndefined();
    expect(await indexOf({ a: 1, on: true })).toBe('a_1');
  });

  it('an array sorts by its least element, or its greatest, whatever else was asked', async () => {
    await given([{ a: [5, 1] }, { a: [2, 3] }, { a: 4 }], { a: 1 });
    expect(await ids({}, { a: 1 })).toEqual([0, 1, 2]);
    expect(await ids({}, { a: -1 })).toEqual([0, 2, 1]);
    expect(await ids({ a: { $gte: 3 } }, { a: 1 })).toEqual([0, 1, 2]);
  });

  it('one direction of a compound index is not the other', async () => {
    await given(
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
        { a: 2, b: 1 },
        { a: 2, b: 2 },
      ],
      { a: 1, b: -1 },
    );
    expect(await ids({}, { a: 1, b: 1 })).toEqual([0, 1, 2, 3]);
    expect(await ids({}, { a: 1, b: -1 })).toEqual([1, 0, 3, 2]);
    expect(await ids({}, { a: -1, b: 1 })).toEqual([2, 3, 0, 1]);
    expect(await indexOf({}, { a: -1, b: 1 })).toBe('a_1_b_-1');
    expect(await ids({ a: 2 }, { b: 1 })).toEqual([2, 3]);
  });

  it('an index that is still being filled, or was dropped, is not asked', async () => {
    await items.insertMany(Array.from({ length: 3000 }, (_, _id) => ({ _id, a: _id % 3 })));
    const building = items.createIndex({ a: 1 });
    const counts = await Promise.all(
      Array.from({ length: 20 }, () => items.countDocuments({ a: 1 })),
    );
    expect(new Set(counts)).toEqual(new Set([1000]));
    await building;
    const [count] = await Promise.all([items.countDocuments({ a: 1 }), items.dropIndex('a_1')]);
    expect(count).toBe(1000);
  });

  it('writes during an index build are in the index', async () => {
    await items.insertMany(Array.from({ length: 3000 }, (_, _id) => ({ _id, a: 0 })));
    await Promise.all([
      items.createIndex({ a: 1 }),
      ...Array.from({ length: 60 }, (_, n) => items.updateOne({ _id: n * 50 }, { $set: { a: 1 } })),
      ...Array.from({ length: 20 }, (_, n) => items.insertOne({ _id: 5000 + n, a: 1 } as never)),
      ...Array.from({ length: 20 }, (_, n) => items.deleteOne({ _id: n * 50 + 1 })),
    ]);
    expect(await items.countDocuments({ a: 1 }, { hint: { a: 1 } })).toBe(80);
    expect(await items.countDocuments({ a: 0 }, { hint: { a: 1 } })).toBe(3000 - 60 - 20);
  });

  it('an index that others are making is not said to be there before it is', async () => {
    const documents = Array.from({ length: 2000 }, (_, _id) => ({ _id, a: _id }));
    await items.insertMany([...documents, { _id: -1, a: 1999 }] as never[]);
    const unique = await Promise.allSettled(
      [1, 2, 3].map(() => items.createIndex({ a: 1 }, { unique: true }, {})),
    );
    expect(unique).toMatchObject(
      [1, 2, 3].map(() => ({ status: 'rejected', reason: { code: 11000 } })),
    );
    expect(await items.indexes()).toHaveLength(1);
    await items.deleteOne({ _id: -1 });
    await Promise.all([
      ...[1, 2, 3].map(() => items.createIndex({ a: 1 }, { unique: true }, {})),
      items.createIndex({ b: 1 }),
    ]);
    expect((await items.indexes()).map(({ name }) => name).sort()).toEqual(['_id_', 'a_1', 'b_1']);
  });

  it('an index that is dropped while it is being made is not said to be there', async () => {
    await items.insertMany(Array.from({ length: 5000 }, (_, _id) => ({ _id, a: _id })) as never[]);
    const building = items.createIndex({ a: 1 }).then(
      () => 'made',
      (error: unknown) => error,
    );
    // Refused until the build has begun.
    for (let dropped = false; !dropped;) {
      dropped = await items.dropIndex('a_1').then(
        () => true,
        () => false,
      );
    }
    const outcome = await building;
    if (outcome !== 'made') expect(outcome).toMatchObject({ code: 276 });
    expect(await items.indexes()).toHaveLength(1);
  });

  it('what an aborted transaction taught about an index is still known after a restart', async () => {
    await given([{ a: 0 }], { a: 1 });
    const session = client.startSession();
    session.startTransaction();
    await items.insertOne({ _id: 1, a: [1, 2] } as never, { session });
    await session.abortTransaction();
    await session.endSession();
    await items.insertOne({ _id: 2, a: [1, 9] } as never);
    await fixture.restart();
    expect(await ids({ a: { $gt: 3, $lt: 6 } })).toEqual([2]);
    expect(await ids({ a: { $gte: 0 } }, undefined, { a: 1 })).toEqual([0, 2]);
  });

  it('what a transaction taught about an index of its own collection comes with it', async () => {
    const session = client.startSession();
    await session.withTransaction(async () => {
      await items.createIndex({ a: 1 }, { session });
      await items.insertOne({ _id: 2, a: [1, 9] } as never, { session });
    });
    await session.endSession();
    await fixture.restart();
    expect(await ids({ a: { $gt: 3, $lt: 6 } })).toEqual([2]);
    expect(await ids({ a: { $gte: 0 } }, undefined, { a: 1 })).toEqual([2]);
  });

  it('a unique index is not made over duplicates, and leaves nothing behind', async () => {
    await items.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ] as never[]);
    await expect(items.createIndex({ a: 1 }, { unique: true }, {})).rejects.toMatchObject({
      code: 11000,
    });
    expect(await items.indexes()).toHaveLength(1);
    await items.insertOne({ _id: 3, a: 1 } as never);
  });
});
