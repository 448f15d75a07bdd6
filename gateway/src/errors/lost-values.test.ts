import { lostValues } from './lost-values.ts';

const missing = (...path: (string | number)[]) => [{ message: 'Cannot return null', path }];

describe('lostValues', () => {
  it('takes a reference that may be null for an answer', () => {
    expect(
      lostValues({ reaction: { movie: null } }, missing('reaction', 'movie', 'title')),
    ).toEqual([]);
    expect(lostValues({ list: [{ a: 1 }, null] }, missing('list', 1, 'title'))).toEqual([]);
  });

  it('tells of a null that travelled further, once, where it ended', () => {
    const completions = [...missing('list', 0, 'title'), ...missing('list', 1, 'title')];
    expect(lostValues({ list: null }, completions).map(({ path }) => path)).toEqual([['list']]);
    expect(lostValues(null, missing('a', 'b')).map(({ path }) => path)).toEqual([[]]);
  });

  it('tells of a value that was no value of its type', () => {
    expect(lostValues({ film: { year: null } }, missing('film', 'year'))).toHaveLength(1);
  });
});
