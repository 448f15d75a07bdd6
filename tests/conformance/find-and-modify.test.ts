import { type Collection, type Document } from 'mongodb';
import { expectCode, expectTyped, stored } from './expectations.ts';
import { AS_STORED, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

describe('findAndModify', () => {
  let collection: Collection<Document>;

  const run = (command: Document): Promise<Document> =>
    scratch.db.command({ findAndModify: collection.collectionName, ...command }, AS_STORED);

  beforeEach(async () => {
    collection = await scratch.collection([
      { _id: 1 as never, n: 1 },
      { _id: 2 as never, n: 2 },
      { _id: 3 as never, n: 3 },
    ]);
  });

  it('answers the document before or after the update', async () => {
    const before = await run({ query: { n: 1 }, update: { $inc: { n: 10 } } });
    expectTyped(before.value, { _id: 1, n: 1 });
    expectTyped(before.lastErrorObject, { n: 1, updatedExisting: true });
    const after = await run({ query: { _id: 1 }, update: { $inc: { n: 10 } }, new: true });
    expectTyped(after.value, { _id: 1, n: 21 });
  });

  it('chooses by sort and projects with fields', async () => {
    const { value } = await run({
      query: {},
      sort: { n: -1 },
      update: { $set: { last: true } },
      new: true,
      fields: { n: 1, _id: 0 },
    });
    expectTyped(value, { n: 3 });
    expectTyped(
      (await collection.findOne({ last: true }, AS_STORED))?._id,
      (await stored(collection))[2]?._id,
    );
  });

  it('removes', async () => {
    const removed = await run({ query: { n: 2 }, remove: true });
    expectTyped(removed.value, { _id: 2, n: 2 });
    expectTyped(removed.lastErrorObject, { n: 1 });
    expect(await collection.countDocuments()).toBe(2);
  });

  it('answers null where nothing matched', async () => {
    const missed = await run({ query: { n: 9 }, update: { $set: { x: 1 } } });
    expectTyped(missed.value, null);
    expectTyped(missed.lastErrorObject, { n: 0, updatedExisting: false });
    expectTyped((await run({ query: { n: 9 }, remove: true })).lastErrorObject, { n: 0 });
  });

  it('upserts, answering null or the new document', async () => {
    const old = await run({ query: { _id: 8 }, update: { $set: { x: 1 } }, upsert: true });
    expectTyped(old.value, null);
    expectTyped(old.lastErrorObject, { n: 1, updatedExisting: false, upserted: 8 });
    const made = await run({ query: { _id: 9 }, update: { x: 1 }, upsert: true, new: true });
    expectTyped(made.value, { _id: 9, x: 1 });
  });

  it('takes array filters and positions', async () => {
    await collection.insertOne({ _id: 4 as never, a: [1, 5] });
    const { value } = await run({
      query: { _id: 4 },
      update: { $set: { 'a.$[big]': 0 } },
      arrayFilters: [{ big: { $gt: 3 } }],
      new: true,
    });
    expectTyped(value, { _id: 4, a: [1, 0] });
    const positional = await run({
      query: { _id: 4, a: 1 },
      update: { $inc: { 'a.$': 1 } },
      new: true,
    });
    expectTyped(positional.value, { _id: 4, a: [2, 0] });
  });

  it('refuses contradictory requests', async () => {
    await expectCode(run({ query: {}, remove: true, update: { $set: { a: 1 } } }), 9);
    await expectCode(run({ query: {} }), 9);
    await expectCode(run({ query: {}, remove: true, new: true }), 9);
    await expectCode(run({ query: {}, remove: true, upsert: true }), 9);
    await expectCode(run({ query: { _id: 1 }, update: { $set: { _id: 5 } } }), 66);
  });

  it('lets exactly one of many take each document', async () => {
    const takers = Array.from({ length: 12 }, () =>
      collection.findOneAndDelete({}, { sort: { n: 1 } }),
    );
    const taken = (await Promise.all(takers)).flatMap((document) =>
      document ? [Number(document._id)] : [],
    );
    expect(taken.toSorted()).toEqual([1, 2, 3]);
  });
});
