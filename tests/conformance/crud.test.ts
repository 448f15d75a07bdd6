import {
  Decimal128,
  Binary,
  type Document,
  Int32,
  Long,
  type MongoBulkWriteError,
  ObjectId,
  Timestamp,
} from 'mongodb';
import { expectCode, expectTyped, expectWriteError, serverError, stored } from './expectations.ts';
import { AS_STORED, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

describe('insert', () => {
  it('answers how many it inserted and puts _id first', async () => {
    const collection = await scratch.collection();
    const reply = await scratch.db.command(
      { insert: collection.collectionName, documents: [{ a: 1, _id: 5 }, { b: 2 }] },
      AS_STORED,
    );
    expectTyped(reply.n, 2);
    const [first, second] = await collection.find().sort({ _id: 1 }).toArray();
    expect(Object.keys(first ?? {})).toEqual(['_id', 'a']);
    expect(Object.keys(second ?? {})).toEqual(['_id', 'b']);
    expect(second?._id).toBeInstanceOf(ObjectId);
  });

  it('refuses a second document with the same _id, naming index and key', async () => {
    const collection = await scratch.collection([{ _id: 1 as never }]);
    const error = await expectCode(collection.insertOne({ _id: 1 as never }), 11000);
    expect(error.message).toBe(
      `E11000 duplicate key error collection: ${collection.namespace} index: _id_ dup key: { _id: 1 }`,
    );
    expectTyped(error.keyPattern, { _id: 1 });
    expectTyped(error.keyValue, { _id: 1 });
    // Equal across number types.
    await expectCode(collection.insertOne({ _id: Long.fromNumber(1) as never }), 11000);
  });

  it('stops at the first error when ordered, and goes on when not', async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }] as never[];
    const ordered = await scratch.collection();
    const first = (await serverError(ordered.insertMany(documents))) as MongoBulkWriteError;
    expect(first.code).toBe(11000);
    expect(await ordered.countDocuments()).toBe(1);
    const unordered = await scratch.collection();
    const second = (await serverError(
      unordered.insertMany(documents, { ordered: false }),
    )) as MongoBulkWriteError;
    expect([second.writeErrors].flat().map(({ index }) => index)).toEqual([1]);
    expect(await unordered.countDocuments()).toBe(2);
  });

  it('takes null for an _id, wherever it stands', async () => {
    const collection = await scratch.collection();
    const insert = (documents: Document[]): Promise<Document> =>
      scratch.db.command({ insert: collection.collectionName, documents });
    expect(await insert([{ a: 1, _id: null }])).toMatchObject({ n: 1 });
    expectTyped(await stored(collection), [{ _id: null, a: 1 }]);
    const { writeErrors } = await insert([{ _id: null, a: 2 }]);
    expect(writeErrors).toMatchObject([{ code: 11000 }]);
  });

  it('refuses values that cannot be an _id', async () => {
    const collection = await scratch.collection();
    await expectCode(collection.insertOne({ _id: [1] as never }), 53);
    await expectCode(collection.insertOne({ _id: /a/ as never }), 53);
    await expectCode(collection.insertOne({ _id: { $a: 1 } as never }), 52);
  });

  it('replaces an empty timestamp at the top by the time', async () => {
    const collection = await scratch.collection([
      {
        _id: 1 as never,
        at: new Timestamp({ t: 0, i: 0 }),
        in: { at: new Timestamp({ t: 0, i: 0 }) },
      },
    ]);
    const found = await collection.findOne({}, AS_STORED);
    expect((found?.at as Timestamp).t).toBeGreaterThan(0);
    expectTyped(found?.in, { at: new Timestamp({ t: 0, i: 0 }) });
  });

  it('refuses an empty batch', async () => {
    const collection = await scratch.collection();
    await expectCode(scratch.db.command({ insert: collection.collectionName, documents: [] }), 16);
  });

  it('keeps integer-like field names where they are', async () => {
    const collection = await scratch.collection();
    await collection.insertOne(
      new Map<string, unknown>([
        ['b', 1],
        ['1', 2],
        ['0', 3],
      ]) as never,
    );
    const [found] = await collection.find({}, { raw: true }).toArray();
    const text = Buffer.from(found as unknown as Uint8Array).toString('latin1');
    expect(text.indexOf('b\0')).toBeLessThan(text.indexOf('1\0'));
    expect(text.indexOf('1\0')).toBeLessThan(text.indexOf('0\0'));
  });
});

describe('find', () => {
  it('filters, sorts, skips, limits and projects', async () => {
    const collection = await scratch.collection(
      [1, 2, 3, 4, 5].map((n) => ({ _id: n as never, n, even: n % 2 === 0 })),
    );
    const found = await collection
      .find({ n: { $gt: 1 } }, AS_STORED)
      .sort({ n: -1 })
      .skip(1)
      .limit(2)
      .project({ n: 1, _id: 0 })
      .toArray();
    expectTyped(found, [{ n: 4 }, { n: 3 }]);
    expect(await collection.findOne({ n: 9 })).toBeNull();
  });

  it('finds nothing in a collection that does not exist', async () => {
    expect(await scratch.db.collection('nowhere').find().toArray()).toEqual([]);
    expect(await scratch.db.collection('nowhere').countDocuments()).toBe(0);
  });

  it('returns documents in the order of $natural, both ways', async () => {
    const collection = await scratch.collection([3, 1, 2].map((n) => ({ _id: n as never })));
    const ids = async (direction: 1 | -1): Promise<unknown[]> =>
      (await collection.find().sort({ $natural: direction }).toArray()).map(({ _id }) =>
        Number(_id),
      );
    expect((await ids(1)).toSorted()).toEqual([1, 2, 3]);
    expect(await ids(-1)).toEqual((await ids(1)).toReversed());
  });

  it('refuses fields of the command that it does not know', async () => {
    const collection = await scratch.collection();
    await expectCode(scratch.db.command({ find: collection.collectionName, foo: 1 }), 40415);
  });

  it('refuses concerns that it cannot read', async () => {
    const find = { find: (await scratch.collection()).collectionName };
    await expectCode(scratch.db.command({ ...find, readConcern: { level: 'foo' } }), 2);
    await expectCode(scratch.db.command({ ...find, readConcern: { foo: 1 } }), 40415);
    const insert = { insert: find.find, documents: [{}] };
    await expectCode(scratch.db.command({ ...insert, writeConcern: { foo: 1 } }), 40415);
    await scratch.db.command({ ...insert, writeConcern: { w: 1, j: true, wtimeout: 100 } });
  });

  it('projects by $slice, $elemMatch and position', async () => {
    const collection = await scratch.collection([
      { _id: 1 as never, a: [1, 2, 3], b: [{ x: 1 }, { x: 2 }], c: 0 },
    ]);
    const project = (projection: object, filter = {}): Promise<unknown> =>
      collection.findOne(filter, { projection, ...AS_STORED });
    expectTyped(await project({ a: { $slice: -1 }, b: 0, c: 0 }), { _id: 1, a: [3] });
    expectTyped(await project({ b: { $elemMatch: { x: 2 } } }), { _id: 1, b: [{ x: 2 }] });
    expectTyped(await project({ 'b.$': 1 }, { 'b.x': 2 }), { _id: 1, b: [{ x: 2 }] });
    expectTyped(await project({ 'b.x': 1 }), { _id: 1, b: [{ x: 1 }, { x: 2 }] });
    await expectCode(project({ a: 1, b: 0 }), 31254);
    await expectCode(project({ 'a.$': 1 }, { c: 0 }), 31277);
  });
});

describe('$expr and let', () => {
  it('ask about several fields of one document', async () => {
    const collection = await scratch.collection([
      { _id: 1 as never, a: 1, b: 2 },
      { _id: 2 as never, a: 3, b: 2 },
    ]);
    const found = await collection.find({ $expr: { $gt: ['$a', '$b'] } }, AS_STORED).toArray();
    expectTyped(found, [{ _id: 2, a: 3, b: 2 }]);
    const or = { $or: [{ $expr: { $eq: ['$a', 9] } }, { b: 2 }] };
    expect(await collection.countDocuments(or)).toBe(2);
    await expectCode(collection.find({ a: { $elemMatch: { $expr: true } } }).toArray(), 2);
    await expectCode(
      collection.updateOne({ $expr: false }, { $set: { x: 1 } }, { upsert: true }),
      2,
    );
  });

  it('take every number but zero for true, however small', async () => {
    const collection = await scratch.collection(
      ['1E-6000', '-1E-6000', '0E+10', '-0.00'].map((text, _id) => ({
        _id: _id as never,
        n: Decimal128.fromString(text),
      })),
    );
    const found = await collection.find({ $expr: '$n' as never }).toArray();
    expect(found.map(({ _id }) => Number(_id))).toEqual([0, 1]);
  });

  it('may draw a number', async () => {
    const collection = await scratch.collection([{}, {}]);
    const drawn = await collection
      .aggregate([{ $project: { _id: 0, r: '$$r' } }], { let: { r: { $rand: {} } } })
      .toArray();
    expect(drawn[0]?.r).toEqual(drawn[1]?.r);
    expect(drawn[0]?.r).toBeGreaterThanOrEqual(0);
    expect(drawn[0]?.r).toBeLessThan(1);
  });

  it('name constants of the command', async () => {
    const collection = await scratch.collection([{ _id: 1 as never }, { _id: 2 as never }]);
    const filter = { $expr: { $eq: ['$_id', '$$id'] } };
    const options = { let: { id: { $add: [1, 1] } } };
    const found = await collection.find(filter, { ...options, ...AS_STORED }).toArray();
    expectTyped(found, [{ _id: 2 }]);
    const aggregated = await collection
      .aggregate([{ $match: filter }, { $project: { x: '$$id' } }], { ...options, ...AS_STORED })
      .toArray();
    expectTyped(aggregated, [{ _id: 2, x: 2 }]);
    const modified = await collection.findOneAndUpdate(
      filter,
      { $set: { y: 1 } },
      {
        ...options,
        ...AS_STORED,
        returnDocument: 'after',
      },
    );
    expectTyped(modified, { _id: 2, y: 1 });
    expect((await collection.deleteOne(filter, options)).deletedCount).toBe(1);
    await expectCode(collection.find(filter).toArray(), 17276);
  });
});

describe('count and distinct', () => {
  it('counts with skip and limit', async () => {
    const collection = await scratch.collection([1, 2, 3, 4].map((n) => ({ n })));
    expect(await collection.countDocuments({ n: { $gt: 1 } })).toBe(3);
    expect(await collection.countDocuments({}, { skip: 1, limit: 2 })).toBe(2);
    expect(await collection.estimatedDocumentCount()).toBe(4);
    const reply = await scratch.db.command(
      { count: collection.collectionName, query: { n: 1 } },
      AS_STORED,
    );
    expectTyped(reply.n, new Int32(1));
  });

  it('lists distinct values, elements of arrays one by one', async () => {
    const collection = await scratch.collection([
      { a: 1 },
      { a: [1, 2] },
      { a: new Long(2) },
      {},
      { a: null },
      { b: { c: 5 } },
    ]);
    const distinct = await collection.distinct('a');
    expect(distinct.map(String).toSorted()).toEqual(['1', '2', 'null']);
    expect((await collection.distinct('b.c')).map(Number)).toEqual([5]);
    expect(await collection.distinct('a', { a: 9 })).toEqual([]);
  });
});

describe('distinct of a path with a number', () => {
  it('means the position in an array, and the name in a document', async () => {
    const collection = await scratch.collection([
      { a: [{ 0: 'name' }, 'second'] },
      { a: { 1: 'field' } },
    ]);
    expect(await collection.distinct('a.0')).toEqual([{ 0: 'name' }]);
    expect((await collection.distinct('a.1')).toSorted()).toEqual(['field', 'second']);
  });
});

describe('delete', () => {
  it('deletes one or all that match', async () => {
    const collection = await scratch.collection([1, 1, 1, 2].map((n) => ({ n })));
    expect(Number((await collection.deleteOne({ n: 1 })).deletedCount)).toBe(1);
    expect(Number((await collection.deleteMany({ n: 1 })).deletedCount)).toBe(2);
    expect(Number((await collection.deleteMany({ n: 7 })).deletedCount)).toBe(0);
    expect(await collection.countDocuments()).toBe(1);
    await expectCode(
      scratch.db.command({ delete: collection.collectionName, deletes: [{ q: {}, limit: 2 }] }),
      9,
    );
  });
});

describe('update', () => {
  it('says what matched, what changed and what was upserted', async () => {
    const collection = await scratch.collection([
      { _id: 1 as never, a: 1 },
      { _id: 2 as never, a: 1 },
    ]);
    const send = (q: object, u: object, options: object = {}): Promise<Document> =>
      scratch.db.command(
        { update: collection.collectionName, updates: [{ q, u, ...options }] },
        AS_STORED,
      );
    const reply = async (q: object, u: object, options: object = {}): Promise<unknown> => {
      const { n, nModified, upserted } = await send(q, u, options);
      return { n, nModified, ...(upserted ? { upserted } : {}) };
    };
    expectTyped(await reply({ a: 1 }, { $set: { a: 1 } }), { n: 1, nModified: 0 });
    expectTyped(await reply({ a: 1 }, { $set: { a: 2 } }, { multi: true }), { n: 2, nModified: 2 });
    expectTyped(await reply({ _id: 9 }, { $set: { a: 2 } }), { n: 0, nModified: 0 });
    expectTyped(await reply({ _id: 9 }, { $set: { a: 2 } }, { upsert: true }), {
      n: 1,
      nModified: 0,
      upserted: [{ index: 0, _id: 9 }],
    });
    expectTyped(await reply({ _id: 9 }, { b: 1 }), { n: 1, nModified: 1 });
    expectTyped(await collection.findOne({ _id: 9 as never }, AS_STORED), { _id: 9, b: 1 });
    await expectWriteError(send({}, { a: 1 }, { multi: true }), 9);
  });

  it('refuses the whole command where a statement cannot be read, before any has run', async () => {
    const collection = await scratch.collection([{ _id: 1 as never, a: 1 }]);
    const update = { q: { _id: 1 }, u: { $inc: { a: 1 } } };
    for (const [bad, code] of [
      [{ ...update, foo: 1 }, 40415],
      [{ q: {} }, 40414],
      [{ u: { $set: { a: 2 } } }, 40414],
      [{ ...update, q: 'x' }, 14],
      [{ ...update, u: 1 }, 9],
      [{ ...update, multi: 'x' }, 14],
      [{ ...update, arrayFilters: 1 }, 14],
      [{ ...update, hint: 1 }, 9],
    ] as const) {
      const updates = [update, bad];
      const command = { update: collection.collectionName, updates, ordered: false };
      await expectCode(scratch.db.command(command), code);
    }
    for (const [bad, code] of [
      [{ q: {}, limit: 1, foo: 1 }, 40415],
      [{ q: {} }, 40414],
      [{ q: {}, limit: 2 }, 9],
      [{ q: 1, limit: 1 }, 14],
    ] as const) {
      const deletes = [{ q: {}, limit: 0 }, bad];
      const command = { delete: collection.collectionName, deletes, ordered: false };
      await expectCode(scratch.db.command(command), code);
    }
    expectTyped(await stored(collection), [{ _id: 1, a: 1 }]);
  });

  it('answers what a statement means wrongly as its own error, and goes on', async () => {
    const collection = await scratch.collection([{ _id: 1 as never, a: 1 }]);
    const { writeErrors, n } = await scratch.db.command({
      update: collection.collectionName,
      updates: [
        { q: { $foo: 1 }, u: { $set: { a: 2 } } },
        { q: {}, u: { $foo: { a: 2 } } },
        { q: {}, u: { $inc: { a: 1 } } },
      ],
      ordered: false,
    });
    const errors = (writeErrors as Document[]).map(({ index, code }) => [index, code].map(Number));
    expect([Number(n), errors]).toEqual([
      1,
      [
        [0, 2],
        [1, 9],
      ],
    ]);
  });

  it('reports all parts of a bulk', async () => {
    const collection = await scratch.collection([{ _id: 1 as never, a: 1 }]);
    const result = await collection.bulkWrite([
      { insertOne: { document: { _id: 2 as never, a: 1 } } },
      { updateMany: { filter: { a: 1 }, update: { $inc: { a: 1 } } } },
      { updateOne: { filter: { _id: 3 as never }, update: { $set: { a: 0 } }, upsert: true } },
      { replaceOne: { filter: { _id: 1 as never }, replacement: { b: 1 } } },
      { deleteOne: { filter: { _id: 2 as never } } },
      { deleteMany: { filter: { nothing: 1 } } },
    ]);
    expect(
      [
        result.insertedCount,
        result.matchedCount,
        result.modifiedCount,
        result.upsertedCount,
        result.deletedCount,
      ].map(Number),
    ).toEqual([1, 3, 3, 1, 1]);
    expect(Object.values(result.upsertedIds).map(Number)).toEqual([3]);
    expectTyped(await stored(collection), [
      { _id: 1, b: 1 },
      { _id: 3, a: 0 },
    ]);
  });

  it('stores binary, dates and every number type unchanged', async () => {
    const document = {
      _id: 1 as never,
      binary: new Binary(Buffer.from([1, 2]), 128),
      date: new Date(-1),
      long: Long.fromString('9007199254740993'),
      double: -0.5,
    };
    const collection = await scratch.collection([document]);
    expectTyped(await collection.findOne({}, AS_STORED), document);
  });
});
