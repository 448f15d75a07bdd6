import { type Collection, type Document } from 'mongodb';
import { expectCode, expectTyped, stored } from './expectations.ts';
import { useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

let collection: Collection<Document>;

beforeAll(async () => {
  collection = await scratch.collection();
});

beforeEach(async () => {
  await collection.deleteMany({});
});

describe('updates by a pipeline', () => {
  /** [before, pipeline, after] */
  const pipelines: readonly (readonly [Document, Document[], Document])[] = [
    [{ x: 1 }, [{ $set: { y: { $add: ['$x', 1] } } }, { $unset: 'x' }], { y: 2 }],
    [
      { t: { u: 1 } },
      [{ $replaceRoot: { newRoot: '$t' } }, { $addFields: { f: 1 } }],
      { u: 1, f: 1 },
    ],
    [{ x: 1, y: 2 }, [{ $project: { x: 1 } }], { x: 1 }],
    [{ a: 1 }, [{ $set: { 'b.c': '$a', d: '$missing' } }], { a: 1, b: { c: 1 } }],
    [
      {},
      [{ $replaceWith: { $setField: { field: { $literal: '$a' }, value: 1, input: '$$ROOT' } } }],
      { $a: 1 },
    ],
    [
      { foo: {} },
      [{ $set: { foo: { $setField: { field: 'a.b', value: 1, input: '$foo' } } } }],
      { foo: { 'a.b': 1 } },
    ],
  ];

  it.each(pipelines)('%j through %j', async (before, pipeline, after) => {
    await collection.insertOne({ _id: 1 as never, ...before });
    expect((await collection.updateOne({}, pipeline)).modifiedCount).toBe(1);
    expectTyped(await stored(collection), [{ _id: 1, ...after }]);
    const again = await collection.updateMany({}, [{ $set: { _id: 1 } }]);
    expect([again.matchedCount, again.modifiedCount]).toEqual([1, 0]);
  });

  it('upserts from the equalities of the filter', async () => {
    await collection.updateOne({ _id: 7 as never, a: 1 }, [{ $set: { b: '$a' } }], {
      upsert: true,
    });
    expectTyped(await stored(collection), [{ _id: 7, a: 1, b: 1 }]);
  });

  it('knows the variables of let', async () => {
    await collection.insertOne({ _id: 1 as never });
    await collection.updateOne({ $expr: { $eq: ['$_id', '$$id'] } }, [{ $set: { x: '$$x' } }], {
      let: { id: 1, x: 'foo' },
    });
    expectTyped(await stored(collection), [{ _id: 1, x: 'foo' }]);
  });

  it('refuses other stages and another _id', async () => {
    await collection.insertOne({ _id: 1 as never });
    await expectCode(collection.updateOne({}, [{ $match: {} }]), 72);
    await expectCode(collection.updateOne({}, [{ $set: { _id: 2 } }]), 66);
    await expectCode(collection.updateOne({}, [{ $foo: {} }]), 40324);
  });
});
