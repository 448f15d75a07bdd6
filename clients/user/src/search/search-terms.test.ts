import { pathOf, readTerms, withGenre, type SearchTerms } from './search-terms.ts';

const reread = (terms: SearchTerms): SearchTerms =>
  readTerms(new URL(pathOf(terms), 'http://marquee').searchParams);

describe('the terms of a search', () => {
  it.each<SearchTerms>([
    { query: '', genres: [], order: undefined },
    { query: 'il buono & il brutto?', genres: ['Sci-Fi', 'Comédie'], order: 'YEAR' },
    { query: '#1 + 1', genres: [], order: 'TITLE' },
  ])('survive the way through the address: $query', (terms) => {
    expect(reread(terms)).toEqual(terms);
  });

  it('leave the address empty when there are none', () => {
    expect(pathOf({ query: '', genres: [], order: undefined })).toBe('/');
  });

  it('ignore an order that does not exist and a genre that is named twice', () => {
    expect(readTerms(new URLSearchParams('sort=size&genre=Drama&genre=Drama'))).toEqual({
      query: '',
      genres: ['Drama'],
      order: undefined,
    });
  });

  it('take a genre in and out', () => {
    const terms = { query: 'a', genres: ['Drama'], order: undefined };
    expect(withGenre(terms, 'War', true).genres).toEqual(['Drama', 'War']);
    expect(withGenre(terms, 'Drama', false).genres).toEqual([]);
  });
});
