import { type Collection, Decimal128, type Document, Long } from 'mongodb';
import { expectCode, expectTyped } from './expectations.ts';
import { AS_STORED, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

/** Every stage of a plan, outermost first. */
const stagesOf = (plan: Document): Document[] => {
  const inner = (plan.inputStage ?? plan.queryPlan) as Document | undefined;
  const many = (plan.inputStages as Document[] | undefined) ?? (inner ? [inner] : []);
  return [plan, ...many.flatMap(stagesOf)];
};

const indexUsed = async (
  collection: Collection<Document>,
  filter: Document,
  sort: Document = {},
): Promise<string | undefined> => {
  const { queryPlanner } = (await collection
    .find(filter)
    .sort(sort)
    .explain('queryPlanner')) as Document;
  return stagesOf((queryPlanner as Document).winningPlan as Document).find(
    ({ indexName }) => indexName !== undefined,
  )?.indexName as string | undefined;
};

const ids = async (
  collection: Collection<Document>,
  filter: Document,
  sort: Document = { _id: 1 },
): Promise<number[]> =>
  (await collection.find(filter).sort(sort).toArray()).map(({ _id }) => Number(_id));

describe('unique indexes', () => {
  it('refuse a second document with an equal key, and name it', async () => {
    const collection = await scratch.collection([{ a: 1 }]);
    await collection.createIndex({ a: 1 }, { unique: true });
    const error = await expectCode(collection.insertOne({ a: Long.fromNumber(1) }), 11000);
    expect(error.message).toBe(
      `E11000 duplicate key error collection: ${collection.namespace} index: a_1 dup key: { a: 1 }`,
    );
    expectTyped(error.keyPattern, { a: 1 });
    await expectCode(collection.insertOne({ a: Decimal128.fromString('1.0') }), 11000);
    await collection.insertOne({ a: 2 });
    await expectCode(collection.updateOne({ a: 2 }, { $set: { a: 1 } }), 11000);
    expect(await collection.countDocuments({ a: 1 })).toBe(1);
  });

  it('count a missing field as null', async () => {
    const collection = await scratch.collection([{ b: 1 }]);
    await collection.createIndex({ a: 1 }, { unique: true });
    const error = await expectCode(collection.insertOne({ b: 2 }), 11000);
    expect(error.message).toContain('dup key: { a: null }');
    await expectCode(collection.insertOne({ a: null }), 11000);
  });

  it('hold for all fields of a compound key together', async () => {
    const collection = await scratch.collection([{ a: 1, b: 'x' }]);
    await collection.createIndex({ a: 1, b: -1 }, { unique: true });
    await collection.insertOne({ a: 1, b: 'y' });
    const error = await expectCode(collection.insertOne({ a: 1, b: 'x' }), 11000);
    expect(error.message).toContain('index: a_1_b_-1 dup key: { a: 1, b: "x" }');
  });

  it('hold between documents for the elements of arrays, not within one', async () => {
    const collection = await scratch.collection([{ a: [1, 2, 2] }]);
    await collection.createIndex({ a: 1 }, { unique: true });
    await expectCode(collection.insertOne({ a: [3, 2] }), 11000);
    await collection.insertOne({ a: [3] });
  });

  it('leave out missing fields when sparse, and other documents when partial', async () => {
    const sparse = await scratch.collection([{}, {}, { a: 1 }]);
    await sparse.createIndex({ a: 1 }, { unique: true, sparse: true });
    await sparse.insertOne({});
    await expectCode(sparse.insertOne({ a: 1 }), 11000);
    const partial = await scratch.collection([
      { a: 1, on: false },
      { a: 1, on: true },
    ]);
    await partial.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { on: true } });
    await partial.insertOne({ a: 1, on: false });
    await expectCode(partial.insertOne({ a: 1, on: true }), 11000);
    await expectCode(partial.updateOne({ on: false }, { $set: { on: true } }), 11000);
    await partial.updateOne({ on: true }, { $set: { on: false } });
    await partial.insertOne({ a: 1, on: true });
  });

  it('cannot be built over duplicates', async () => {
    const collection = await scratch.collection([{ a: 1 }, { a: 1 }]);
    await expectCode(collection.createIndex({ a: 1 }, { unique: true }), 11000);
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    await collection.insertOne({ a: 1 });
  });
});

describe('indexes in use', () => {
  it('answer equality, $in, ranges, prefixes and sorts', async () => {
    const collection = await scratch.collection(
      Array.from({ length: 50 }, (_, n) => ({
        _id: n as never,
        n,
        text: `t${String(n % 10)}`,
        tags: [n % 3, n % 5],
      })),
    );
    await collection.createIndex({ n: 1 });
    await collection.createIndex({ text: 1, n: -1 });
    await collection.createIndex({ tags: 1 });
    expect(await indexUsed(collection, { n: 7 })).toBe('n_1');
    expect(await indexUsed(collection, { n: { $in: [7, 9] } })).toBe('n_1');
    expect(await indexUsed(collection, { n: { $gt: 40, $lte: 44 } })).toBe('n_1');
    expect(await indexUsed(collection, { text: /^t3/ })).toBe('text_1_n_-1');
    expect(await indexUsed(collection, { tags: 4 })).toBe('tags_1');
    expect(await indexUsed(collection, {}, { n: -1 })).toBe('n_1');
    expect(await indexUsed(collection, { text: 't3' }, { n: 1 })).toBe('text_1_n_-1');
    expect(await indexUsed(collection, { _id: 3 })).toMatch(/^_id_$/);
    expect(await indexUsed(collection, { other: 1 })).toBeUndefined();
    expect(await ids(collection, { n: { $gt: 40, $lte: 44 } })).toEqual([41, 42, 43, 44]);
    expect(await ids(collection, { text: /^t3/ }, { n: -1 })).toEqual([43, 33, 23, 13, 3]);
    expect(await ids(collection, { text: 't3', n: { $lt: 30 } }, { n: 1 })).toEqual([3, 13, 23]);
    expect(await ids(collection, { tags: { $all: [2, 4] } })).toEqual([14, 29, 44]);
  });

  it('do not join the bounds of different array elements', async () => {
    const collection = await scratch.collection([
      { _id: 1 as never, a: [1, 9] },
      { _id: 2 as never, a: [4, 5] },
      { _id: 3 as never, a: 5 },
    ]);
    await collection.createIndex({ a: 1 });
    expect(await ids(collection, { a: { $gt: 3, $lt: 6 } })).toEqual([1, 2, 3].slice(0, 3));
    expect(await ids(collection, { a: { $elemMatch: { $gt: 3, $lt: 6 } } })).toEqual([2]);
  });

  it('find null, missing fields and whole arrays', async () => {
    const collection = await scratch.collection([
      { _id: 1 as never },
      { _id: 2 as never, a: null },
      { _id: 3 as never, a: [] },
      { _id: 4 as never, a: [1, 2] },
      { _id: 5 as never, a: [[1, 2]] },
    ]);
    await collection.createIndex({ a: 1 });
    expect(await ids(collection, { a: null })).toEqual([1, 2]);
    expect(await ids(collection, { a: [] })).toEqual([3]);
    expect(await ids(collection, { a: [1, 2] })).toEqual([4, 5]);
    expect(await ids(collection, { a: { $exists: true } })).toEqual([2, 3, 4, 5]);
    expect(await ids(collection, { a: { $ne: null } })).toEqual([3, 4, 5]);
  });

  it('follow updates and deletes', async () => {
    const collection = await scratch.collection([
      { _id: 1 as never, a: [1, 2] },
      { _id: 2 as never, a: 3 },
    ]);
    await collection.createIndex({ a: 1 });
    await collection.updateOne({ _id: 1 as never }, { $set: { a: [2, 7] } });
    expect(await ids(collection, { a: 1 })).toEqual([]);
    expect(await ids(collection, { a: 7 })).toEqual([1]);
    await collection.deleteOne({ a: 3 });
    expect(await ids(collection, { a: { $gt: 0 } })).toEqual([1]);
  });

  it('are not used where a sparse or partial one would leave documents out', async () => {
    const collection = await scratch.collection([{ _id: 1 as never, a: 1 }, { _id: 2 as never }]);
    await collection.createIndex({ a: 1 }, { sparse: true });
    expect(await ids(collection, {}, { a: 1 })).toEqual([2, 1]);
    expect(await ids(collection, { a: null })).toEqual([2]);
    expect(await indexUsed(collection, { a: 1 })).toBe('a_1');
    const partial = await scratch.collection([
      { _id: 1 as never, a: 1, n: 5 },
      { _id: 2 as never, a: 1, n: 1 },
    ]);
    await partial.createIndex({ a: 1 }, { partialFilterExpression: { n: { $gt: 3 } } });
    expect(await ids(partial, { a: 1 })).toEqual([1, 2]);
    expect(await indexUsed(partial, { a: 1, n: { $gt: 4 } })).toBe('a_1');
    expect(await indexUsed(partial, { a: 1, n: { $gt: 2 } })).toBeUndefined();
  });

  it('can be named by a hint, and only if they exist', async () => {
    const collection = await scratch.collection([{ _id: 1 as never, a: 1 }, { _id: 2 as never }]);
    await collection.createIndex({ a: 1 }, { sparse: true });
    expect((await collection.find().hint('a_1').toArray()).map(({ _id }) => Number(_id))).toEqual([
      1,
    ]);
    await expectCode(collection.find().hint('nope').toArray(), 2);
    await expectCode(collection.find().hint({ b: 1 }).toArray(), 2);
  });
});

describe('index management', () => {
  it('lists what was made', async () => {
    const collection = await scratch.collection();
    expect(await collection.createIndex({ a: 1, b: -1 })).toBe('a_1_b_-1');
    await collection.createIndex({ c: 1 }, { name: 'mine', unique: true });
    const { cursor } = await scratch.db.command(
      { listIndexes: collection.collectionName },
      AS_STORED,
    );
    expectTyped((cursor as Document).firstBatch, [
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1, b: -1 }, name: 'a_1_b_-1' },
      { v: 2, key: { c: 1 }, name: 'mine', unique: true },
    ]);
  });

  it('makes the same index once, and counts', async () => {
    const collection = await scratch.collection();
    const create = (): Promise<Document> =>
      scratch.db.command(
        { createIndexes: collection.collectionName, indexes: [{ key: { a: 1 }, name: 'a_1' }] },
        AS_STORED,
      );
    const { numIndexesBefore, numIndexesAfter } = await create();
    expectTyped([numIndexesBefore, numIndexesAfter], [1, 2]);
    const again = await create();
    expectTyped(
      [again.numIndexesBefore, again.numIndexesAfter, again.note],
      [2, 2, 'all indexes already exist'],
    );
  });

  it('refuses the same index twice in one command', async () => {
    const create = (name: string): Promise<Document> => {
      const index = { key: { a: 1 }, name: 'a_1' };
      return scratch.db.command({ createIndexes: name, indexes: [index, index] });
    };
    const empty = await scratch.collection();
    await expectCode(create(empty.collectionName), 68);
    const filled = await scratch.collection([{ a: 1 }]);
    await expectCode(create(filled.collectionName), 96);
    expect((await filled.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });

  it('refuses contradictions', async () => {
    const collection = await scratch.collection();
    await collection.createIndex({ a: 1 }, { name: 'one' });
    await expectCode(collection.createIndex({ a: 1 }, { name: 'two' }), 85);
    await expectCode(collection.createIndex({ b: 1 }, { name: 'one' }), 86);
    await expectCode(collection.createIndex({}), 67);
    await expectCode(collection.createIndex({ a: 'foo' as never }), 67);
    await expectCode(collection.createIndex({ c: 0 as never }), 67);
    await expectCode(
      collection.createIndex({ c: 1 }, { sparse: true, partialFilterExpression: { a: 1 } }),
      67,
    );
    await expectCode(
      collection.createIndex({ c: 1 }, { partialFilterExpression: { a: { $ne: 1 } } }),
      67,
    );
    await expectCode(collection.createIndex({ c: 1 }, { partialFilterExpression: { a: /x/ } }), 67);
    await expectCode(collection.dropIndex('nope'), 27);
    await expectCode(collection.dropIndex('_id_'), 72);
    await expectCode(scratch.db.collection('nowhere').indexes(), 26);
  });

  // The manual, createIndexes: since 5.0, unique and sparse are part of what an index is.
  it('takes several indexes with one key that differ in unique, sparse or the partial filter', async () => {
    const collection = await scratch.collection();
    const names = [
      await collection.createIndex({ a: 1 }),
      await collection.createIndex({ a: 1 }, { name: 'unique', unique: true }),
      await collection.createIndex({ a: 1 }, { name: 'sparse', sparse: true }),
      await collection.createIndex({ a: 1 }, { name: 'both', unique: true, sparse: true }),
      await collection.createIndex(
        { a: 1 },
        { name: 'partial', partialFilterExpression: { b: { $gt: 1 } } },
      ),
    ];
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_', ...names]);
    await expectCode(collection.createIndex({ a: 1 }, { name: 'other', sparse: true }), 85);
    for (const options of [
      { unique: true },
      { sparse: true },
      { partialFilterExpression: { b: 1 } },
    ]) {
      await expectCode(collection.createIndex({ a: 1 }, { name: 'a_1', ...options }), 86);
    }
    await collection.insertMany([{ _id: 1 as never, a: 1 }, { _id: 2 as never }]);
    await expectCode(collection.insertOne({ a: 1 }), 11000);
    expect(await ids(collection, { a: 1 })).toEqual([1]);
    expect(await ids(collection, { a: null })).toEqual([2]);
    expect(await collection.find({}).hint('sparse').toArray()).toHaveLength(1);
    await expectCode(collection.find({}).hint({ a: 1 }).toArray(), 27);
    const byKey = { dropIndexes: collection.collectionName, index: { a: 1 } };
    await expectCode(scratch.db.command(byKey), 181);
  });

  it('does not take a hidden index for a hint', async () => {
    const collection = await scratch.collection([{ a: 1 }]);
    await collection.createIndex({ a: 1 }, { hidden: true });
    await expectCode(collection.find({}).hint('a_1').toArray(), 2);
    await expectCode(collection.find({}).hint({ a: 1 }).toArray(), 2);
    await collection.createIndex({ a: 1 }, { name: 'shown', sparse: true });
    expect(await collection.find({}).hint({ a: 1 }).toArray()).toHaveLength(1);
  });

  it('refuses documents with arrays in two fields of a compound index', async () => {
    const collection = await scratch.collection([{ a: [1], b: 1 }]);
    await collection.createIndex({ a: 1, b: 1 });
    await expectCode(collection.insertOne({ a: [1], b: [2] }), 171);
    await expectCode(collection.updateOne({}, { $set: { b: [1] } }), 171);
    const full = await scratch.collection([{ a: [1], b: [1] }]);
    await expectCode(full.createIndex({ a: 1, b: 1 }), 171);
  });

  it('refuses documents in which a number could be a position or a name', async () => {
    const collection = await scratch.collection();
    await collection.createIndex({ 'a.0': 1 });
    await collection.insertOne({ _id: 1 as never, a: [5, 6] });
    await collection.insertOne({ _id: 2 as never, a: { 0: 5 } });
    await expectCode(collection.insertOne({ a: [{ 0: 5 }, 7] }), 16746);
    expect(await ids(collection, { 'a.0': 5 })).toEqual([1, 2]);
  });

  it('drops one, by name or key, or all but _id', async () => {
    const collection = await scratch.collection();
    await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }]);
    await collection.dropIndex('a_1');
    await scratch.db.command({ dropIndexes: collection.collectionName, index: { b: 1 } });
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_', 'c_1']);
    await collection.dropIndexes();
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });
});

describe('collections', () => {
  it('are created, listed and dropped', async () => {
    await scratch.db.createCollection('made');
    await expectCode(scratch.db.command({ create: 'made', capped: true, size: 4096 }), 48).catch(
      async () => {
        // Servers differ in whether they look at the options or the name first.
        await expectCode(scratch.db.command({ create: 'made', capped: true, size: 4096 }), 115);
      },
    );
    const names = (await scratch.db.listCollections({}, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    );
    expect(names).toContain('made');
    expect(await scratch.db.dropCollection('made')).toBe(true);
    const after = (await scratch.db.listCollections({ name: 'made' }).toArray()).map(
      ({ name }) => name,
    );
    expect(after).toEqual([]);
  });

  it('refuses names that are none', async () => {
    await expectCode(scratch.db.command({ create: '' }), 73);
    await expectCode(scratch.db.command({ create: '$bad' }), 73);
    await expectCode(scratch.db.command({ insert: '', documents: [{}] }), 73);
  });
});
