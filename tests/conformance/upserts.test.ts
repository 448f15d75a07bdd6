import { type Collection, type Document } from 'mongodb';
import { expectTyped, expectWriteError, stored } from './expectations.ts';
import { AS_STORED, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

let collection: Collection<Document>;

beforeAll(async () => {
  collection = await scratch.collection();
});

beforeEach(async () => {
  await collection.deleteMany({});
});

describe('upserts', () => {
  /** [filter, update, the document that comes of it] */
  const upserts: readonly (readonly [Document, Document, Document])[] = [
    [{ _id: 7, a: 1, b: { $gt: 3 } }, { $set: { c: 2 } }, { _id: 7, a: 1, c: 2 }],
    [{ _id: 7, 'a.b': 1 }, { $setOnInsert: { c: 2 } }, { _id: 7, a: { b: 1 }, c: 2 }],
    [{ $and: [{ _id: 7 }, { n: { $eq: 1 } }] }, { $inc: { n: 4 } }, { _id: 7, n: 5 }],
    [{ _id: { $in: [7] } }, { $push: { a: 1 } }, { _id: 7, a: [1] }],
    [{ _id: 7, x: 1 }, { replaced: true }, { _id: 7, replaced: true }],
    [{ x: 1 }, { $set: { _id: 7 } }, { _id: 7, x: 1 }],
    [{ _id: null }, { $set: { a: 1 } }, { _id: null, a: 1 }],
    [{ _id: null }, { a: 1 }, { _id: null, a: 1 }],
    [{ x: 1 }, { _id: null, a: 1 }, { _id: null, a: 1 }],
    [{ x: 1 }, { $setOnInsert: { _id: null } }, { _id: null, x: 1 }],
    [{ _id: null }, [{ $set: { a: 1 } }] as Document, { _id: null, a: 1 }],
  ];

  it.each(upserts)('%j with %j', async (filter, update, expected) => {
    const { upserted } = await scratch.db.command(
      { update: collection.collectionName, updates: [{ q: filter, u: update, upsert: true }] },
      AS_STORED,
    );
    expectTyped(upserted, [{ index: 0, _id: expected._id as unknown }]);
    expectTyped(await stored(collection), [expected]);
  });

  it('makes an ObjectId where nothing gives an _id', async () => {
    const { upsertedId } = await collection.updateOne(
      { a: 1 },
      { $set: { b: 1 } },
      { upsert: true },
    );
    expectTyped(await stored(collection), [{ _id: upsertedId, a: 1, b: 1 }]);
    expect(Object.keys((await collection.findOne({})) ?? {})[0]).toBe('_id');
  });

  it('refuses contradictions', async () => {
    const upsert = (q: Document, u: Document): Promise<unknown> =>
      scratch.db.command({
        update: collection.collectionName,
        updates: [{ q, u, upsert: true }],
      });
    await expectWriteError(upsert({ _id: 1 }, { $set: { _id: 2 } }), 66);
    await expectWriteError(upsert({ $and: [{ a: 1 }, { a: 2 }] }, { $set: { b: 2 } }), 54);
    await expectWriteError(upsert({ a: 1, 'a.b': 2 }, { $set: { c: 2 } }), 54);
    expect(await collection.countDocuments()).toBe(0);
  });
});
