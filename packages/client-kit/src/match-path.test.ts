import { matchPath } from './match-path.ts';

describe('a pattern', () => {
  it.each([
    ['/', '/', {}],
    ['/movies/:id', '/movies/tt0133093', { id: 'tt0133093' }],
    ['/movies/:id', '/movies/tt0133093/', { id: 'tt0133093' }],
    ['/admin', '/admin/', {}],
    [
      '/admin/:collection/:id',
      '/admin/interactions/tt1%3Aada',
      { collection: 'interactions', id: 'tt1:ada' },
    ],
    ['/people/:id', '/people/a%2Fb', { id: 'a/b' }],
  ])('%s fits %s', (pattern, path, params) => {
    expect(matchPath(pattern, path)).toEqual(params);
  });

  it.each([
    ['/', '/graphiql'],
    ['/movies/:id', '/movies'],
    ['/movies/:id', '/movies/a/b'],
    ['/movies/:id', '/people/a'],
    ['/movies/:id', '/movies/%E0%A4%A'],
  ])('%s does not fit %s', (pattern, path) => {
    expect(matchPath(pattern, path)).toBeUndefined();
  });
});
