import { compileSort } from './sort.ts';
import { documentOf } from './value.ts';

const order = (spec: Record<string, unknown>, documents: Record<string, unknown>[]): unknown[] => {
  const sort = compileSort(documentOf(spec));
  return documents
    .map((plain) => ({ plain, document: documentOf(plain) }))
    .sort((a, b) => sort.compare(a.document, b.document))
    .map(({ plain }) => plain);
};

describe('sort', () => {
  it('puts an empty array before null and a missing field beside null', () => {
    expect(order({ a: 1 }, [{ a: 1 }, { a: null }, {}, { a: [] }])).toEqual([
      { a: [] },
      { a: null },
      {},
      { a: 1 },
    ]);
  });

  it('sorts an array by its least element ascending and its greatest descending', () => {
    const documents = [{ a: [5, 1] }, { a: 2 }, { a: [3, 4] }];
    expect(order({ a: 1 }, documents)).toEqual([{ a: [5, 1] }, { a: 2 }, { a: [3, 4] }]);
    expect(order({ a: -1 }, documents)).toEqual([{ a: [5, 1] }, { a: [3, 4] }, { a: 2 }]);
  });

  it('takes both fields of a compound sort from the same array element', () => {
    const one = {
      a: [
        { b: 1, c: 9 },
        { b: 2, c: 0 },
      ],
    };
    const other = { a: [{ b: 1, c: 5 }] };
    expect(order({ 'a.b': 1, 'a.c': 1 }, [one, other])).toEqual([other, one]);
  });

  it('refuses parallel arrays and directions that are none', () => {
    expect(() => order({ a: 1, b: 1 }, [{ a: [1], b: [1] }, {}])).toThrow('parallel arrays');
    expect(() => compileSort(documentOf({ a: 2 }))).toThrow('must be 1');
  });
});
