import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  type Collection,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';
import { expectCode } from './expectations.ts';
import { useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

const id = new ObjectId('507f1f77bcf86cd799439011');

/** One document for each value that `a` can have; `_id` names it. */
const VALUES: Readonly<Record<string, unknown>> = {
  int: 5,
  long: Long.fromNumber(5),
  double: new Double(5),
  fraction: 5.5,
  decimal: Decimal128.fromString('5.0'),
  tenth: 0.1,
  decimalTenth: Decimal128.fromString('0.1'),
  bigLong: Long.fromString('9007199254740993'),
  bigDouble: new Double(9007199254740992),
  negative: -3,
  nan: new Double(NaN),
  infinity: new Double(Infinity),
  string: 'abc',
  upper: 'ABC',
  symbol: new BSONSymbol('abc'),
  empty: '',
  true: true,
  false: false,
  null: null,
  object: { x: 1, y: 2 },
  swapped: { y: 2, x: 1 },
  emptyObject: {},
  array: [1, 5, 9],
  nested: [[1, 5], [7]],
  emptyArray: [],
  objects: [
    { x: 1, y: 5 },
    { x: 2, y: 3 },
  ],
  mixed: [1, 'abc', null],
  date: new Date(5),
  timestamp: new Timestamp({ t: 0, i: 5 }),
  objectId: id,
  binary: new Binary(Buffer.from([5])),
  uuid: new Binary(Buffer.from([5]), 4),
  regex: new BSONRegExp('^ab'),
  minKey: new MinKey(),
  maxKey: new MaxKey(),
  lines: 'a\nb',
};

const FIVES = ['int', 'long', 'double', 'decimal', 'array'];

/** [filter, the names of what it finds]; from MongoDB's manual: comparison order, null, arrays, types. */
const CASES: readonly (readonly [Document, readonly string[]])[] = [
  // Numbers compare across types, by exact value.
  [{ a: 5 }, FIVES],
  [{ a: Long.fromNumber(5) }, FIVES],
  [{ a: Decimal128.fromString('5') }, FIVES],
  [{ a: { $eq: 0.1 } }, ['tenth']],
  [{ a: Decimal128.fromString('0.1') }, ['decimalTenth']],
  [{ a: { $gt: Decimal128.fromString('0.1'), $lt: 1 } }, ['tenth']],
  [{ a: Long.fromString('9007199254740993') }, ['bigLong']],
  [{ a: new Double(9007199254740992) }, ['bigDouble']],
  [{ a: { $gt: new Double(9007199254740992) } }, ['bigLong', 'infinity']],
  [{ a: { $gte: 6, $lt: 8 } }, ['array']],
  [{ a: { $lt: 0 } }, ['negative']],
  [{ a: new Double(NaN) }, ['nan']],
  [{ a: { $gte: new Double(NaN) } }, ['nan']],
  [{ a: { $lt: new Double(NaN) } }, []],
  [{ a: { $lte: -3 } }, ['negative']],
  // Types do not meet each other.
  [{ a: 'abc' }, ['string', 'symbol', 'mixed']],
  [{ a: { $gte: '' } }, ['string', 'upper', 'symbol', 'empty', 'mixed', 'lines']],
  [{ a: { $lt: 'a' } }, ['upper', 'empty']],
  [{ a: true }, ['true']],
  [{ a: { $gt: false } }, ['true']],
  [{ a: new Date(5) }, ['date']],
  [{ a: { $gt: new Date(0) } }, ['date']],
  [{ a: new Timestamp({ t: 0, i: 5 }) }, ['timestamp']],
  [{ a: id }, ['objectId']],
  [{ a: { $gte: id } }, ['objectId']],
  [{ a: new Binary(Buffer.from([5])) }, ['binary']],
  [{ a: new Binary(Buffer.from([5]), 4) }, ['uuid']],
  [{ a: new MinKey() }, ['minKey']],
  // Objects are equal field by field, in order; arrays whole or by an element.
  [{ a: { x: 1, y: 2 } }, ['object']],
  [{ a: {} }, ['emptyObject']],
  [{ a: [1, 5, 9] }, ['array']],
  [{ a: [1, 5] }, ['nested']],
  [{ a: [] }, ['emptyArray']],
  [{ a: { x: 2, y: 3 } }, ['objects']],
  [{ a: { $gt: {} } }, ['object', 'swapped', 'objects']],
  // Null is null or missing.
  [{ a: null }, ['null', 'missing', 'mixed']],
  [{ a: { $eq: null } }, ['null', 'missing', 'mixed']],
  [{ a: { $lte: null } }, ['null', 'missing', 'mixed']],
  [{ a: { $gt: null } }, []],
  [{ a: { $in: [null, true] } }, ['null', 'missing', 'mixed', 'true']],
  [{ a: { $exists: false } }, ['missing']],
  [{ a: { $type: 'null' } }, ['null', 'mixed']],
  [{ 'a.x': null, a: { $type: 'object' } }, ['emptyObject']],
  [{ 'a.x': { $exists: true } }, ['object', 'swapped', 'objects']],
  // Paths enter arrays of documents; numbers are positions.
  [{ 'a.x': 1 }, ['object', 'swapped', 'objects']],
  [{ 'a.x': 1, 'a.y': 3 }, ['objects']],
  [{ 'a.0': 1 }, ['array', 'mixed']],
  [{ 'a.1.x': 2 }, ['objects']],
  [{ 'a.0': [1, 5] }, ['nested']],
  // Arrays.
  [{ a: { $size: 0 } }, ['emptyArray']],
  [{ a: { $size: 2 } }, ['nested', 'objects']],
  [{ a: { $all: [5, 9] } }, ['array']],
  [{ a: { $all: [5] } }, FIVES],
  [{ a: { $all: [] } }, []],
  [{ a: { $gt: 8, $lt: 2 } }, ['array']],
  [{ a: { $elemMatch: { $gt: 8, $lt: 2 } } }, []],
  [{ a: { $elemMatch: { $gt: 4, $lt: 6 } } }, ['array']],
  [{ a: { $elemMatch: { x: 1, y: 3 } } }, []],
  [{ a: { $elemMatch: { x: 2, y: 3 } } }, ['objects']],
  [{ a: { $elemMatch: { $elemMatch: { $gt: 6 } } } }, ['nested']],
  [{ a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } }, ['objects']],
  // Types.
  [{ a: { $type: 'int' } }, ['int', 'negative', 'array', 'mixed']],
  [{ a: { $type: 'long' } }, ['long', 'bigLong']],
  [{ a: { $type: 19 } }, ['decimal', 'decimalTenth']],
  [{ a: { $type: 'array' } }, ['array', 'nested', 'emptyArray', 'objects', 'mixed']],
  [{ a: { $type: ['bool', 'regex'] } }, ['true', 'false', 'regex']],
  [{ a: { $type: -1 } }, ['minKey']],
  // Regular expressions: text, symbols, and the same expression.
  [{ a: /^ab/ }, ['string', 'symbol', 'regex', 'mixed']],
  [{ a: { $regex: '^AB', $options: 'i' } }, ['string', 'upper', 'symbol', 'mixed']],
  [{ a: { $in: [/^A/, 5] } }, [...FIVES, 'upper']],
  [{ a: { $regex: '^b', $options: 'm' } }, ['lines']],
  [{ a: { $regex: 'a.b', $options: 's' } }, ['lines']],
  [{ a: { $regex: 'a.b' } }, []],
  [{ a: { $not: /b/ }, $or: [{ a: 'abc' }, { a: 'ABC' }] }, ['upper']],
  // Modulus and bits.
  [{ a: { $mod: [4, 1] } }, [...FIVES, 'fraction', 'bigLong', 'mixed']],
  [{ a: { $bitsAllSet: [0, 2] } }, [...FIVES, 'negative', 'binary', 'uuid']],
  [{ a: { $bitsAnySet: 4, $type: 'int' } }, ['int', 'negative', 'array']],
  // Logic.
  [{ $or: [{ a: true }, { a: false }] }, ['true', 'false']],
  [{ $and: [{ a: { $gt: 4 } }, { a: { $lt: 6 } }] }, [...FIVES, 'fraction']],
  [{ $nor: [{ a: { $exists: true } }] }, ['missing']],
  [{ a: { $not: { $gt: -10 } }, $and: [{ a: { $type: 'number' } }] }, ['nan']],
  [{ a: { $nin: [5, 'abc'] }, $or: [{ a: { $type: 'int' } }] }, ['negative']],
  [{ $comment: 'said and ignored', a: true }, ['true']],
];

describe('filters', () => {
  let collection: Collection<Document>;

  const found = async (filter: Document): Promise<string[]> => {
    const documents = await collection.find(filter).toArray();
    return documents.map(({ _id }) => String(_id)).toSorted();
  };

  beforeAll(async () => {
    collection = await scratch.collection([
      ...Object.entries(VALUES).map(([name, a]) => ({ _id: name as never, a })),
      { _id: 'missing' as never },
    ]);
  });

  it.each(CASES.map(([filter, names]) => ({ filter, names })))(
    '$filter',
    async ({ filter, names }) => {
      expect(await found(filter)).toEqual(names.toSorted());
    },
  );

  it('finds the same with an index', async () => {
    await collection.createIndex({ a: 1 });
    for (const [filter, names] of CASES) {
      const hinted = await collection.find(filter).hint({ a: 1 }).toArray();
      expect(hinted.map(({ _id }) => String(_id)).toSorted()).toEqual(names.toSorted());
    }
    await collection.dropIndexes();
  });

  it('matches everything against MinKey and MaxKey', async () => {
    const all = Object.keys(VALUES).length + 1;
    expect(await collection.countDocuments({ a: { $gte: new MinKey() } })).toBe(all);
    expect(await collection.countDocuments({ a: { $lte: new MaxKey() } })).toBe(all);
    expect(await collection.countDocuments({ a: { $gt: new MinKey() } })).toBe(all - 1);
  });

  it('splits every collection into what matches and what does not', async () => {
    const all = Object.keys(VALUES).length + 1;
    for (const condition of [
      { $gt: 5 },
      { $in: [5, null] },
      { $exists: true },
      { $type: 'number' },
    ]) {
      const matching = await collection.countDocuments({ a: condition });
      expect(await collection.countDocuments({ a: { $not: condition } })).toBe(all - matching);
    }
  });

  it.each<Document>([
    { $foo: 1 },
    { a: { $foo: 1 } },
    { $or: [] },
    { $and: 1 },
    { $or: [1] },
    { a: { $in: 1 } },
    { a: { $in: [{ $gt: 1 }] } },
    { a: { $ne: /a/ } },
    { a: { $gt: /a/ } },
    { a: { $not: 1 } },
    { a: { $not: {} } },
    { a: { $all: 1 } },
    { a: { $elemMatch: 1 } },
    { a: { $size: -1 } },
    { a: { $size: 'x' } },
    { a: { $mod: [1] } },
    { a: { $mod: [0, 1] } },
    { a: { $type: 'nope' } },
    { a: { $regex: 1 } },
    { a: { $options: 'i' } },
  ])('refuses %j as a bad value', async (filter) => {
    const error = await collection
      .find(filter)
      .toArray()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect([2, 9]).toContain((error as { code?: number }).code);
  });

  it('refuses expressions that are none', async () => {
    await expectCode(collection.find({ a: { $regex: '(' } }).toArray(), 51091);
    await expectCode(collection.find({ a: { $regex: 'a', $options: 'q' } }).toArray(), 51108);
  });
});
