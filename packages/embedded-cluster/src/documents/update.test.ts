import { Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import fc from 'fast-check';
import { commonValues, documents } from '../../test/documents/arbitrary-values.ts';
import { CommandError } from '../command-error.ts';
import { encode } from './codec.ts';
import { compareValues } from './compare.ts';
import { compileFilter } from './filter.ts';
import { compileUpdate, type UpdateContext } from './update.ts';
import { valueAtPath } from './update/path-edit.ts';
import { type Document, documentOf, type Value } from './value.ts';

type Plain = Record<string, unknown>;

const context: UpdateContext = {
  inserting: false,
  nowMs: 1000,
  clusterTime: new Timestamp({ t: 7, i: 1 }),
};

const filtersOf = (filters: Plain[]): Document[] => filters.map(documentOf);

const update = (
  document: Plain,
  source: Plain,
  arrayFilters: Plain[] = [],
  arrayIndex?: number,
): Document =>
  compileUpdate(documentOf(source), { arrayFilters: filtersOf(arrayFilters) }).apply(
    documentOf(document),
    { ...context, arrayIndex },
  );

const expectUpdate = (
  document: Plain,
  source: Plain,
  expected: Plain,
  arrayFilters: Plain[] = [],
  arrayIndex?: number,
): void => {
  const updated = update(document, source, arrayFilters, arrayIndex);
  expect(Buffer.from(encode(updated)).toString('hex')).toBe(
    Buffer.from(encode(documentOf(expected))).toString('hex'),
  );
};

const refusal = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.codeName;
    throw error;
  }
};

describe('update operators', () => {
  it('sets fields in the order of their names, numbers by value', () => {
    expectUpdate(
      { _id: 1 },
      { $set: { b: 1, a: 2, 'c.10': 1, 'c.9': 2 } },
      { _id: 1, a: 2, b: 1, c: documentInOrder() },
    );
    expectUpdate({ a: 1, b: 2 }, { $set: { b: 3 } }, { a: 1, b: 3 });
    expectUpdate({ a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] });
    expectUpdate({ a: [{ b: 1 }] }, { $set: { 'a.0.c': 2 } }, { a: [{ b: 1, c: 2 }] });
  });

  it('unsets fields, and leaves null in arrays', () => {
    expectUpdate({ a: 1, b: { c: 1 } }, { $unset: { a: '', 'b.c': '', 'x.y': '' } }, { b: {} });
    expectUpdate({ a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] });
  });

  it('widens numbers as the server does', () => {
    const int = new Int32(2147483647);
    expectUpdate({ a: int }, { $inc: { a: 1 } }, { a: Long.fromString('2147483648') });
    expectUpdate({ a: 1 }, { $inc: { a: 1.5 } }, { a: new Double(2.5) });
    expectUpdate({ a: 1 }, { $inc: { a: Long.fromNumber(1) } }, { a: Long.fromNumber(2) });
    expectUpdate(
      { a: Decimal128.fromString('0.1') },
      { $inc: { a: Decimal128.fromString('0.2') } },
      { a: Decimal128.fromString('0.3') },
    );
    expectUpdate(
      { a: Decimal128.fromString('1') },
      { $inc: { a: 0.1 } },
      { a: Decimal128.fromString('1.100000000000000') },
    );
    expectUpdate({}, { $inc: { 'a.b': 5 } }, { a: { b: 5 } });
    expectUpdate(
      { a: 3 },
      { $mul: { a: 2, b: Long.fromNumber(4) } },
      { a: 6, b: Long.fromNumber(0) },
    );
    expectUpdate({}, { $mul: { a: 1.5 } }, { a: new Double(0) });
    expect(refusal(() => update({ a: Long.MAX_VALUE }, { $inc: { a: 1 } }))).toBe('BadValue');
    expect(refusal(() => update({ a: 'x' }, { $inc: { a: 1 } }))).toBe('TypeMismatch');
    expect(refusal(() => update({ a: null }, { $inc: { a: 1 } }))).toBe('TypeMismatch');
    expect(refusal(() => update({}, { $inc: { a: 'x' } }))).toBe('TypeMismatch');
  });

  it('takes the lesser and the greater by the order of all types', () => {
    expectUpdate({ a: 5, b: 5 }, { $min: { a: 3, b: 7, c: 1 } }, { a: 3, b: 5, c: 1 });
    expectUpdate({ a: 5 }, { $max: { a: 'x' } }, { a: 'x' });
    expectUpdate({ a: 5 }, { $min: { a: null } }, { a: null });
    expectUpdate({ a: 5 }, { $max: { a: new Double(5) } }, { a: 5 });
  });

  it('renames, also into and out of documents, but not through arrays', () => {
    expectUpdate({ a: 1, b: 2 }, { $rename: { a: 'c.d' } }, { b: 2, c: { d: 1 } });
    expectUpdate({ a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 });
    expectUpdate({ b: 2 }, { $rename: { a: 'b' } }, { b: 2 });
    expect(refusal(() => update({ a: [1] }, { $rename: { 'a.0': 'b' } }))).toBe('BadValue');
    expect(refusal(() => update({ a: 1, b: [1] }, { $rename: { a: 'b.0' } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $rename: { a: 'a' } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $rename: { a: 'a.b' } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $rename: { a: 'b' }, $set: { b: 1 } }))).toBe(
      'ConflictingUpdateOperators',
    );
  });

  it('sets the time that it is given', () => {
    expectUpdate(
      {},
      { $currentDate: { a: true, b: { $type: 'timestamp' }, c: { $type: 'date' } } },
      { a: new Date(1000), b: new Timestamp({ t: 7, i: 1 }), c: new Date(1000) },
    );
    expect(refusal(() => update({}, { $currentDate: { a: 1 } }))).toBe('BadValue');
  });

  it('pushes with position, sort and slice', () => {
    expectUpdate({ a: [1] }, { $push: { a: 2, b: [3] } }, { a: [1, 2], b: [[3]] });
    expectUpdate(
      { a: [1, 4] },
      { $push: { a: { $each: [2, 3], $position: 1 } } },
      { a: [1, 2, 3, 4] },
    );
    expectUpdate({ a: [1, 4] }, { $push: { a: { $each: [2], $position: -1 } } }, { a: [1, 2, 4] });
    expectUpdate(
      { a: [3, 1] },
      { $push: { a: { $each: [2], $sort: -1, $slice: 2 } } },
      { a: [3, 2] },
    );
    expectUpdate({ a: [1, 2] }, { $push: { a: { $each: [3], $slice: -2 } } }, { a: [2, 3] });
    expectUpdate(
      { a: [{ x: 2 }, { x: 1 }, 5] },
      { $push: { a: { $each: [], $sort: { x: 1 } } } },
      { a: [5, { x: 1 }, { x: 2 }] },
    );
    expectUpdate({ a: [1] }, { $push: { a: { $each: [2], $slice: 0 } } }, { a: [] });
    expect(refusal(() => update({ a: 1 }, { $push: { a: 2 } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $push: { a: { $each: 1 } } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $push: { a: { $each: [], $foo: 1 } } }))).toBe('BadValue');
  });

  it('adds to sets what no element equals', () => {
    expectUpdate({ a: [1] }, { $addToSet: { a: new Double(1), b: 2 } }, { a: [1], b: [2] });
    expectUpdate({ a: [1] }, { $addToSet: { a: { $each: [2, 2, 1] } } }, { a: [1, 2] });
    expectUpdate({ a: [] }, { $addToSet: { a: [1, 2] } }, { a: [[1, 2]] });
    expect(refusal(() => update({ a: 1 }, { $addToSet: { a: 1 } }))).toBe('BadValue');
  });

  it('pops and pulls', () => {
    expectUpdate(
      { a: [1, 2, 3], b: [1, 2] },
      { $pop: { a: 1, b: -1, c: 1 } },
      { a: [1, 2], b: [2] },
    );
    expectUpdate({ a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] });
    expectUpdate({ a: [{ x: 1, y: 2 }, { x: 2 }] }, { $pull: { a: { x: 1 } } }, { a: [{ x: 2 }] });
    expectUpdate({ a: [1, [1], 2] }, { $pull: { a: 1 } }, { a: [[1], 2] });
    expectUpdate({ a: [1, 2, 1] }, { $pullAll: { a: [1, 7] } }, { a: [2] });
    expectUpdate({ a: [{ b: [1, 2] }] }, { $pull: { 'a.0.b': 1 } }, { a: [{ b: [2] }] });
    expect(refusal(() => update({ a: 1 }, { $pop: { a: 1 } }))).toBe('TypeMismatch');
    expect(refusal(() => update({ a: 1 }, { $pull: { a: 1 } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $pop: { a: 2 } }))).toBe('FailedToParse');
  });

  it('runs bitwise operations', () => {
    expectUpdate({ a: 13 }, { $bit: { a: { and: 10 } } }, { a: 8 });
    expectUpdate(
      { a: 5 },
      { $bit: { a: { or: Long.fromNumber(8) }, b: { xor: 3 } } },
      { a: Long.fromNumber(13), b: 3 },
    );
    expect(refusal(() => update({ a: 1.5 }, { $bit: { a: { and: 1 } } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $bit: { a: { nand: 1 } } }))).toBe('BadValue');
  });

  it('expands positional operators and array filters', () => {
    expectUpdate({ a: [1, 2] }, { $set: { 'a.$': 9 } }, { a: [1, 9] }, [], 1);
    expectUpdate({ a: [1, 2] }, { $inc: { 'a.$[]': 1 } }, { a: [2, 3] });
    expectUpdate({ a: [1, 5] }, { $set: { 'a.$[big]': 0 } }, { a: [1, 0] }, [{ big: { $gt: 3 } }]);
    expectUpdate(
      { a: [{ b: [1, 2] }, { b: [3] }] },
      { $set: { 'a.$[].b.$[x]': 0 } },
      { a: [{ b: [1, 0] }, { b: [0] }] },
      [{ x: { $gte: 2 } }],
    );
    expectUpdate(
      { a: [{ g: 1 }, { g: 5 }] },
      { $set: { 'a.$[e].h': true } },
      { a: [{ g: 1 }, { g: 5, h: true }] },
      [{ 'e.g': { $gt: 3 } }],
    );
    expect(refusal(() => update({ a: [1] }, { $set: { 'a.$': 1 } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $set: { 'a.$[]': 1 } }))).toBe('BadValue');
    expect(refusal(() => update({ a: 1 }, { $set: { 'a.$[]': 1 } }))).toBe('BadValue');
    expect(refusal(() => update({ a: [1] }, { $set: { 'a.$[x]': 1 } }))).toBe('BadValue');
    expect(refusal(() => update({}, { $set: { a: 1 } }, [{ x: 1 }]))).toBe('FailedToParse');
    expect(
      refusal(() =>
        update({ a: [1] }, { $set: { 'a.$[x]': 1, 'a.$[y]': 2 } }, [{ x: 1 }, { y: 1 }]),
      ),
    ).toBe('ConflictingUpdateOperators');
  });

  it('refuses paths that meet, and operators that are none', () => {
    expect(refusal(() => update({}, { $set: { a: 1, 'a.b': 2 } }))).toBe(
      'ConflictingUpdateOperators',
    );
    expect(refusal(() => update({}, { $set: { 'a.b': 1 }, $inc: { a: 2 } }))).toBe(
      'ConflictingUpdateOperators',
    );
    expect(refusal(() => update({}, { $set: { a: 1 }, $inc: { a: 2 } }))).toBe(
      'ConflictingUpdateOperators',
    );
    expect(refusal(() => update({ a: 5 }, { $set: { 'a.b': 2 } }))).toBe('PathNotViable');
    expect(refusal(() => update({ a: [5] }, { $set: { 'a.b': 2 } }))).toBe('PathNotViable');
    expect(refusal(() => update({}, { $set: { 'a..b': 2 } }))).toBe('EmptyFieldName');
    expect(refusal(() => update({}, { $set: { '': 2 } }))).toBe('EmptyFieldName');
    expect(refusal(() => update({}, { $set: { $a: 2 } }))).toBe('DollarPrefixedFieldName');
    expect(refusal(() => update({}, { $set: 2 }))).toBe('FailedToParse');
    expect(refusal(() => update({}, { $foo: { a: 2 } }))).toBe('FailedToParse');
    expect(refusal(() => update({}, { $set: { a: 1 }, b: 2 }))).toBe('FailedToParse');
  });

  it('keeps _id', () => {
    expect(refusal(() => update({ _id: 1 }, { $set: { _id: 2 } }))).toBe('ImmutableField');
    expect(refusal(() => update({ _id: 1 }, { $unset: { _id: '' } }))).toBe('ImmutableField');
    expect(refusal(() => update({ _id: 1 }, { $rename: { _id: 'a' } }))).toBe('ImmutableField');
    expect(refusal(() => update({ _id: { a: 1 } }, { $set: { '_id.a': 2 } }))).toBe(
      'ImmutableField',
    );
    expectUpdate({ _id: 1 }, { $set: { _id: 1, a: 1 } }, { _id: 1, a: 1 });
  });

  it('returns the document itself where nothing changed, else a new one', () => {
    const document = documentOf({ a: 1, b: [1] });
    const apply = (source: Plain): Document =>
      compileUpdate(documentOf(source)).apply(document, context);
    for (const source of [
      { $set: { a: 1 } },
      { $unset: { x: '' } },
      { $inc: { a: 0 } },
      { $addToSet: { b: 1 } },
      { $push: { b: { $each: [] } } },
      { $pull: { b: 7 } },
      { $setOnInsert: { c: 1 } },
      { $set: {} },
    ]) {
      expect(apply(source)).toBe(document);
    }
    expect(apply({ $set: { a: new Double(1) } })).not.toBe(document);
  });

  it('never changes the document that it is given', () => {
    fc.assert(
      fc.property(documents, commonValues, (document, value) => {
        const before = Buffer.from(encode(document)).toString('hex');
        for (const operator of ['$set', '$push', '$addToSet', '$pull', '$min', '$unset']) {
          for (const path of ['a', 'a.b', 'a.0', 'b.a.c']) {
            refusal(() =>
              compileUpdate(new Map([[operator, new Map([[path, value]])]])).apply(
                document,
                context,
              ),
            );
          }
        }
        expect(Buffer.from(encode(document)).toString('hex')).toBe(before);
      }),
    );
  });

  it('lets a filter find what was set', () => {
    fc.assert(
      fc.property(
        documents,
        fc.constantFrom('a', 'a.b', 'a.0', 'b.a.c'),
        commonValues,
        (document, path, value) => {
          let updated: Document;
          try {
            updated = compileUpdate(new Map([['$set', new Map([[path, value]])]])).apply(
              document,
              context,
            );
          } catch (error) {
            expect(error).toBeInstanceOf(CommandError);
            return;
          }
          expect(compareValues(valueAtPath(updated, path.split('.')), value)).toBe(0);
          const isFound = compileFilter(new Map([[path, new Map([['$eq', value]])]]));
          expect(isFound.matches(updated)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function documentInOrder(): Value {
  return new Map<string, Value>([
    ['9', new Int32(2)],
    ['10', new Int32(1)],
  ]);
}
