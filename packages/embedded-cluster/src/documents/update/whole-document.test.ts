import { ObjectId, Timestamp } from 'bson';
import { CommandError } from '../../command-error.ts';
import { encode } from '../codec.ts';
import { compareValues } from '../compare.ts';
import { documentForUpsert, compileUpdate, type UpdateContext } from '../update.ts';
import { type Document, documentOf, type Value } from '../value.ts';

type Plain = Record<string, unknown>;

const context: UpdateContext = {
  inserting: false,
  nowMs: 1000,
  clusterTime: new Timestamp({ t: 7, i: 1 }),
};

const update = (document: Plain, source: Plain): Document =>
  compileUpdate(documentOf(source)).apply(documentOf(document), context);

const expectUpdate = (document: Plain, source: Plain, expected: Plain): void => {
  expect(Buffer.from(encode(update(document, source))).toString('hex')).toBe(
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

describe('pipeline updates', () => {
  const run = (
    document: Plain,
    stages: Plain[],
    variables: ReadonlyMap<string, Value> = new Map(),
  ): Document =>
    compileUpdate(stages.map(documentOf), { variables }).apply(documentOf(document), context);
  const expectRun = (document: Plain, stages: Plain[], expected: Plain): void => {
    expect(Buffer.from(encode(run(document, stages))).toString('hex')).toBe(
      Buffer.from(encode(documentOf(expected))).toString('hex'),
    );
  };

  it('send the document through the stages and keep _id', () => {
    expectRun({ _id: 1, x: 1 }, [{ $set: { y: { $add: ['$x', 1] } } }, { $unset: 'x' }], {
      _id: 1,
      y: 2,
    });
    expectRun(
      { _id: 1, t: { u: 1 } },
      [{ $replaceRoot: { newRoot: '$t' } }, { $addFields: { f: 1 } }],
      { _id: 1, u: 1, f: 1 },
    );
    expectRun({ _id: 1, x: 1, y: 2 }, [{ $project: { x: 1 } }], { _id: 1, x: 1 });
    expectRun(
      { _id: 1 },
      [{ $replaceWith: { $setField: { field: { $literal: '$a.b' }, value: 1, input: '$$ROOT' } } }],
      { _id: 1, '$a.b': 1 },
    );
  });

  it('know the variables of let', () => {
    const updated = run({ _id: 1 }, [{ $set: { x: '$$v' } }], new Map([['v', 'text']]));
    expect(updated.get('x')).toBe('text');
  });

  it('return the document itself where nothing changed', () => {
    const document = documentOf({ _id: 1, x: 1 });
    const update = compileUpdate([documentOf({ $set: { x: 1 } })]);
    expect(update.apply(document, context)).toBe(document);
    expect(update.kind).toBe('pipeline');
  });

  it('refuse other stages, another _id and array filters', () => {
    expect(refusal(() => run({}, [{ $match: {} }]))).toBe('InvalidOptions');
    expect(refusal(() => run({ _id: 1 }, [{ $set: { _id: 2 } }]))).toBe('ImmutableField');
    expect(refusal(() => compileUpdate([], { arrayFilters: [documentOf({ x: 1 })] }))).toBe(
      'FailedToParse',
    );
  });
});

describe('replacement', () => {
  it('keeps _id, first, and fills empty timestamps', () => {
    expectUpdate({ _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 });
    expectUpdate({ _id: 1 }, { b: 2, _id: 1 }, { _id: 1, b: 2 });
    expectUpdate(
      { _id: 1 },
      { b: new Timestamp({ t: 0, i: 0 }) },
      { _id: 1, b: context.clusterTime },
    );
    expect(refusal(() => update({ _id: 1 }, { _id: 2 }))).toBe('ImmutableField');
    expect(refusal(() => update({ _id: 1 }, { a: 1, $b: 2 }))).toBe('DollarPrefixedFieldName');
  });
});

describe('upsert', () => {
  const newId = new ObjectId();
  const upsert = (filter: Plain, source: Plain): Document =>
    documentForUpsert(documentOf(filter), compileUpdate(documentOf(source)), context, () => newId);
  const expectUpsert = (filter: Plain, source: Plain, expected: Plain): void => {
    expect(compareValues(upsert(filter, source), documentOf(expected))).toBe(0);
  };

  it('starts from the equalities of the filter', () => {
    expectUpsert(
      { a: 1, b: { $gt: 2 }, 'c.d': { $eq: 3 } },
      { $set: { e: 4 } },
      { _id: newId, a: 1, c: { d: 3 }, e: 4 },
    );
    expectUpsert(
      { $and: [{ a: 1 }, { b: { $in: [2] } }] },
      { $inc: { a: 1 } },
      { _id: newId, a: 2, b: 2 },
    );
    expectUpsert({ a: 1, _id: 7 }, { $setOnInsert: { z: 1 } }, { _id: 7, a: 1, z: 1 });
    expectUpsert({ $or: [{ a: 1 }, { a: 2 }] }, { $set: { b: 1 } }, { _id: newId, b: 1 });
    expect(refusal(() => upsert({ $expr: true }, { $set: { a: 1 } }))).toBe('BadValue');
    expectUpsert({ a: { $all: [[1]] } }, { $set: { b: 1 } }, { _id: newId, a: [1], b: 1 });
  });

  it('takes only _id from the filter of a replacement', () => {
    expectUpsert({ _id: 5, a: 1 }, { b: 2 }, { _id: 5, b: 2 });
    expectUpsert({ a: 1 }, { b: 2 }, { _id: newId, b: 2 });
  });

  it('refuses contradictions', () => {
    expect(refusal(() => upsert({ _id: 5 }, { $set: { _id: 6 } }))).toBe('ImmutableField');
    expect(refusal(() => upsert({ a: 1, 'a.b': 1 }, { $set: { c: 6 } }))).toBe(
      'NotSingleValueField',
    );
    expect(refusal(() => upsert({ $and: [{ a: 1 }, { a: 2 }] }, { $set: { c: 6 } }))).toBe(
      'NotSingleValueField',
    );
    expect(refusal(() => upsert({ _id: { $eq: [1] } }, { $set: { c: 6 } }))).toBe('InvalidIdField');
  });
});
