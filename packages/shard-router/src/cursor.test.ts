import { CursorCodec } from './cursor.ts';
import { ListOrder, type SortKey } from './list-order.ts';

const codec = (queryName = 'films') =>
  new CursorCodec(
    'movies',
    { queryName, filter: { search: /^mat/ } },
    new ListOrder([{ field: 'x', direction: 1 }]),
  );

describe('CursorCodec', () => {
  it.each([
    [null],
    [0],
    [-0.5],
    [Number.POSITIVE_INFINITY],
    [2 ** 53],
    ['七人の侍 "quoted"'],
    [''],
    [true],
    [new Date('2001-02-03T04:05:06.789Z')],
    [new Date(-1)],
  ])('keeps %p as it is', (value) => {
    const key: SortKey = [value, 'id'];
    const cursor = codec().encode(key);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(codec().decode(cursor)).toEqual(key);
  });

  it('takes cursors of another filter that means the same, and of no other', () => {
    const order = new ListOrder([{ field: 'x', direction: 1 }]);
    const withIds = (ids: readonly string[], likes: string) =>
      new CursorCodec(
        'movies',
        {
          queryName: 'films',
          filter: { _id: { $in: ids } },
          filterMeaning: { likedBy: likes },
        },
        order,
      );
    const cursor = withIds(['a'], 'ada').encode(['x', 'id']);
    expect(withIds(['a', 'b'], 'ada').decode(cursor)).toEqual(['x', 'id']);
    expect(() => withIds(['a'], 'bob').decode(cursor)).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR' }),
    );
  });

  it('knows the cursors of other queries', () => {
    const cursor = codec('people').encode(['x', 'id']);
    expect(() => codec().decode(cursor)).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR' }),
    );
  });
});
