import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { filters } from '../../test/documents/arbitrary-filters.ts';
import { documents } from '../../test/documents/arbitrary-values.ts';
import { CommandError } from '../command-error.ts';
import { compileFilter } from './filter.ts';
import { encodeIndexKey } from './index-key.ts';
import { keyTuples } from './key-tuples.ts';
import { parsePath } from './path.ts';
import { documentOf } from './value.ts';

type Plain = Record<string, unknown>;

const matches = (filter: Plain, document: Plain): boolean =>
  compileFilter(documentOf(filter)).matches(documentOf(document));

const refusal = (filter: Plain): unknown => {
  try {
    compileFilter(documentOf(filter));
    return undefined;
  } catch (error) {
    return error instanceof CommandError ? error.code : error;
  }
};

describe('filter', () => {
  it('meets arrays by their elements and as a whole', () => {
    expect(matches({ a: 2 }, { a: [1, 2] })).toBe(true);
    expect(matches({ a: [1, 2] }, { a: [1, 2] })).toBe(true);
    expect(matches({ a: [1, 2] }, { a: [[1, 2], 3] })).toBe(true);
    expect(matches({ a: [2, 1] }, { a: [1, 2] })).toBe(false);
    expect(matches({ a: { $gt: 1, $lt: 2 } }, { a: [0, 3] })).toBe(true);
    expect(matches({ a: { $elemMatch: { $gt: 1, $lt: 2 } } }, { a: [0, 3] })).toBe(false);
    expect(matches({ 'a.b': 1 }, { a: [{ b: 2 }, { b: [0, 1] }] })).toBe(true);
    expect(matches({ a: { $elemMatch: { $elemMatch: { $gt: 6 } } } }, { a: [1, [7]] })).toBe(true);
    expect(matches({ a: 1 }, { a: [[1]] })).toBe(false);
  });

  it('takes a number in a path as a position and as a name', () => {
    expect(matches({ 'a.1': 5 }, { a: [4, 5] })).toBe(true);
    expect(matches({ 'a.1': 5 }, { a: { 1: 5 } })).toBe(true);
    expect(matches({ 'a.1': 5 }, { a: [{ 1: 5 }] })).toBe(true);
    expect(matches({ 'a.1.b': 5 }, { a: [0, { b: 5 }] })).toBe(true);
    expect(matches({ 'a.0.b': 5 }, { a: [[{ b: 5 }]] })).toBe(true);
    // An array named by its position is not entered.
    expect(matches({ 'a.0': 1 }, { a: [[1, 2]] })).toBe(false);
    expect(matches({ 'a.0': [1, 2] }, { a: [[1, 2]] })).toBe(true);
  });

  it('finds null where the field is null or missing, but not in scalars of an array', () => {
    expect(matches({ a: null }, {})).toBe(true);
    expect(matches({ a: null }, { a: [1, null] })).toBe(true);
    expect(matches({ a: null }, { a: [] })).toBe(false);
    expect(matches({ 'a.b': null }, { a: 5 })).toBe(true);
    expect(matches({ 'a.b': null }, { a: [{ b: 1 }, {}] })).toBe(true);
    expect(matches({ 'a.b': null }, { a: [1, 2] })).toBe(false);
    expect(matches({ 'a.b': null }, { a: [] })).toBe(false);
    expect(matches({ a: { $gte: null } }, {})).toBe(true);
    expect(matches({ a: { $gt: null } }, { a: 1 })).toBe(false);
    expect(matches({ a: { $ne: null } }, { a: 1 })).toBe(true);
    expect(matches({ a: { $in: [null, 3] } }, {})).toBe(true);
    expect(matches({ a: { $nin: [null] } }, {})).toBe(false);
  });

  it('compares only within a type, but MinKey and MaxKey with all', () => {
    expect(matches({ a: { $gt: 5 } }, { a: 'x' })).toBe(false);
    expect(matches({ a: { $lt: 'x' } }, { a: 5 })).toBe(false);
    expect(matches({ a: { $gt: new MinKey() } }, { a: 'x' })).toBe(true);
    expect(matches({ a: { $lt: new MaxKey() } }, {})).toBe(true);
    expect(matches({ a: { $lt: new Date(5) } }, { a: new Timestamp({ t: 0, i: 1 }) })).toBe(false);
    expect(matches({ a: { $gte: true } }, { a: true })).toBe(true);
  });

  it('compares numbers across types, and NaN only with itself', () => {
    expect(matches({ a: 1 }, { a: new Double(1) })).toBe(true);
    expect(matches({ a: Long.fromString('9007199254740993') }, { a: new Double(2 ** 53) })).toBe(
      false,
    );
    expect(matches({ a: { $gt: new Double(0.1) } }, { a: Decimal128.fromString('0.1') })).toBe(
      false,
    );
    expect(matches({ a: { $lt: new Double(0.1) } }, { a: Decimal128.fromString('0.1') })).toBe(
      true,
    );
    expect(matches({ a: NaN }, { a: NaN })).toBe(true);
    expect(matches({ a: { $gte: NaN } }, { a: NaN })).toBe(true);
    expect(matches({ a: { $lt: 5 } }, { a: NaN })).toBe(false);
    expect(matches({ a: { $gte: NaN } }, { a: 5 })).toBe(false);
  });

  it('compares documents by their fields in order', () => {
    expect(matches({ a: { x: 1, y: 2 } }, { a: { x: 1, y: 2 } })).toBe(true);
    expect(matches({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toBe(false);
    expect(matches({ a: { $eq: {} } }, { a: {} })).toBe(true);
  });

  it('tells existence, types and sizes', () => {
    expect(matches({ a: { $exists: true } }, { a: null })).toBe(true);
    expect(matches({ a: { $exists: false } }, { a: null })).toBe(false);
    expect(matches({ 'a.b': { $exists: true } }, { a: [{}, { b: 1 }] })).toBe(true);
    expect(matches({ a: { $type: 'number' } }, { a: ['x', 1] })).toBe(true);
    expect(matches({ a: { $type: 4 } }, { a: [] })).toBe(true);
    expect(matches({ a: { $type: ['null', 'string'] } }, {})).toBe(false);
    expect(matches({ a: { $size: 2 } }, { a: [1, [2]] })).toBe(true);
    expect(matches({ a: { $size: 1 } }, { a: [[1], 2] })).toBe(false);
    const many = [...Array.from({ length: 20 }, (_, n) => n * 2), null, new BSONRegExp('^x')];
    expect(matches({ a: { $in: many } }, { a: new Double(6) })).toBe(true);
    expect(matches({ a: { $in: many } }, { a: [1, 6] })).toBe(true);
    expect(matches({ a: { $in: many } }, {})).toBe(true);
    expect(matches({ a: { $in: many } }, { a: 'xy' })).toBe(true);
    expect(matches({ a: { $in: many } }, { a: 7 })).toBe(false);
    expect(refusal({ a: { $size: -1 } })).toBe(2);
    expect(refusal({ a: { $type: 'nope' } })).toBe(2);
  });

  it('runs $all, $mod and the bit tests', () => {
    expect(matches({ a: { $all: [1, 2] } }, { a: [2, 1, 3] })).toBe(true);
    expect(matches({ a: { $all: [] } }, { a: [] })).toBe(false);
    expect(matches({ a: { $all: [[1]] } }, { a: [[1]] })).toBe(true);
    expect(matches({ a: { $mod: [4, 1] } }, { a: new Double(5.9) })).toBe(true);
    expect(matches({ a: { $mod: [4, -1] } }, { a: -5 })).toBe(true);
    expect(matches({ a: { $bitsAllSet: 5 } }, { a: 7 })).toBe(true);
    expect(matches({ a: { $bitsAnyClear: [0, 70] } }, { a: -1 })).toBe(false);
    expect(matches({ a: { $bitsAllSet: [200] } }, { a: -1 })).toBe(true);
    expect(matches({ a: { $bitsAllClear: [1] } }, { a: new Double(1.5) })).toBe(false);
    expect(matches({ a: { $bitsAllSet: [8] } }, { a: new Binary(Uint8Array.of(0, 1)) })).toBe(true);
    expect(refusal({ a: { $mod: [0, 1] } })).toBe(2);
    expect(refusal({ a: { $mod: [1] } })).toBe(2);
  });

  it('says where in the array it matched, the outermost array first', () => {
    const index = (filter: Plain, document: Plain): number | undefined =>
      compileFilter(documentOf(filter)).match(documentOf(document)).arrayIndex;
    expect(index({ a: 3 }, { a: [1, 3] })).toBe(1);
    expect(index({ 'a.b': 2 }, { a: [{ b: 9 }, { b: [1, 2] }] })).toBe(1);
    expect(index({ a: { $elemMatch: { b: 2 } } }, { a: [{ b: 9 }, { b: 2 }] })).toBe(1);
    expect(index({ a: 3 }, { a: 3 })).toBeUndefined();
    expect(index({ a: 3, $or: [{ b: 1 }, { c: 7 }] }, { a: [1, 3], c: [0, 0, 7] })).toBe(1);
  });

  // expression_tree.cpp: an $or asks its branches without asking where, and one of equalities is an $in.
  it('does not say where a branch of $or matched, except where it is an $in', () => {
    const index = (filter: Plain, document: Plain): number | undefined =>
      compileFilter(documentOf(filter)).match(documentOf(document)).arrayIndex;
    expect(index({ $or: [{ b: 1 }, { a: 3 }] }, { a: [1, 3] })).toBeUndefined();
    expect(index({ $or: [{ a: 3 }, { a: { $gt: 5 } }] }, { a: [1, 3] })).toBeUndefined();
    expect(index({ $or: [{ a: 3 }] }, { a: [1, 3] })).toBe(1);
    expect(index({ $or: [{ a: 3 }, { a: 2 }] }, { a: [1, 2, 3] })).toBe(1);
    expect(index({ a: 3, $or: [{ b: 1, c: 1 }, { d: 4 }] }, { a: [1, 3], b: [0, 1], d: 4 })).toBe(
      1,
    );
  });

  it('runs regular expressions with the meaning of PCRE', () => {
    const runs = (pattern: string, options: string, text: string): boolean =>
      matches({ a: new BSONRegExp(pattern, options) }, { a: text });
    expect(runs('^ab', '', 'abc')).toBe(true);
    expect(runs('AB', 'i', 'xabx')).toBe(true);
    expect(runs('b$', '', 'ab\n')).toBe(true);
    expect(runs('b$', '', 'ab\n\n')).toBe(false);
    expect(runs('^b', 'm', 'a\nb')).toBe(true);
    expect(runs('a.b', '', 'a\nb')).toBe(false);
    expect(runs('a.b', '', 'a\rb')).toBe(true);
    expect(runs('a.b', 's', 'a\nb')).toBe(true);
    expect(runs('a b # note', 'x', 'ab')).toBe(true);
    expect(runs('\\s', '', '\u00a0')).toBe(false);
    expect(runs('^\\x{e9}$', '', 'é')).toBe(true);
    expect(runs('[[:alpha:]_]+-', '', 'ab_-')).toBe(true);
    expect(runs('[]a]', '', ']')).toBe(true);
    expect(runs('\\Aa\\z', '', 'a\n')).toBe(false);
    expect(runs('\\Qa.b\\E', '', 'axb')).toBe(false);
    expect(runs('a{x}', '', 'a{x}')).toBe(true);
    expect(runs('.', '', '😀')).toBe(true);
    expect(runs('^.$', '', '😀')).toBe(true);
    expect(matches({ a: new BSONRegExp('a') }, { a: new BSONRegExp('a') })).toBe(true);
    expect(matches({ a: new BSONRegExp('a') }, { a: new BSONSymbol('xax') })).toBe(true);
    expect(matches({ a: { $regex: 'A', $options: 'i' } }, { a: ['b', 'a'] })).toBe(true);
    expect(matches({ a: { $not: new BSONRegExp('a') } }, { a: 1 })).toBe(true);
    expect(matches({ a: { $in: [new BSONRegExp('^a')] } }, { a: 'ab' })).toBe(true);
  });

  it('refuses expressions that JavaScript would run with another meaning', () => {
    for (const pattern of [
      '(a)\\1',
      'a++',
      '(?>a)',
      '(?i:a)',
      '(*UCP)a',
      '\\K',
      '[[.a.]]',
      '(',
      'a\\',
    ]) {
      expect(refusal({ a: new BSONRegExp(pattern) })).toBe(51091);
    }
    expect(refusal({ a: { $regex: 'a', $options: 'q' } })).toBe(51108);
    expect(refusal({ a: { $regex: new BSONRegExp('a', 'i'), $options: 'i' } })).toBe(51075);
    expect(refusal({ a: { $options: 'i' } })).toBe(2);
  });

  it('refuses what is outside the scope with MongoDB’s code', () => {
    const refused = [
      { $where: 'true' },
      { $text: { $search: 'a' } },
      { $jsonSchema: {} },
      { a: { $near: [0, 0] } },
      { a: { $geoWithin: {} } },
      { a: { $foo: 1 } },
      { a: { $gt: 1, b: 1 } },
      { $or: [] },
      { $and: {} },
      { $nor: [1] },
      { a: { $in: 1 } },
      { a: { $in: [{ $gt: 1 }] } },
      { a: { $not: 1 } },
      { a: { $not: {} } },
      { a: { $ne: new BSONRegExp('a') } },
      { a: { $gt: new BSONRegExp('a') } },
      { a: { $all: 1 } },
      { a: { $elemMatch: 1 } },
    ];
    for (const filter of refused) expect(refusal(filter)).toBe(2);
    expect(refusal({ a: { $ref: 'x', $id: 1 } })).toBeUndefined();
    expect(refusal({ a: { b: 1, $gt: 1 } })).toBeUndefined();
  });

  it('asks expressions about the whole document, and only there', () => {
    expect(matches({ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 })).toBe(true);
    expect(matches({ $or: [{ $expr: { $eq: ['$a', 9] } }, { b: 1 }] }, { a: 2, b: 1 })).toBe(true);
    const withVariables = compileFilter(
      documentOf({ $expr: { $eq: ['$a', '$$x'] } }),
      new Map([['x', new Int32(2)]]),
    );
    expect(withVariables.matches(documentOf({ a: 2 }))).toBe(true);
    expect(refusal({ a: { $elemMatch: { $expr: true } } })).toBe(2);
    expect(refusal({ $expr: '$$unknown' })).toBe(17276);
  });

  it('never states a fact about a path that a matching document does not fulfil', () => {
    fc.assert(
      fc.property(filters, documents, (source, document) => {
        const filter = compileFilter(source);
        if (!filter.matches(document)) return;
        for (const predicate of filter.predicates) {
          const keys = keysOrNone(predicate.path, document);
          if (!keys) continue;
          const isInside = keys.some((key) =>
            predicate.intervals.some(
              ({ from, to }) => Buffer.compare(from, key) <= 0 && Buffer.compare(key, to) < 0,
            ),
          );
          expect(isInside).toBe(true);
        }
      }),
      { numRuns: 4000 },
    );
  });

  it('gives the same answer for a filter and for its double negation', () => {
    fc.assert(
      fc.property(filters, documents, (source, document) => {
        const negated = compileFilter(new Map([['$nor', [new Map([['$nor', [source]]])]]]));
        expect(negated.matches(document)).toBe(compileFilter(source).matches(document));
      }),
      { numRuns: 2000 },
    );
  });

  it('joins what all branches of $or say about a path', () => {
    const paths = (filter: Plain): string[] =>
      compileFilter(documentOf(filter)).predicates.map(
        ({ path, kind, intervals }) => `${path} ${kind} ${intervals.length.toString()}`,
      );
    expect(paths({ $or: [{ a: 1, b: 1 }, { a: 5 }] })).toEqual(['a in 2']);
    expect(paths({ $or: [{ a: { $lt: 3 } }, { a: 3, b: { $gt: 'x' } }] })).toEqual(['a range 1']);
    expect(paths({ $or: [{ a: 1 }, { b: 1 }] })).toEqual([]);
    expect(paths({ $or: [{ a: { $gte: 0, $lte: 4 } }, { a: { $gte: 8, $lte: 9 } }] })).toEqual([
      'a range 1',
      'a range 1',
    ]);
  });

  it('knows whether a missing field can match', () => {
    const missing = (filter: Plain): boolean[] =>
      compileFilter(documentOf(filter)).predicates.map(({ matchesMissing }) => matchesMissing);
    expect(missing({ a: null })).toEqual([true]);
    expect(missing({ a: { $in: [1, null] } })).toEqual([true]);
    expect(missing({ a: { $gt: 1, $lte: 4 } })).toEqual([false, false]);
    expect(missing({ a: { $gt: new MinKey() } })).toEqual([true]);
    expect(missing({ a: new BSONRegExp('^x') })).toEqual([false]);
    expect(missing({ $and: [{ a: { $exists: true } }, { b: new Int32(1) }] })).toEqual([
      false,
      false,
    ]);
  });
});

/** A path whose keys MongoDB refuses to make (ambiguous positions) has no index. */
function keysOrNone(
  path: string,
  document: ReturnType<typeof documentOf>,
): Uint8Array[] | undefined {
  try {
    return keyTuples(document, [parsePath(path)], () => new CommandError(171, 'parallel')).map(
      ([value]) => encodeIndexKey(value),
    );
  } catch {
    return undefined;
  }
}
