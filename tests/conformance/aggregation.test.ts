import { type Collection, Decimal128, type Document, Double, Int32, Long } from 'mongodb';
import { expectCode, expectTyped } from './expectations.ts';
import { AS_STORED, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

/** Runs a pipeline over documents in a new collection, in the order of their _id. */
const run = async (
  documents: readonly Document[],
  stages: readonly Document[],
): Promise<Document[]> => {
  const collection = await scratch.collection(
    documents.map((document, index) => ({ _id: index as never, ...document })),
  );
  return collection.aggregate([{ $sort: { _id: 1 } }, ...stages], AS_STORED).toArray();
};

/** What an expression makes of a document. */
const evaluate = async (document: Document, expression: unknown): Promise<unknown> => {
  const [result] = await run([document], [{ $project: { _id: 0, x: expression } }]);
  return result?.x as unknown;
};

describe('stages', () => {
  it('match, sort, skip and limit in the order given', async () => {
    const documents = [3, 1, 2, 5, 4].map((n) => ({ n }));
    const keep = { $project: { _id: 0 } };
    expectTyped(
      await run(documents, [
        { $match: { n: { $gt: 1 } } },
        { $sort: { n: -1 } },
        { $skip: 1 },
        { $limit: 2 },
        keep,
      ]),
      [{ n: 4 }, { n: 3 }],
    );
    expectTyped(await run(documents, [{ $limit: 2 }, { $sort: { n: 1 } }, keep]), [
      { n: 1 },
      { n: 3 },
    ]);
    expectTyped(
      await run(documents, [{ $limit: 3 }, { $match: { n: { $lt: 3 } } }, { $skip: 1 }, keep]),
      [{ n: 2 }],
    );
  });

  it('$project includes, excludes and computes', async () => {
    const documents = [{ a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }, 3] }];
    expectTyped(await run(documents, [{ $project: { 'a.b': 1, 'd.e': 1 } }]), [
      { _id: 0, a: { b: 1 }, d: [{ e: 1 }] },
    ]);
    expectTyped(await run(documents, [{ $project: { 'a.b': 0, 'd.e': 0 } }]), [
      { _id: 0, a: { c: 2 }, d: [{ f: 2 }, 3] },
    ]);
    expectTyped(await run(documents, [{ $project: { _id: 0, x: '$a.c', y: { z: '$a.b' } } }]), [
      { x: 2, y: { z: 1 } },
    ]);
    expectTyped(await run(documents, [{ $project: { _id: 0, x: '$nothing' } }]), [{}]);
  });

  it('$addFields, $set and $unset', async () => {
    expectTyped(
      await run([{ a: 1, l: [1, { m: 2 }] }], [{ $addFields: { a: 5, 'b.c': '$a', 'l.n': 0 } }]),
      [{ _id: 0, a: 5, l: [{ n: 0 }, { m: 2, n: 0 }], b: { c: 1 } }],
    );
    expectTyped(
      await run([{ a: 1, b: { c: 1, d: 2 } }], [{ $set: { a: '$$REMOVE' } }, { $unset: ['b.c'] }]),
      [{ _id: 0, b: { d: 2 } }],
    );
  });

  it('$unwind', async () => {
    const documents = [{ a: [1, 2] }, { a: [] }, {}, { a: null }, { a: 7 }];
    expectTyped(await run(documents, [{ $unwind: '$a' }]), [
      { _id: 0, a: 1 },
      { _id: 0, a: 2 },
      { _id: 4, a: 7 },
    ]);
    expectTyped(
      await run(documents, [
        { $unwind: { path: '$a', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
      ]),
      [
        { _id: 0, a: 1, i: Long.fromNumber(0) },
        { _id: 0, a: 2, i: Long.fromNumber(1) },
        { _id: 1, i: null },
        { _id: 2, i: null },
        { _id: 3, a: null, i: null },
        { _id: 4, a: 7, i: null },
      ],
    );
  });

  it('$count', async () => {
    expectTyped(await run([{}, {}], [{ $count: 'n' }]), [{ n: 2 }]);
    expectTyped(await run([{}], [{ $match: { a: 1 } }, { $count: 'n' }]), []);
  });

  it('$group by one value, by several, and all together', async () => {
    const documents = [
      { k: 1, v: 2 },
      { k: new Double(1), v: 3 },
      { k: 'x', v: 5 },
      { v: 7 },
      { k: null, v: 1 },
    ];
    const groups = await run(documents, [
      { $group: { _id: '$k', sum: { $sum: '$v' } } },
      { $sort: { sum: 1 } },
    ]);
    // 1 and 1.0 are one group; missing and null are one group.
    expect(groups.map(({ sum }) => Number(sum))).toEqual([5, 5, 8]);
    const several = await run(documents, [
      { $group: { _id: { k: '$k', big: { $gt: ['$v', 2] } }, n: { $sum: 1 } } },
    ]);
    expect(several).toHaveLength(5);
    expectTyped(
      await run(documents, [{ $group: { _id: null, n: { $sum: 1 }, c: { $count: {} } } }]),
      [{ _id: null, n: 5, c: 5 }],
    );
    expectTyped(await run([], [{ $group: { _id: null, n: { $sum: 1 } } }]), []);
  });

  it('accumulates in the right type', async () => {
    const total = async (...values: unknown[]): Promise<unknown> => {
      const [result] = await run(
        values.map((v) => ({ v })),
        [{ $group: { _id: null, s: { $sum: '$v' } } }],
      );
      return result?.s as unknown;
    };
    expectTyped(await total(1, 2), 3);
    expectTyped(await total(new Int32(2147483647), 1), Long.fromString('2147483648'));
    expectTyped(await total(1, Long.fromNumber(2)), Long.fromNumber(3));
    expectTyped(await total(Long.MAX_VALUE, 1), new Double(2 ** 63));
    expectTyped(await total(1, 0.5), new Double(1.5));
    expectTyped(await total(1, Decimal128.fromString('0.10')), Decimal128.fromString('1.10'));
    expectTyped(
      await total(Decimal128.fromString('0.1'), Decimal128.fromString('0.2')),
      Decimal128.fromString('0.3'),
    );
    expectTyped(await total('text', null, [1]), 0);
  });

  it('$avg, $min, $max, $first, $last, $push and $addToSet', async () => {
    const [result] = await run(
      [{ v: 2 }, { v: 1, w: 'w' }, { v: null }, {}, { v: 'x' }],
      [
        {
          $group: {
            _id: null,
            avg: { $avg: '$v' },
            min: { $min: '$v' },
            max: { $max: '$v' },
            first: { $first: '$v' },
            last: { $last: '$w' },
            all: { $push: '$v' },
            set: { $addToSet: { $cond: [{ $gt: ['$v', 1] }, 'more', 'less'] } },
          },
        },
      ],
    );
    const { set, ...rest } = result ?? {};
    expectTyped(rest, {
      _id: null,
      avg: new Double(1.5),
      min: 1,
      max: 'x',
      first: 2,
      last: null,
      all: [2, 1, null, 'x'],
    });
    expect((set as string[]).toSorted()).toEqual(['less', 'more']);
    expectTyped(await run([{ v: 'x' }], [{ $group: { _id: null, avg: { $avg: '$v' } } }]), [
      { _id: null, avg: null },
    ]);
  });

  it('pages through results by a cursor', async () => {
    const collection: Collection<Document> = await scratch.collection(
      Array.from({ length: 25 }, (_, n) => ({ n })),
    );
    const cursor = collection.aggregate([{ $match: { n: { $gte: 5 } } }, { $project: { n: 1 } }], {
      batchSize: 7,
    });
    expect(await cursor.toArray()).toHaveLength(20);
  });

  it.each<readonly [Document, number]>([
    [{ $foo: {} }, 40324],
    [{ $match: {}, $limit: 1 }, 40323],
    [{ $match: 1 }, 15959],
    [{ $sort: {} }, 15976],
    [{ $limit: 0 }, 15958],
    [{ $project: {} }, 51272],
    [{ $project: { a: 1, b: 0 } }, 31254],
    [{ $group: {} }, 15955],
    [{ $group: { _id: 1, a: { $foo: 1 } } }, 15952],
    [{ $group: { _id: 1, a: 1 } }, 40234],
    [{ $unwind: 'a' }, 28818],
    [{ $count: '' }, 40157],
  ])('refuses %j with %i', async (stage, code) => {
    const collection = await scratch.collection([{ a: 1 }]);
    await expectCode(collection.aggregate([stage]).toArray(), code);
  });
});

describe('expressions', () => {
  /** [document, expression, result] */
  const cases: readonly (readonly [Document, unknown, unknown])[] = [
    [{ a: { b: 1 } }, '$a.b', 1],
    [{ a: [{ b: 1 }, { c: 1 }, { b: 2 }] }, '$a.b', [1, 2]],
    [{ a: 1 }, { $literal: '$a' }, '$a'],
    [{ a: 1 }, ['$a', '$b'], [1, null]],
    [{ a: 1 }, { $add: ['$a', 1.5] }, new Double(2.5)],
    [{ a: new Int32(2147483647) }, { $add: ['$a', 1] }, Long.fromString('2147483648')],
    [{ a: new Date(10) }, { $add: ['$a', 5] }, new Date(15)],
    [{}, { $add: ['$a', 5] }, null],
    [{ a: new Date(10), b: new Date(4) }, { $subtract: ['$a', '$b'] }, Long.fromNumber(6)],
    [{ a: 5 }, { $subtract: ['$a', 7] }, -2],
    [{ a: 5 }, { $multiply: ['$a', 2, 0.5] }, new Double(5)],
    [{ a: 1 }, { $divide: ['$a', 4] }, new Double(0.25)],
    [{}, { $eq: [1, new Double(1)] }, true],
    [{}, { $lt: [null, 1] }, true],
    [{}, { $gt: ['a', 1] }, true],
    [{}, { $cmp: [2, 1] }, 1],
    [{}, { $and: [1, true, 'x'] }, true],
    [{}, { $or: [0, null, false] }, false],
    [{}, { $not: ['$a'] }, true],
    [{ a: 5 }, { $cond: [{ $gte: ['$a', 5] }, 'y', 'n'] }, 'y'],
    [{}, { $cond: { if: false, then: 1, else: 2 } }, 2],
    [{}, { $ifNull: ['$a', '$b', 'z'] }, 'z'],
    [{ a: [1, 2] }, { $size: '$a' }, 2],
    [{ a: [1, 2] }, { $in: [2, '$a'] }, true],
    [{ a: [1, 2] }, { $arrayElemAt: ['$a', -1] }, 2],
    [{ a: 'x' }, { $concat: ['$a', 'y'] }, 'xy'],
    [{}, { $concat: ['$a', 'y'] }, null],
    [{}, { $toUpper: 'aé' }, 'Aé'],
    [{}, { $toLower: '$a' }, ''],
    [
      { a: Decimal128.fromString('1') },
      { $divide: ['$a', 3] },
      Decimal128.fromString('0.3333333333333333333333333333333333'),
    ],
  ];

  it.each(cases)('%j: %j', async (document, expression, result) => {
    expectTyped(await evaluate(document, expression), result);
  });

  it.each<readonly [unknown, number]>([
    [{ $foo: 1 }, 168],
    [{ $divide: [1, '$zero'] }, 2],
    [{ $size: '$text' }, 17124],
    [{ $concat: ['$zero', 'a'] }, 16702],
    [{ $in: [1, '$text'] }, 40081],
    [{ $add: ['$text', 1] }, 14],
    [{ $subtract: [1] }, 16020],
    ['$$foo', 17276],
  ])('refuses %j with %i', async (expression, code) => {
    await expectCode(evaluate({ zero: 0, text: 'x' }, expression), code);
  });
});

describe('$sort', () => {
  it('is not by $natural, which only a find may ask for', async () => {
    const collection = await scratch.collection([{}]);
    await expectCode(collection.aggregate([{ $sort: { $natural: 1 } }]).toArray(), 16410);
  });
});

describe('the stages about the server itself', () => {
  // The manual's list of the stable API's stages does not have $listLocalSessions.
  it('are not in the stable API', async () => {
    const command = { aggregate: 1, pipeline: [{ $listLocalSessions: {} }], cursor: {} };
    const admin = scratch.client.db('admin');
    const { cursor } = await admin.command(command);
    expect((cursor as Document).firstBatch).toBeInstanceOf(Array);
    await expectCode(admin.command({ ...command, apiVersion: '1', apiStrict: true }), 323);
  });
});
