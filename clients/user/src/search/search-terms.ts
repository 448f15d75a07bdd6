import type { MovieOrderField } from '../generated/graphql.ts';

/** What the visitor looks for. It stands in the address, so that it can be kept and shared. */
export interface SearchTerms {
  readonly query: string;
  readonly genres: readonly string[];
  /** Undefined leaves the order to the graph. */
  readonly order: MovieOrderField | undefined;
}

const ORDERS: readonly MovieOrderField[] = ['RELEVANCE', 'POPULARITY', 'RATING', 'YEAR', 'TITLE'];

export const readTerms = (search: URLSearchParams): SearchTerms => ({
  query: search.get('q') ?? '',
  genres: [...new Set(search.getAll('genre'))],
  order: ORDERS.find((order) => order.toLowerCase() === search.get('sort')),
});

export const pathOf = ({ query, genres, order }: SearchTerms): string => {
  const search = new URLSearchParams();
  if (query !== '') search.set('q', query);
  for (const genre of genres) search.append('genre', genre);
  if (order) search.set('sort', order.toLowerCase());
  return search.size === 0 ? '/' : `/?${search.toString()}`;
};

export const withGenre = (terms: SearchTerms, genre: string, wanted: boolean): SearchTerms => ({
  ...terms,
  genres: wanted ? [...terms.genres, genre] : terms.genres.filter((other) => other !== genre),
});
