import {
  type Collection,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  type UpdateOptions,
} from 'mongodb';
import { expectCode, expectTyped, expectWriteError, stored } from './expectations.ts';
import { useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

interface UpdateCase {
  readonly before: Document;
  readonly update: Document;
  readonly after: Document;
  readonly filter?: Document;
  readonly options?: UpdateOptions;
}

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);

/** From MongoDB's manual of update operators. */
const CASES: Readonly<Record<string, UpdateCase>> = {
  '$set makes documents on its way': {
    before: {},
    update: { $set: { 'a.b.c': 1 } },
    after: { a: { b: { c: 1 } } },
  },
  '$set writes into arrays by position and fills with null': {
    before: { a: [1] },
    update: { $set: { 'a.3': 4, 'a.0': 0 } },
    after: { a: [0, null, null, 4] },
  },
  'fields are set in lexicographic order, numbers by value': {
    before: {},
    update: { $set: { b: 1, a: 2, 'c.x10': 1, 'c.x9': 2 } },
    after: { a: 2, b: 1, c: { x10: 1, x9: 2 } },
  },
  'a field keeps its place': {
    before: { a: 1, b: 2 },
    update: { $set: { a: 3 } },
    after: { a: 3, b: 2 },
  },
  $unset: {
    before: { a: 1, b: { c: 1 }, d: [1, 2] },
    update: { $unset: { a: '', 'b.c': '', 'd.0': '', x: '' } },
    after: { b: {}, d: [null, 2] },
  },
  '$inc widens an int': {
    before: { a: new Int32(2147483647) },
    update: { $inc: { a: 1 } },
    after: { a: Long.fromString('2147483648') },
  },
  '$inc with a double': {
    before: { a: 1 },
    update: { $inc: { a: 0.5 } },
    after: { a: new Double(1.5) },
  },
  '$inc of a decimal is exact': {
    before: { a: decimal('0.1') },
    update: { $inc: { a: decimal('0.2') } },
    after: { a: decimal('0.3') },
  },
  '$inc of a long': {
    before: { a: 1 },
    update: { $inc: { a: Long.fromNumber(1) } },
    after: { a: Long.fromNumber(2) },
  },
  '$inc sets a missing field': {
    before: {},
    update: { $inc: { a: Long.fromNumber(7) } },
    after: { a: Long.fromNumber(7) },
  },
  $mul: {
    before: { a: 3, b: new Int32(2147483647) },
    update: { $mul: { a: 1.5, b: 2, c: 5 } },
    after: { a: new Double(4.5), b: Long.fromString('4294967294'), c: 0 },
  },
  '$min and $max': {
    before: { a: 5, b: 5 },
    update: { $min: { a: 3, c: 1 }, $max: { b: 9 } },
    after: { a: 3, b: 9, c: 1 },
  },
  '$min across types': { before: { a: 'x' }, update: { $min: { a: 100 } }, after: { a: 100 } },
  '$max of an equal value changes nothing': {
    before: { a: 5 },
    update: { $max: { a: new Double(5) } },
    after: { a: 5 },
  },
  $rename: {
    before: { a: 1, b: 2 },
    update: { $rename: { a: 'c.d', x: 'y' } },
    after: { b: 2, c: { d: 1 } },
  },
  $push: { before: { a: [1] }, update: { $push: { a: 2, b: 3 } }, after: { a: [1, 2], b: [3] } },
  '$push with $each, $position, $sort and $slice': {
    before: { a: [5, 1] },
    update: { $push: { a: { $each: [3, 4], $position: 0, $sort: -1, $slice: 3 } } },
    after: { a: [5, 4, 3] },
  },
  '$push sorts documents by a field': {
    before: { a: [{ s: 2 }, { s: 9 }] },
    update: { $push: { a: { $each: [{ s: 5 }], $sort: { s: 1 }, $slice: -2 } } },
    after: { a: [{ s: 5 }, { s: 9 }] },
  },
  $addToSet: {
    before: { a: [1] },
    update: { $addToSet: { a: { $each: [1, 2, 2, new Double(1)] }, b: 1 } },
    after: { a: [1, 2], b: [1] },
  },
  '$addToSet of an array adds one element': {
    before: { a: [] },
    update: { $addToSet: { a: [1] } },
    after: { a: [[1]] },
  },
  $pop: {
    before: { a: [1, 2, 3], b: [1, 2, 3] },
    update: { $pop: { a: 1, b: -1 } },
    after: { a: [1, 2], b: [2, 3] },
  },
  '$pull by value, condition and fields': {
    before: { a: [1, 2, 1], b: [1, 5, 9], c: [{ x: 1, y: 1 }, { x: 2 }] },
    update: { $pull: { a: 1, b: { $gte: 5 }, c: { x: 1 } } },
    after: { a: [2], b: [1], c: [{ x: 2 }] },
  },
  $pullAll: { before: { a: [1, 2, 3, 2] }, update: { $pullAll: { a: [2, 3] } }, after: { a: [1] } },
  $bit: {
    before: { a: 13, b: 5 },
    update: { $bit: { a: { and: 10 }, b: { or: 2 }, c: { xor: 6 } } },
    after: { a: 8, b: 7, c: 6 },
  },
  // The manual: fields with names are processed in lexicographic order; MongoDB's strings are UTF-8.
  'new fields in the order of their names': {
    before: {},
    update: { $set: { '\u{1F600}': 1, '\uFF5E': 2, b: 3, a: 4 } },
    after: { a: 4, b: 3, '\uFF5E': 2, '\u{1F600}': 1 },
  },
  'the positional $': {
    before: { a: [{ x: 1 }, { x: 2 }] },
    filter: { 'a.x': 2 },
    update: { $set: { 'a.$.y': 9 } },
    after: { a: [{ x: 1 }, { x: 2, y: 9 }] },
  },
  'the positional $ beside an $or': {
    before: { a: [4, 5], x: [0, 0, 1], z: 3 },
    filter: { a: 5, $or: [{ x: 1, y: 2 }, { z: 3 }] },
    update: { $set: { 'a.$': 9 } },
    after: { a: [4, 9], x: [0, 0, 1], z: 3 },
  },
  'all positions': {
    before: { a: [1, 2] },
    update: { $inc: { 'a.$[]': 10 } },
    after: { a: [11, 12] },
  },
  'array filters': {
    before: {
      a: [
        { g: 1, m: [1, 2] },
        { g: 5, m: [3] },
      ],
    },
    update: { $set: { 'a.$[big].ok': true, 'a.$[].m.$[odd]': 0 } },
    options: { arrayFilters: [{ 'big.g': { $gt: 3 } }, { odd: { $mod: [2, 1] } }] },
    after: {
      a: [
        { g: 1, m: [0, 2] },
        { g: 5, m: [0], ok: true },
      ],
    },
  },
  '$setOnInsert does nothing on an update': {
    before: { a: 1 },
    update: { $setOnInsert: { b: 1 }, $set: { a: 2 } },
    after: { a: 2 },
  },
  'dollar names inside values are stored': {
    before: {},
    update: { $set: { a: { $b: 1 } } },
    after: { a: { $b: 1 } },
  },
};

/** [document, update, code] */
const REFUSED: readonly (readonly [Document, Document, number])[] = [
  [{ a: 'x' }, { $inc: { a: 1 } }, 14],
  [{ a: null }, { $inc: { a: 1 } }, 14],
  [{ a: 1 }, { $inc: { a: 'x' } }, 14],
  [{ a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  [{ a: 'x' }, { $mul: { a: 1 } }, 14],
  [{ a: 1 }, { $push: { a: 1 } }, 2],
  [{ a: 1 }, { $addToSet: { a: 1 } }, 2],
  [{ a: 1 }, { $pop: { a: 1 } }, 14],
  [{ a: [1] }, { $pop: { a: 2 } }, 9],
  [{ a: 1 }, { $pull: { a: 1 } }, 2],
  [{ a: 1 }, { $pullAll: { a: 1 } }, 2],
  [{ a: 1.5 }, { $bit: { a: { and: 1 } } }, 2],
  [{ a: 1 }, { $set: { 'a.b': 1 } }, 28],
  [{ a: [1] }, { $set: { 'a.b': 1 } }, 28],
  [{ a: [1] }, { $rename: { 'a.0': 'b' } }, 2],
  [{}, { $rename: { a: 'a' } }, 2],
  [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  [{}, { $set: { a: 1, 'a.b': 1 } }, 40],
  [{}, { $rename: { a: 'b' }, $set: { b: 1 } }, 40],
  [{}, { $set: { _id: 99 } }, 66],
  [{}, { $unset: { _id: 1 } }, 66],
  [{}, { $set: { '': 1 } }, 56],
  [{}, { $set: { 'a..b': 1 } }, 56],
  [{}, { $foo: { a: 1 } }, 9],
  [{}, { $set: 1 }, 9],
  [{ a: [1] }, { $set: { 'a.$': 1 } }, 2],
  [{ a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
  [{}, { $set: { 'a.$[]': 1 } }, 2],
  [{}, { $currentDate: { a: 1 } }, 2],
];

describe('updates', () => {
  let collection: Collection<Document>;

  beforeAll(async () => {
    collection = await scratch.collection();
  });

  beforeEach(async () => {
    await collection.deleteMany({});
  });

  it.each(Object.entries(CASES))(
    '%s',
    async (_name, { before, update, after, filter = {}, options = {} }) => {
      await collection.insertOne({ _id: 1 as never, ...before });
      const isChange = JSON.stringify(before) !== JSON.stringify(after);
      const result = await collection.updateOne({ _id: 1 as never, ...filter }, update, options);
      expectTyped(await stored(collection), [{ _id: 1, ...after }]);
      expect([result.matchedCount, result.modifiedCount]).toEqual([1, isChange ? 1 : 0]);
    },
  );

  it.each(REFUSED)('%j refuses %j with %i', async (document, update, code) => {
    await collection.insertOne({ _id: 1 as never, ...document });
    await expectWriteError(
      scratch.db.command({
        update: collection.collectionName,
        updates: [{ q: { _id: 1 }, u: update }],
      }),
      code,
    );
    expectTyped(await stored(collection), [{ _id: 1, ...document }]);
  });

  it('counts nothing as modified that stays the same', async () => {
    await collection.insertOne({ _id: 1 as never, a: [1], n: 1 });
    for (const update of [
      { $set: { n: 1 } },
      { $inc: { n: 0 } },
      { $unset: { x: '' } },
      { $addToSet: { a: 1 } },
      { $pull: { a: 9 } },
      { $push: { a: { $each: [] } } },
      { $min: { n: 5 } },
    ] as Document[]) {
      expect((await collection.updateOne({}, update)).modifiedCount).toBe(0);
    }
    expect((await collection.updateOne({}, { $set: { n: new Double(1) } })).modifiedCount).toBe(1);
  });

  // MongoDB's manual: updateMany modifies each document that matches, and says how many those were.
  it.each<readonly [string, Document, Document]>([
    ['$in', { x: { $in: [1, 2, 3] } }, {}],
    ['a range', { x: { $gte: 1 } }, {}],
    ['$or', { $or: [{ x: 1 }, { x: 2 }, { x: 3 }] }, {}],
    ['a range of a unique index', { x: { $lte: 30 } }, { unique: true }],
  ])('changes each document once, though %s leads to it again', async (_, filter, options) => {
    const increment = options.unique ? 10 : 1;
    const session = scratch.client.startSession();
    for (const within of [undefined, session]) {
      const changed = await scratch.collection(
        [1, 2, 3].map((x) => ({ _id: x as never, x, times: 0 })),
      );
      await changed.createIndex({ x: 1 }, options);
      within?.startTransaction();
      const update = { $inc: { x: increment, times: 1 } };
      const result = await changed.updateMany(filter, update, { ...(within && { session }) });
      await within?.commitTransaction();
      expect([result.matchedCount, result.modifiedCount]).toEqual([3, 3]);
      expectTyped(
        await stored(changed),
        [1, 2, 3].map((x) => ({ _id: x, x: x + increment, times: 1 })),
      );
    }
    await session.endSession();
  });

  it('sets the current time', async () => {
    await collection.insertOne({ _id: 1 as never });
    await collection.updateOne(
      {},
      { $currentDate: { a: true as never, b: { $type: 'timestamp' } } },
    );
    const found = await collection.findOne({});
    expect(found?.a).toBeInstanceOf(Date);
    expect(found?.b).toHaveProperty('_bsontype', 'Timestamp');
  });

  it('refuses array filters that are not used, or not one name each', async () => {
    await collection.insertOne({ _id: 1 as never, a: [1] });
    const update = (arrayFilters: Document[]): Promise<unknown> =>
      collection.updateOne({}, { $set: { 'a.$[x]': 1 } }, { arrayFilters });
    await expectCode(update([{ x: 1 }, { y: 1 }]), 9);
    await expectCode(update([{ x: 1, y: 1 }]), 9);
    await expectCode(update([{ x: 1 }, { x: 2 }]), 9);
    await expectCode(update([{ X: 1 }]), 2);
  });

  it('replaces all but _id', async () => {
    await collection.insertOne({ _id: 1 as never, a: 1 });
    await collection.replaceOne({ a: 1 }, { b: [1], c: { d: null } });
    expectTyped(await stored(collection), [{ _id: 1, b: [1], c: { d: null } }]);
    await expectCode(collection.replaceOne({ _id: 1 as never }, { _id: 2 as never, b: 1 }), 66);
  });
});
