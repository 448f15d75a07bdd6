import fc, { type Arbitrary } from 'fast-check';
import { BSONRegExp, Decimal128, type Document, Double, Int32, Long } from 'mongodb';

/** Few and often equal values, so that documents, filters and updates meet. */
const scalars: Arbitrary<unknown> = fc.constantFrom<unknown>(
  null,
  new Int32(1),
  new Double(1),
  new Int32(2),
  new Int32(-1),
  Long.fromNumber(3),
  Decimal128.fromString('2.0'),
  new Double(0.5),
  new Double(NaN),
  'a',
  'ab',
  'b',
  true,
  new Date(1),
);

export const values: Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: scalars, weight: 4 },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  ),
})).value;

const names = fc.constantFrom('a', 'b', 'c');

/** What paths and array operators find something in: arrays of scalars, arrays of documents, documents. */
const shaped: Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.array(scalars, { maxLength: 4 }), weight: 3 },
  {
    arbitrary: fc.array(fc.dictionary(names, scalars, { maxKeys: 2, noNullPrototype: true }), {
      maxLength: 3,
    }),
    weight: 3,
  },
  {
    arbitrary: fc.dictionary(names, fc.oneof(scalars, fc.array(scalars, { maxLength: 3 })), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    weight: 2,
  },
  { arbitrary: scalars, weight: 2 },
  { arbitrary: values, weight: 2 },
);

export const documents: Arbitrary<Document> = fc.dictionary(names, shaped, {
  maxKeys: 3,
  noNullPrototype: true,
});

export const paths = fc.constantFrom('a', 'b', 'c', 'a.a', 'a.b', 'b.a', 'a.b.c');

const isOperators = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).some((name) => name.startsWith('$'));

const plain = fc
  .oneof({ arbitrary: scalars, weight: 2 }, values, shaped)
  .filter((value) => !isOperators(value));
const expressions = fc
  .constantFrom('^a', 'a', '^ab?', 'b$')
  .map((pattern) => new BSONRegExp(pattern));

const one = (name: string, argument: Arbitrary<unknown>): Arbitrary<Document> =>
  argument.map((value) => ({ [name]: value }));

const operators: Arbitrary<Document> = fc
  .array(
    fc.oneof(
      {
        arbitrary: fc
          .constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte')
          .chain((name) => one(name, plain)),
        weight: 6,
      },
      one('$in', fc.array(fc.oneof(plain, expressions), { maxLength: 3 })),
      one('$nin', fc.array(plain, { maxLength: 3 })),
      one('$exists', fc.boolean()),
      one('$type', fc.constantFrom('number', 'string', 'array', 'object')),
      one('$size', fc.integer({ min: 0, max: 3 })),
      one('$all', fc.array(plain, { maxLength: 2 })),
      one('$mod', fc.constant([2, 1])),
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((parts) => Object.assign({}, ...parts) as Document);

/** Filters of every kind that the engine takes, and conditions about one path. */
const { filter: filtersOfAll, condition: conditions } = fc.letrec<{
  filter: Document;
  condition: unknown;
}>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: plain, weight: 2 },
    expressions,
    { arbitrary: operators, weight: 6 },
    one('$not', operators),
    one('$elemMatch', operators),
    one('$elemMatch', tie('filter')),
  ),
  filter: fc.oneof(
    { depthSize: 'small' },
    {
      arbitrary: fc.dictionary(paths, tie('condition'), {
        minKeys: 1,
        maxKeys: 2,
        noNullPrototype: true,
      }),
      weight: 5,
    },
    fc
      .constantFrom('$and', '$or', '$nor')
      .chain((name) => one(name, fc.array(tie('filter'), { minLength: 1, maxLength: 2 }))),
  ),
}));

export const filters = filtersOfAll;

const directions = fc.constantFrom<1 | -1>(1, -1);

export const sorts: Arbitrary<Document> = fc.dictionary(paths, directions, {
  minKeys: 1,
  maxKeys: 2,
  noNullPrototype: true,
});

export interface IndexSpec {
  readonly key: Record<string, 1 | -1>;
  readonly options: Document;
}

export const indexes: Arbitrary<IndexSpec[]> = fc.uniqueArray(
  fc.record({
    key: fc.dictionary(paths, directions, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    options: fc.oneof(
      { arbitrary: fc.constant<Document>({}), weight: 3 },
      fc.constant<Document>({ sparse: true }),
      fc.constant<Document>({ partialFilterExpression: { a: { $gt: 0 } } }),
      fc.constant<Document>({ partialFilterExpression: { b: { $exists: true } } }),
    ),
  }),
  { minLength: 1, maxLength: 3, selector: ({ key }) => JSON.stringify(key) },
);

export interface Trial {
  readonly stored: Document[];
  readonly specs: IndexSpec[];
  readonly queries: { readonly filter: Document; readonly sort: Document | null }[];
}

/** An index on one path, with others beside it, and filters about that path: an index has much to get wrong. */
const focused: Arbitrary<Trial> = fc
  .tuple(fc.constantFrom('a', 'a.b', 'b.a'), directions)
  .chain(([path, direction]) =>
    fc.record({
      stored: fc.array(documents, { minLength: 4, maxLength: 16 }),
      specs: indexes.map((others) => [{ key: { [path]: direction }, options: {} }, ...others]),
      queries: fc.array(
        fc.record({
          filter: fc
            .tuple(conditions, fc.option(filtersOfAll, { freq: 3 }))
            .map(([condition, other]): Document =>
              other === null ? { [path]: condition } : { $and: [{ [path]: condition }, other] },
            ),
          sort: fc.oneof(sorts, fc.constant({ [path]: direction }), fc.constant(null)),
        }),
        { minLength: 4, maxLength: 12 },
      ),
    }),
  );

const scattered: Arbitrary<Trial> = fc.record({
  stored: fc.array(documents, { minLength: 1, maxLength: 12 }),
  specs: indexes,
  queries: fc.array(fc.record({ filter: filters, sort: fc.option(sorts) }), {
    minLength: 1,
    maxLength: 8,
  }),
});

/** Documents, indexes and what is asked of them. */
export const trials: Arbitrary<Trial> = fc.oneof({ arbitrary: focused, weight: 3 }, scattered);

/** One update operator on one path. */
export interface Modification {
  readonly operator: string;
  readonly path: string;
  readonly argument: unknown;
  /** What `path` ends in, besides: each element that equals the value, or the one that the filter found. */
  readonly elements?: { readonly kind: '$[x]' | '$'; readonly value: unknown };
}

export const modifications: Arbitrary<Modification> = fc
  .record({ path: fc.constantFrom('a', 'b', 'c', 'a.b', 'b.a', 'a.0', 'b.1.c'), value: plain })
  .chain(({ path, value }) =>
    fc
      .constantFrom<readonly [string, unknown]>(
        ['$set', value],
        ['$unset', ''],
        ['$inc', 1],
        ['$min', value],
        ['$max', value],
        ['$push', value],
        ['$addToSet', value],
        ['$pop', 1],
        ['$pop', -1],
        ['$pullAll', [value]],
        ['$rename', 'renamed'],
      )
      .map(([operator, argument]) => ({ operator, path, argument })),
  );

/** The operators that take more than a value, and updates of chosen elements of an array. */
export const richModifications: Arbitrary<Modification> = fc.oneof(
  { arbitrary: modifications, weight: 2 },
  {
    arbitrary: fc
      .record({
        path: fc.constantFrom('a', 'b', 'a.b', 'b.a'),
        value: scalars,
        list: fc.array(scalars, { maxLength: 3 }),
        position: fc.integer({ min: -2, max: 3 }),
        slice: fc.integer({ min: -3, max: 3 }),
        sort: directions,
        bits: fc.constantFrom('and', 'or', 'xor'),
      })
      .chain(({ path, value, list, position, slice, sort, bits }) =>
        fc
          .constantFrom<readonly [string, unknown]>(
            ['$mul', new Int32(2)],
            ['$bit', { [bits]: new Int32(6) }],
            ['$pull', value],
            ['$push', { $each: list, $position: position }],
            ['$push', { $each: list, $slice: slice }],
            ['$push', { $each: list, $sort: sort, $slice: slice }],
            ['$addToSet', { $each: list }],
          )
          .map(([operator, argument]) => ({ operator, path, argument })),
      ),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      operator: fc.constantFrom('$set', '$max'),
      path: fc.constantFrom('a', 'b', 'a.b'),
      argument: scalars,
      elements: fc.record({
        kind: fc.constantFrom<'$[x]' | '$'>('$[x]', '$'),
        value: scalars.filter((value) => value !== null),
      }),
    }),
    weight: 1,
  },
);

/** A change of all documents that match, or of the one that an upsert makes; in a transaction, or not. */
export interface Change {
  readonly filter: Document;
  readonly modification: Modification;
  readonly upsert: boolean;
  readonly within: 'nothing' | 'a transaction' | 'an aborted transaction';
}

export interface History extends Trial {
  readonly changes: Change[];
}

const within = fc.constantFrom<Change['within']>(
  'nothing',
  'nothing',
  'a transaction',
  'an aborted transaction',
);

const scatteredChanges: Arbitrary<Change[]> = fc.array(
  fc.record({
    filter: fc.oneof(filtersOfAll, fc.constant({}), fc.constant({ a: { $in: [1, 2, 3, 'a'] } })),
    modification: richModifications,
    upsert: fc.boolean(),
    within,
  }),
  { minLength: 1, maxLength: 6 },
);

const few = fc.integer({ min: 1, max: 4 });

/** Numbers under one index that updates move about in it, or that become arrays: what an index has to notice. */
const moving: Arbitrary<History> = fc.record({
  stored: fc.array(
    few.map((a) => ({ a })),
    { minLength: 3, maxLength: 6 },
  ),
  specs: fc.constant([{ key: { a: 1 as const }, options: {} }]),
  queries: fc.array(
    fc.record({
      filter: fc.oneof(
        fc.tuple(few, few).map(([$gt, $lt]) => ({ a: { $gt, $lt } })),
        fc.constant({ a: { $gte: 0 } }),
      ),
      sort: fc.constant(null),
    }),
    { minLength: 4, maxLength: 4 },
  ),
  changes: fc.array(
    fc.record({
      filter: fc.oneof(
        fc.constant({ a: { $in: [1, 2, 3, 4, 5] } }),
        fc.constant({ $or: [{ a: 1 }, { a: { $gt: 1 } }] }),
        few.map((_id) => ({ _id })),
      ),
      modification: fc.oneof(
        fc.constant({ operator: '$inc', path: 'a', argument: new Int32(1) }),
        fc.constant({ operator: '$mul', path: 'a', argument: new Int32(2) }),
        {
          arbitrary: few.map((value) => ({
            operator: '$set',
            path: 'a',
            argument: [1, value + 4],
          })),
          weight: 3,
        },
      ),
      upsert: fc.constant(false),
      within: fc.oneof(within, fc.constant<Change['within']>('an aborted transaction')),
    }),
    { minLength: 2, maxLength: 5 },
  ),
});

export const histories: Arbitrary<History> = fc.oneof(
  moving,
  fc.record({ trial: trials, changes: scatteredChanges }).map(({ trial, changes }) => ({
    ...trial,
    changes,
  })),
);

export const updateOf = ({ operator, path, argument, elements }: Modification): Document => ({
  [operator]: { [elements ? `${path}.${elements.kind}` : path]: argument },
});
