import { CommandError } from '../command-error.ts';
import { encode } from './codec.ts';
import { compileFilter } from './filter.ts';
import { compileProjection } from './projection.ts';
import { documentOf } from './value.ts';

type Plain = Record<string, unknown>;

const expectProjection = (
  spec: Plain,
  document: Plain,
  expected: Plain,
  filter: Plain = {},
): void => {
  const projected = compileProjection(documentOf(spec), compileFilter(documentOf(filter))).apply(
    documentOf(document),
  );
  expect(Buffer.from(encode(projected)).toString()).toBe(
    Buffer.from(encode(documentOf(expected))).toString(),
  );
};

const refusal = (spec: Plain, filter: Plain = {}): number | undefined => {
  try {
    compileProjection(documentOf(spec), compileFilter(documentOf(filter)));
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
};

describe('projection', () => {
  it('includes fields in the order of the document, with _id unless told otherwise', () => {
    expectProjection({ c: 1, a: true }, { _id: 1, a: 2, b: 3, c: 4 }, { _id: 1, a: 2, c: 4 });
    expectProjection({ a: 1, _id: 0 }, { _id: 1, a: 2 }, { a: 2 });
    expectProjection({ _id: 1 }, { _id: 1, a: 2 }, { _id: 1 });
    expectProjection({}, { _id: 1, a: 2 }, { _id: 1, a: 2 });
  });

  it('includes and excludes inside documents and arrays', () => {
    const document = { _id: 1, a: [{ b: 1, c: 2 }, 5, [{ b: 3, c: 4 }]], d: { b: 1 }, e: 9 };
    expectProjection({ 'a.b': 1 }, document, { _id: 1, a: [{ b: 1 }, [{ b: 3 }]] });
    expectProjection({ 'a.b': 0 }, document, {
      _id: 1,
      a: [{ c: 2 }, 5, [{ c: 4 }]],
      d: { b: 1 },
      e: 9,
    });
    expectProjection({ d: { b: 1 }, 'e.x': 1 }, document, { _id: 1, d: { b: 1 } });
    expectProjection({ _id: 0, d: 0, a: 0 }, document, { e: 9 });
  });

  it('cuts arrays by $slice, alone or beside other fields', () => {
    const document = { _id: 1, a: [1, 2, 3, 4], b: { c: [1, 2] }, d: 5 };
    expectProjection({ a: { $slice: 2 } }, document, { _id: 1, a: [1, 2], b: { c: [1, 2] }, d: 5 });
    expectProjection({ a: { $slice: -1 }, d: 1 }, document, { _id: 1, a: [4], d: 5 });
    expectProjection({ a: { $slice: [1, 2] }, b: 0 }, document, { _id: 1, a: [2, 3], d: 5 });
    expectProjection({ a: { $slice: [-3, 2] }, _id: 1 }, document, { _id: 1, a: [2, 3] });
    expectProjection({ 'b.c': { $slice: 1 } }, document, {
      _id: 1,
      a: [1, 2, 3, 4],
      b: { c: [1] },
      d: 5,
    });
  });

  it('keeps the first element that $elemMatch or the filter matched', () => {
    const document = { _id: 1, a: [{ b: 1 }, { b: 2, c: 1 }, { b: 2 }] };
    expectProjection({ a: { $elemMatch: { b: 2 } } }, document, { _id: 1, a: [{ b: 2, c: 1 }] });
    expectProjection({ a: { $elemMatch: { b: 9 } } }, document, { _id: 1 });
    expectProjection({ 'a.$': 1 }, document, { _id: 1, a: [{ b: 2, c: 1 }] }, { 'a.b': 2 });
    expect(refusal({ 'a.$': 1 }, { x: 1 })).toBe(31277);
    expect(refusal({ 'a.$': 0 }, { a: 1 })).toBe(31395);
    expect(refusal({ 'a.$': 1, 'b.$': 1 }, { a: 1, b: 1 })).toBe(31276);
    expect(refusal({ 'a.b': { $elemMatch: { c: 1 } } })).toBe(31275);
  });

  it('computes expressions after the fields that it keeps', () => {
    const document = { _id: 1, a: 2, b: { c: 3 } };
    expectProjection({ x: { $add: ['$a', '$b.c'] }, a: 1 }, document, { _id: 1, a: 2, x: 5 });
    expectProjection({ x: '$a', 'b.d': { $literal: 1 } }, document, { _id: 1, b: { d: 1 }, x: 2 });
    expectProjection({ x: '$missing', y: 'text' }, document, { _id: 1, y: 'text' });
  });

  it('refuses mixtures, collisions and unknown operators with MongoDB’s codes', () => {
    expect(refusal({ a: 1, b: 0 })).toBe(31254);
    expect(refusal({ a: 0, b: 1 })).toBe(31253);
    expect(refusal({ a: 1, 'a.b': 1 })).toBe(31249);
    expect(refusal({ 'a.b': 1, a: 1 })).toBe(31250);
    expect(refusal({ a: { $foo: 1 } })).toBe(168);
    expect(refusal({ a: { $meta: 'textScore' } })).toBe(168);
    expect(refusal({ a: 0, b: '$c' })).toBe(31310);
    expect(refusal({ a: {} })).toBe(51270);
    expect(refusal({ 'a.': 1 })).toBe(40353);
    expect(refusal({ a: { $slice: 'x' } })).toBe(31273);
  });
});
