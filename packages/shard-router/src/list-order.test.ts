import { compareValues } from './bson-order.ts';
import { ListOrder } from './list-order.ts';

describe('compareValues', () => {
  it("has MongoDB's order of types and values", () => {
    const ascending = [
      null,
      Number.NaN,
      -1,
      0,
      2.5,
      '',
      'a',
      'z',
      '\uffee',
      '\u{1f600}',
      false,
      true,
      new Date(0),
      new Date(1),
    ];
    const shuffled = [...ascending].reverse();
    expect(shuffled.sort(compareValues)).toEqual(ascending);
    expect(compareValues(undefined, null)).toBe(0);
  });
});

describe('ListOrder', () => {
  it('ends in the id, in the last direction, so that one index serves both ways', () => {
    expect(new ListOrder([]).fields).toEqual([['_id', 1]]);
    expect(new ListOrder([{ field: 'year', direction: -1 }]).fields).toEqual([
      ['year', -1],
      ['_id', -1],
    ]);
  });

  it('describes what lies behind a place, documents without a value included', () => {
    const down = new ListOrder([{ field: 'year', direction: -1 }]);
    expect(down.behind([1999, 'x'])).toEqual({
      $or: [
        { $or: [{ year: { $lt: 1999 } }, { year: null }] },
        { $and: [{ year: 1999 }, { _id: { $lt: 'x' } }] },
      ],
    });
    expect(down.behind([null, 'x'])).toEqual({
      $or: [{ $and: [{ year: null }, { _id: { $lt: 'x' } }] }],
    });
    const up = new ListOrder([{ field: 'year', direction: 1 }]);
    expect(up.behind([null, 'x'])).toEqual({
      $or: [{ year: { $ne: null } }, { $and: [{ year: null }, { _id: { $gt: 'x' } }] }],
    });
  });
});
