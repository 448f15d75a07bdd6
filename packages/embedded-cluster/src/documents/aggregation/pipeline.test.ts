import { Decimal128, Double, Int32, Long } from 'bson';
import { CommandError } from '../../command-error.ts';
import { encode } from '../codec.ts';
import { compareValues } from '../compare.ts';
import { type Document, documentOf, fromPlain, type Value } from '../value.ts';
import { compilePipeline, runPipeline } from './pipeline.ts';

type Plain = Record<string, unknown>;

const run = (stages: Plain[], documents: Plain[]): Document[] =>
  runPipeline(stages.map(documentOf), documents.map(documentOf));

const bytes = (document: Document): string => Buffer.from(encode(document)).toString('hex');

const expectResult = (stages: Plain[], documents: Plain[], expected: Plain[]): void => {
  expect(run(stages, documents).map(bytes)).toEqual(
    expected.map((plain) => bytes(documentOf(plain))),
  );
};

const evaluate = (expression: unknown, document: Plain = {}): Value =>
  run([{ $project: { _id: 0, x: expression } }], [document])[0]?.get('x');

const expectValue = (expression: unknown, document: Plain, expected: unknown): void => {
  const value = fromPlain(expected);
  expect(bytes(new Map([['x', evaluate(expression, document)]]))).toBe(
    bytes(new Map([['x', value]])),
  );
};

const refusal = (stage: Plain, document: Plain = {}): number | undefined => {
  try {
    run([stage], [document]);
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
};

describe('pipeline', () => {
  it('matches, sorts, skips and limits', () => {
    const documents = [{ a: 3 }, { a: 1 }, { a: 2 }, { a: 9 }];
    expectResult(
      [{ $match: { a: { $lt: 5 } } }, { $sort: { a: -1 } }, { $skip: 1 }, { $limit: 1 }],
      documents,
      [{ a: 2 }],
    );
    expectResult([{ $limit: 2 }, { $sort: { a: 1 } }], documents, [{ a: 1 }, { a: 3 }]);
  });

  it('offers its first stages as a query', () => {
    const leading = (stages: Plain[]): unknown => {
      const { leading: query, isQuery } = compilePipeline(stages.map(documentOf));
      return { ...query, filter: query.filter.size, sort: query.sort?.size, isQuery };
    };
    expect(
      leading([{ $match: { a: 1 } }, { $sort: { a: 1 } }, { $skip: 2 }, { $limit: 3 }]),
    ).toEqual({ filter: 1, sort: 1, skip: 2, limit: 3, isQuery: true });
    expect(leading([{ $limit: 3 }, { $skip: 1 }])).toEqual({ filter: 0, limit: 3, isQuery: false });
    expect(leading([{ $group: { _id: null } }])).toEqual({ filter: 0, isQuery: false });
    expect(leading([])).toEqual({ filter: 0, isQuery: true });
  });

  it('asks for no more once a limit is reached', () => {
    const run3 = compilePipeline([
      documentOf({ $project: { a: 1 } }),
      documentOf({ $limit: 2 }),
    ]).start(() => undefined);
    expect(run3.push(documentOf({ a: 1 }))).toBe(true);
    expect(run3.push(documentOf({ a: 1 }))).toBe(false);
  });

  it('groups by equal keys and keeps sums exact', () => {
    const documents = [{ k: 1, v: 1 }, { k: new Double(1), v: 2 }, { k: 'x', v: 'no number' }, {}];
    expectResult(
      [
        {
          $group: {
            _id: '$k',
            sum: { $sum: '$v' },
            n: { $sum: 1 },
            c: { $count: {} },
            all: { $push: '$v' },
          },
        },
      ],
      documents,
      [
        { _id: 1, sum: 3, n: 2, c: 2, all: [1, 2] },
        { _id: 'x', sum: 0, n: 1, c: 1, all: ['no number'] },
        { _id: null, sum: 0, n: 1, c: 1, all: [] },
      ],
    );
    const sum = (...values: unknown[]): Value =>
      run(
        [{ $group: { _id: null, s: { $sum: '$v' } } }],
        values.map((v) => ({ v })),
      )[0]?.get('s');
    expect(sum(2147483647, 1)).toEqual(Long.fromString('2147483648'));
    expect(sum(Long.MAX_VALUE, 1)).toEqual(new Double(2 ** 63));
    expect(sum(Long.MAX_VALUE, Long.fromNumber(-1))).toEqual(Long.MAX_VALUE.sub(1));
    expect(sum(...Array.from({ length: 10 }, () => 0.1))).toEqual(new Double(1));
    expect(sum(1e100, 1, -1e100)).toEqual(new Double(1));
    expect(sum(Decimal128.fromString('0.1'), Decimal128.fromString('0.2'), 1)).toEqual(
      Decimal128.fromString('1.3'),
    );
    expect(sum(Infinity, 1)).toEqual(new Double(Infinity));
  });

  it('averages, takes extremes, firsts, lasts and sets', () => {
    expectResult(
      [
        {
          $group: {
            _id: null,
            avg: { $avg: '$v' },
            min: { $min: '$v' },
            max: { $max: '$v' },
            first: { $first: '$v' },
            last: { $last: '$w' },
            set: { $addToSet: '$v' },
          },
        },
      ],
      [{ v: 3 }, { v: 1, w: 5 }, { v: null }, { v: new Double(3) }, {}],
      [
        {
          _id: null,
          avg: new Double(7 / 3),
          min: 1,
          max: 3,
          first: 3,
          last: null,
          set: [3, 1, null],
        },
      ],
    );
    expectResult(
      [{ $group: { _id: null, a: { $avg: '$v' } } }],
      [{ v: 'x' }],
      [{ _id: null, a: null }],
    );
    expectResult(
      [{ $group: { _id: null, a: { $avg: '$v' } } }],
      [{ v: Decimal128.fromString('1') }, { v: 2 }],
      [{ _id: null, a: Decimal128.fromString('1.5') }],
    );
  });

  it('unwinds', () => {
    const documents = [
      { _id: 1, a: [1, 2] },
      { _id: 2, a: [] },
      { _id: 3 },
      { _id: 4, a: null },
      { _id: 5, a: 7 },
    ];
    expectResult([{ $unwind: '$a' }], documents, [
      { _id: 1, a: 1 },
      { _id: 1, a: 2 },
      { _id: 5, a: 7 },
    ]);
    expectResult(
      [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } }],
      documents,
      [
        { _id: 1, a: 1, i: Long.fromNumber(0) },
        { _id: 1, a: 2, i: Long.fromNumber(1) },
        { _id: 2, i: null },
        { _id: 3, i: null },
        { _id: 4, a: null, i: null },
        { _id: 5, a: 7, i: null },
      ],
    );
  });

  it('shapes documents', () => {
    expectResult(
      [{ $addFields: { 'a.b': 1, c: '$x' } }],
      [{ x: 5, a: [1, { d: 2 }] }],
      [{ x: 5, a: [{ b: 1 }, { d: 2, b: 1 }], c: 5 }],
    );
    expectResult(
      [{ $set: { a: 1 } }, { $unset: ['b', 'c.d'] }],
      [{ b: 1, c: { d: 1, e: 2 } }],
      [{ c: { e: 2 }, a: 1 }],
    );
    expectResult(
      [{ $project: { 'a.b': 'x' } }],
      [{ _id: 1, a: [1, 2], z: 1 }],
      [{ _id: 1, a: [{ b: 'x' }, { b: 'x' }] }],
    );
    expectResult([{ $project: { a: '$$REMOVE', all: '$$ROOT' } }], [{ b: 1 }], [{ all: { b: 1 } }]);
    expectResult([{ $count: 'n' }], [{}, {}], [{ n: 2 }]);
    expectResult([{ $count: 'n' }], [], []);
  });

  it('refuses what is outside the scope with MongoDB’s codes', () => {
    expect(refusal({ $lookup: {} })).toBe(40324);
    expect(refusal({ $foo: {} })).toBe(40324);
    expect(refusal({ $match: {}, $limit: 1 })).toBe(40323);
    expect(refusal({})).toBe(40323);
    expect(refusal({ $match: 1 })).toBe(15959);
    expect(refusal({ $sort: {} })).toBe(15976);
    expect(refusal({ $limit: 0 })).toBe(15958);
    expect(refusal({ $limit: 'x' })).toBe(5107201);
    expect(refusal({ $skip: -1 })).toBe(5107200);
    expect(refusal({ $group: {} })).toBe(15955);
    expect(refusal({ $group: { _id: 1, a: { $stdDevPop: 1 } } })).toBe(15952);
    expect(refusal({ $group: { _id: 1, a: 1 } })).toBe(40234);
    expect(refusal({ $group: { _id: 1, 'a.b': { $sum: 1 } } })).toBe(40235);
    expect(refusal({ $project: {} })).toBe(51272);
    expect(refusal({ $project: { a: { $map: {} } } })).toBe(168);
    expect(refusal({ $unwind: 'a' })).toBe(28818);
    expect(refusal({ $count: '' })).toBe(40157);
    expect(refusal({ $project: { x: '$$foo' } })).toBe(17276);
  });
});

describe('expressions', () => {
  it('follow paths into documents and map arrays', () => {
    expectValue('$a.b', { a: [{ b: 1 }, 5, { c: 1 }, { b: [2] }, [{ b: 9 }]] }, [1, [2]]);
    expectValue({ $ifNull: ['$a.b.c', 'none'] }, { a: { b: 1 } }, 'none');
    expectValue(['$a', '$b'], { a: 1 }, [1, null]);
    expectValue({ $literal: '$a' }, { a: 1 }, '$a');
  });

  it('calculate with the widest type', () => {
    expectValue({ $add: ['$a', 1] }, { a: 2147483647 }, Long.fromString('2147483648'));
    expectValue({ $add: ['$a', 1] }, { a: Long.MAX_VALUE }, new Double(2 ** 63));
    expectValue({ $add: ['$a', 1.5] }, { a: 1 }, new Double(2.5));
    expectValue({ $add: ['$a', 5] }, { a: new Date(10) }, new Date(15));
    expectValue({ $add: [1, null] }, {}, null);
    expectValue({ $add: [] }, {}, 0);
    expectValue(
      { $subtract: ['$b', '$a'] },
      { a: new Date(10), b: new Date(30) },
      Long.fromNumber(20),
    );
    expectValue(
      { $subtract: [Decimal128.fromString('1.0'), Decimal128.fromString('0.9')] },
      {},
      Decimal128.fromString('0.1'),
    );
    expectValue({ $multiply: ['$a', 3] }, { a: 1.5 }, new Double(4.5));
    expectValue({ $divide: [1, 4] }, {}, new Double(0.25));
    expectValue(
      { $divide: [Decimal128.fromString('1'), 3] },
      {},
      Decimal128.fromString('0.3333333333333333333333333333333333'),
    );
    expectValue({ $divide: [Decimal128.fromString('10'), 4] }, {}, Decimal128.fromString('2.5'));
    expect(refusal({ $project: { x: { $divide: [1, 0] } } })).toBe(2);
    expect(refusal({ $project: { x: { $add: ['a', 1] } } })).toBe(14);
    expect(refusal({ $project: { x: { $subtract: [1] } } })).toBe(16020);
  });

  it('compare all types by the total order', () => {
    expectValue({ $lt: ['$missing', null] }, {}, true);
    expectValue({ $gt: ['a', 5] }, {}, true);
    expectValue({ $cmp: [1, new Double(2)] }, {}, new Int32(-1));
    expectValue({ $eq: [[1], [new Double(1)]] }, {}, true);
  });

  it('decide', () => {
    expectValue({ $cond: [{ $gt: ['$a', 1] }, 'big', 'small'] }, { a: 2 }, 'big');
    expectValue({ $cond: { if: '$missing', then: 1, else: 2 } }, {}, 2);
    expectValue({ $and: [1, 'x', []] }, {}, true);
    expectValue({ $or: [0, null] }, {}, false);
    expectValue({ $not: ['$a'] }, { a: 0 }, true);
    expect(refusal({ $project: { x: { $cond: { if: 1, then: 1 } } } })).toBe(17082);
  });

  it('look into arrays and strings', () => {
    expectValue({ $size: '$a' }, { a: [1, 2] }, 2);
    expectValue({ $in: [new Double(2), '$a'] }, { a: [1, 2] }, true);
    expectValue({ $arrayElemAt: ['$a', -1] }, { a: [1, 2] }, 2);
    expect(evaluate({ $arrayElemAt: ['$a', 5] }, { a: [1] })).toBeUndefined();
    expectValue({ $concat: ['a', '$b'] }, { b: 'c' }, 'ac');
    expectValue({ $concat: ['a', '$b'] }, {}, null);
    expectValue({ $toLower: 'ÄBc' }, {}, 'Äbc');
    expectValue({ $toUpper: '$b' }, {}, '');
    expect(refusal({ $project: { x: { $size: '$a' } } })).toBe(17124);
    expect(refusal({ $project: { x: { $concat: ['a', 1] } } })).toBe(16702);
    expect(compareValues(evaluate({ $literal: [] }), [])).toBe(0);
  });

  it('refuses groups that would not fit into memory', () => {
    const text = 'x'.repeat(1024 * 1024);
    const documents = Array.from({ length: 110 }, (_, n) => documentOf({ n, text: `${text}${n}` }));
    for (const group of [
      { _id: null, all: { $push: '$text' } },
      { _id: null, all: { $addToSet: '$text' } },
      { _id: '$text' },
    ]) {
      expect(() => runPipeline([documentOf({ $group: group })], documents)).toThrow(
        expect.objectContaining({ code: 292 }),
      );
    }
    const last = documentOf({ $group: { _id: null, text: { $last: '$text' } } });
    expect(runPipeline([last], documents)).toHaveLength(1);
  });
});
