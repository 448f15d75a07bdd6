import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc, { type Arbitrary } from 'fast-check';
import { type Document, FarDate, type Value } from '../../src/documents/value.ts';

/** Numbers around which types, precisions and signs meet. */
const POINTS = [
  0n,
  1n,
  2n,
  5n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 62n,
  2n ** 63n - 1n,
];

const near: Arbitrary<bigint> = fc
  .tuple(fc.constantFrom(...POINTS), fc.bigInt({ min: -2n, max: 2n }), fc.boolean())
  .map(([point, offset, isNegative]) =>
    BigInt.asIntN(64, isNegative ? -point + offset : point + offset),
  );

const decimalText: Arbitrary<string> = fc.oneof(
  near.map(String),
  near.map((number) => `${number.toString()}.5`),
  near.map((number) => `${number.toString()}.0`),
  fc.constantFrom(
    '0',
    '-0',
    '0E+3',
    'NaN',
    'Infinity',
    '-Infinity',
    '1E+400',
    '-1E+400',
    '1E-400',
    '0.1',
    '1E+6144',
    '1E-6176',
    '9.999999999999999999999999999999999E+6144',
  ),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -40, max: 40 }))
    .map(([coefficient, exponent]) => `${coefficient.toString()}E${exponent.toString()}`),
);

export const numbers: Arbitrary<Value> = fc.oneof(
  fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()).map((value) => new Int32(value)),
  fc
    .oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double(),
      fc.constantFrom(0.1, 0.5, -0, 2 ** 53, 2 ** 63, -(2 ** 63), NaN, Infinity, -Infinity, 5e-324),
    )
    .map((value) => new Double(value)),
  near.map((value) => Long.fromBigInt(value)),
  decimalText.map((text) => Decimal128.fromString(text)),
);

const texts = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'a\0', 'a\0b', '\u{10000}', '\ufffd', '\ue000'),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => text.isWellFormed()),
);

const bytes = (length: number): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

const scalars: Arbitrary<Value> = fc.oneof(
  { arbitrary: numbers, weight: 5 },
  { arbitrary: texts, weight: 3 },
  fc.constant(null),
  fc.boolean(),
  texts.map((text) => new BSONSymbol(text)),
  fc
    .oneof(
      fc.constantFrom(0, 1),
      bytes(12).map((id) => id[0] ?? 0),
    )
    .map((last) => new ObjectId(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last))),
  fc.integer({ min: -2, max: 2 }).map((ms) => new Date(ms)),
  near.map((ms) =>
    ms > 8_640_000_000_000_000n || ms < -8_640_000_000_000_000n
      ? new FarDate(ms)
      : new Date(Number(ms)),
  ),
  fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
    .map(([t, i]) => new Timestamp({ t, i })),
  fc
    .tuple(fc.constantFrom(0, 3, 128), fc.uint8Array({ maxLength: 3 }))
    .map(([subtype, payload]) => new Binary(payload, subtype)),
  fc
    .tuple(fc.constantFrom('a', '^a', 'b'), fc.constantFrom('', 'i'))
    .map(([pattern, options]) => new BSONRegExp(pattern, options)),
  texts.map((text) => new Code(text)),
  fc.constantFrom(new MinKey(), new MaxKey()),
);

/** Few names, so that documents, filters and updates meet. */
export const fieldNames = fc.constantFrom('a', 'b', 'c', '0');

export const values: Arbitrary<Value> = fc.letrec<{
  value: Value;
  document: Document;
  array: Value[];
}>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: scalars, weight: 5 },
    tie('document'),
    tie('array'),
  ),
  document: fc
    .uniqueArray(fc.tuple(fieldNames, tie('value')), {
      maxLength: 3,
      selector: ([name]) => name,
    })
    .map((fields) => new Map(fields)),
  array: fc.array(tie('value'), { maxLength: 3 }),
})).value;

/** Small values that often are equal, for tests in which matches should be frequent. */
export const commonValues: Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Value>(
      null,
      new Int32(1),
      new Double(1),
      new Int32(2),
      Long.fromNumber(3),
      Decimal128.fromString('2.0'),
      new Double(NaN),
      'a',
      'ab',
      true,
      new Date(1),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), tie('value')), {
        maxLength: 2,
        selector: ([name]) => name,
      })
      .map((fields) => new Map(fields)),
  ),
})).value;

export const documents: Arbitrary<Document> = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), commonValues), {
    maxLength: 3,
    selector: ([name]) => name,
  })
  .map((fields) => new Map(fields));
