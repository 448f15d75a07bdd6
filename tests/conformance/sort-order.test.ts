import {
  Binary,
  BSONRegExp,
  type Collection,
  Code,
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

/** From MongoDB's manual, "Comparison/Sort Order", least first; entries that are equal share a row. */
const ASCENDING: readonly (readonly unknown[])[] = [
  [new MinKey()],
  [[]],
  [null, undefined],
  [new Double(NaN)],
  [new Double(-Infinity)],
  [-1],
  [0, new Double(-0), Decimal128.fromString('0.00')],
  [Decimal128.fromString('0.1')],
  // As a double 0.1 is a little more than one tenth.
  [0.1],
  [1, new Double(1), Long.fromNumber(1), Decimal128.fromString('1.0'), [1, 2]],
  [new Double(9007199254740992)],
  [Long.fromString('9007199254740993')],
  [Long.MAX_VALUE],
  [new Double(9223372036854775808)],
  [new Double(Infinity), Decimal128.fromString('Infinity')],
  [''],
  ['A'],
  ['a'],
  ['ab'],
  ['é'],
  ['\uffff'],
  ['\u{1f600}'],
  [{}],
  [{ b: 1 }],
  [{ a: 'x' }],
  // An array inside an array is compared as an array.
  [[[1]]],
  [new Binary(Buffer.from([9]), 0)],
  [new Binary(Buffer.from([1]), 5)],
  [new Binary(Buffer.from([1, 1]), 0)],
  [new ObjectId('000000000000000000000001')],
  [new ObjectId('000000000000000000000002')],
  [false],
  [true],
  [new Date(-1)],
  [new Date(1)],
  [new Timestamp({ t: 1, i: 2 })],
  [new Timestamp({ t: 2, i: 1 })],
  [new BSONRegExp('a')],
  [new BSONRegExp('a', 'i')],
  [new Code('a')],
  [new MaxKey()],
];

const shuffled = ASCENDING.flatMap((row, rank) => row.map((a, place) => ({ rank, place, a })))
  .map(({ rank, a }, index) => ({
    _id: ((index * 37) % 97) as never,
    rank,
    ...(a === undefined ? {} : { a }),
  }))
  .toSorted((x, y) => Number(x._id) - Number(y._id));

describe('sort order', () => {
  let collection: Collection<Document>;

  const ranks = async (direction: 1 | -1, hint?: Document): Promise<unknown[]> => {
    const cursor = collection.find().sort({ a: direction, _id: 1 });
    if (hint) cursor.hint(hint);
    return (await cursor.toArray()).map(({ rank }) => rank as unknown);
  };

  beforeAll(async () => {
    collection = await scratch.collection(shuffled);
  });

  const expected = ASCENDING.flatMap((row, rank) => row.map(() => rank));
  // Descending, an array sorts by its greatest element.
  const descending = expected.toReversed();

  it('puts all types in the documented order', async () => {
    expect(await ranks(1)).toEqual(expected);
  });

  it('reverses that order, but for arrays, which sort by their greatest element then', async () => {
    const withoutArray = (list: unknown[]): unknown[] => {
      const one = list.indexOf(9);
      return one < 0 ? list : list.filter((rank) => rank !== 9);
    };
    expect(withoutArray(await ranks(-1))).toEqual(withoutArray(descending));
  });

  it('gives the same order by an index, both ways', async () => {
    const plain = { up: await ranks(1), down: await ranks(-1) };
    await collection.createIndex({ a: 1 });
    expect({ up: await ranks(1, { a: 1 }), down: await ranks(-1, { a: 1 }) }).toEqual(plain);
  });

  it('sorts by several fields, each in its direction, as far as one array element gives them', async () => {
    const several = await scratch.collection([
      { _id: 1 as never, a: 1, b: 1 },
      { _id: 2 as never, a: 1, b: 2 },
      { _id: 3 as never, a: 0, b: 0 },
      {
        _id: 4 as never,
        a: [
          { x: 1, y: 9 },
          { x: 2, y: 0 },
        ],
      },
      { _id: 5 as never, a: [{ x: 1, y: 5 }] },
    ]);
    const ids = async (sort: Document, filter: Document): Promise<number[]> =>
      (await several.find(filter).sort(sort).toArray()).map(({ _id }) => Number(_id));
    expect(await ids({ a: 1, b: -1 }, { b: { $exists: true } })).toEqual([3, 2, 1]);
    expect(await ids({ a: -1, b: 1 }, { b: { $exists: true } })).toEqual([1, 2, 3]);
    expect(await ids({ 'a.x': 1, 'a.y': 1 }, { b: { $exists: false } })).toEqual([5, 4]);
  });

  it('takes the first of a sort with a limit as the first of the whole sort', async () => {
    const all = await ranks(1);
    for (const limit of [1, 3, 10]) {
      const some = await collection.find().sort({ a: 1, _id: 1 }).limit(limit).toArray();
      expect(some.map(({ rank }) => rank as unknown)).toEqual(all.slice(0, limit));
    }
  });

  it('refuses parallel arrays and directions that are none', async () => {
    const parallel = await scratch.collection([
      { a: [1], b: [1] },
      { a: 1, b: 2 },
    ]);
    await expectCode(parallel.find().sort({ a: 1, b: 1 }).toArray(), 2);
    await expectCode(scratch.db.command({ find: parallel.collectionName, sort: { a: 2 } }), 15975);
    await expectCode(
      scratch.db.command({ find: parallel.collectionName, sort: { a: 'x' } }),
      15974,
    );
  });
});
