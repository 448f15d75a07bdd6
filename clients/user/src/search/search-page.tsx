import {
  ProblemNotice,
  SelectField,
  usePages,
  usePlace,
  useRouter,
  useTitle,
} from '@marquee/client-kit';
import { useMemo, useState } from 'preact/hooks';
import { SearchMoviesDocument } from '../generated/graphql.ts';
import { LoadMore } from '../load-more.tsx';
import { MovieGrid } from '../movie-grid.tsx';
import { GenreFilter } from './genre-filter.tsx';
import { PeopleFound } from './people-found.tsx';
import { SearchBox } from './search-box.tsx';
import { pathOf, readTerms, withGenre, type SearchTerms } from './search-terms.ts';

/** Fills whole rows of two, three, four and six tiles. */
const PAGE_SIZE = 24;

const ORDERS = [
  ['', 'Best first'],
  ['POPULARITY', 'Most popular'],
  ['RATING', 'Highest rated'],
  ['YEAR', 'Newest'],
  ['TITLE', 'By title'],
] as const;

export const SearchPage = () => {
  const router = useRouter();
  const { search } = usePlace();
  const [allGenres, setAllGenres] = useState(false);
  const [retries, setRetries] = useState(0);
  const terms = useMemo(() => readTerms(search), [search.toString()]);
  const { query, genres, order } = terms;
  useTitle(query === '' ? 'Marquee' : `${query} · Marquee`);

  const change = (next: SearchTerms): void => {
    router.go(pathOf(next), { replace: true });
  };

  const { connection, problems, problemsOfMore, loading, loadMore, reload } = usePages(
    SearchMoviesDocument,
    {
      query: query === '' ? null : query,
      genres: genres.length === 0 ? null : [...genres],
      orderBy: order ? { field: order } : null,
    },
    (data) => data.movies,
    { pageSize: PAGE_SIZE },
  );
  const movies = connection?.nodes ?? [];

  return (
    <div class="stack">
      <h1 class="visually-hidden">Films</h1>
      <SearchBox
        query={query}
        onSearch={(wanted) => {
          change({ ...readTerms(router.place().search), query: wanted });
        }}
      />
      <GenreFilter
        key={retries}
        chosen={genres}
        expanded={allGenres}
        onExpand={() => {
          setAllGenres(true);
        }}
        onToggle={(genre, wanted) => {
          change(withGenre(terms, genre, wanted));
        }}
      />
      <PeopleFound query={query} />
      <div class="row row--apart results-bar">
        <p class="soft" role="status">
          {resultText(loading, connection)}
        </p>
        <SelectField
          label="Order"
          value={order === undefined || order === 'RELEVANCE' ? '' : order}
          options={ORDERS}
          onChange={(chosen) => {
            change({ ...terms, order: chosen === '' ? undefined : chosen });
          }}
        />
      </div>
      <ProblemNotice
        problems={problems}
        partial={movies.length > 0}
        action={{
          label: 'Try again',
          run: () => {
            setRetries(retries + 1);
            reload();
          },
        }}
      />
      <div class="results" aria-busy={loading}>
        <MovieGrid movies={movies} />
        {!loading && problems.length === 0 && movies.length === 0 && (
          <p>
            No film fits. Try fewer letters or other genres, or <a href="/">begin anew</a>.
          </p>
        )}
        <LoadMore
          what="films"
          shown={movies.length}
          totalCount={connection?.totalCount}
          hasMore={connection?.pageInfo.hasNextPage ?? false}
          loading={loading}
          problems={problemsOfMore}
          onLoadMore={loadMore}
        />
      </div>
    </div>
  );
};

const resultText = (
  loading: boolean,
  connection: { totalCount?: number | null; nodes: readonly unknown[] } | undefined,
): string => {
  if (!connection) return loading ? 'Searching…' : '';
  const { totalCount, nodes } = connection;
  const count = totalCount ?? nodes.length;
  const films = count === 1 ? '1 film' : `${count.toLocaleString('en')} films`;
  return typeof totalCount === 'number' ? films : `At least ${films}`;
};
