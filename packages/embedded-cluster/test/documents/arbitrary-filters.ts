import { BSONRegExp, Int32, MaxKey, MinKey } from 'bson';
import fc, { type Arbitrary } from 'fast-check';
import type { Document, Value } from '../../src/documents/value.ts';
import { commonValues } from './arbitrary-values.ts';

export const paths = fc.constantFrom('a', 'b', 'a.a', 'a.b', 'b.a', 'a.0', 'a.b.c', 'c');

const operands: Arbitrary<Value> = fc.oneof(
  { arbitrary: commonValues, weight: 9 },
  fc.constantFrom<Value>(new MinKey(), new MaxKey()),
);

const operator = (name: string, argument: Arbitrary<Value>): Arbitrary<[string, Value]> =>
  argument.map((value) => [name, value]);

const number = (min: number, max: number): Arbitrary<Value> =>
  fc.integer({ min, max }).map((value) => new Int32(value));

const isOperators = (value: Value): boolean =>
  value instanceof Map && [...value.keys()].some((name) => name.startsWith('$'));

const plain = operands.filter((value) => !isOperators(value));

const expressions = fc
  .constantFrom('^a', 'a', '^ab?', 'b$', '^a|b')
  .map((pattern) => new BSONRegExp(pattern));

const comparisons = fc.oneof(
  ...['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'].map((name) => operator(name, operands)),
);

const simpleOperators: Arbitrary<[string, Value]> = fc.oneof(
  { arbitrary: comparisons, weight: 6 },
  operator('$in', fc.array(fc.oneof(plain, expressions), { maxLength: 3 })),
  operator('$nin', fc.array(plain, { maxLength: 3 })),
  operator('$exists', fc.boolean()),
  operator('$type', fc.constantFrom('number', 'string', 'array', 'null', 'object')),
  operator('$regex', fc.constantFrom('^a', 'b', '^ab*')),
  operator('$size', number(0, 3)),
  operator('$all', fc.array(plain, { maxLength: 2 })),
  operator('$mod', fc.constant([new Int32(2), new Int32(1)])),
);

const operatorDocument = (one: Arbitrary<[string, Value]>): Arbitrary<Document> =>
  fc
    .uniqueArray(one, { minLength: 1, maxLength: 2, selector: ([name]) => name })
    .map((operators) => new Map(operators));

/** Filters of every kind in scope, over few paths and values, so that they often match. */
export const filters: Arbitrary<Document> = fc.letrec<{
  filter: Document;
  field: [string, Value];
  condition: Value;
}>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: plain, weight: 2 },
    { arbitrary: operatorDocument(simpleOperators), weight: 6 },
    operatorDocument(operator('$not', operatorDocument(simpleOperators))),
    operatorDocument(operator('$elemMatch', operatorDocument(simpleOperators))),
    operatorDocument(operator('$elemMatch', tie('filter'))),
  ),
  field: fc.tuple(paths, tie('condition')),
  filter: fc.oneof(
    { depthSize: 'small' },
    {
      arbitrary: fc
        .uniqueArray(tie('field'), { minLength: 1, maxLength: 2, selector: ([name]) => name })
        .map((fields): Document => new Map(fields)),
      weight: 5,
    },
    fc
      .tuple(
        fc.constantFrom('$and', '$or', '$nor'),
        fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
      )
      .map(([name, branches]): Document => new Map([[name, branches]])),
  ),
})).filter;
