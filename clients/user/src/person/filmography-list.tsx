import { usePages } from '@marquee/client-kit';
import { MoreFilmographyDocument, type FilmographyFragment } from '../generated/graphql.ts';
import { LoadMore } from '../load-more.tsx';
import { moviePath } from '../paths.ts';

const PAGE_SIZE = 40;

export interface FilmographyListProps {
  readonly personId: string;
  readonly filmography: FilmographyFragment;
}

/** Every film of a person, the newest first. */
export const FilmographyList = ({ personId, filmography }: FilmographyListProps) => {
  const { connection, problemsOfMore, loading, loadMore } = usePages(
    MoreFilmographyDocument,
    { id: personId },
    (data) => data.person?.filmography,
    { pageSize: PAGE_SIZE, start: filmography },
  );
  const entries = connection?.nodes ?? [];
  return (
    <section class="stack section" aria-labelledby="filmography">
      <h2 id="filmography">Filmography</h2>
      {entries.length === 0 && <p class="soft">No films yet.</p>}
      <ul class="filmography">
        {entries.map(({ movie, kind, character, job }, position) => (
          <li key={position} class="filmography__entry">
            <span class="filmography__year">{movie?.year ?? '–'}</span>
            <span>
              {movie ? (
                <a href={moviePath(movie.id)}>{movie.title}</a>
              ) : (
                <span class="soft">A film that cannot be shown</span>
              )}
              <span class="filmography__part">
                {kind === 'CAST' ? (character ?? 'Cast') : (job ?? 'Crew')}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <LoadMore
        what="films"
        shown={entries.length}
        totalCount={connection?.totalCount}
        hasMore={connection?.pageInfo.hasNextPage ?? false}
        loading={loading}
        problems={problemsOfMore}
        onLoadMore={loadMore}
      />
    </section>
  );
};
