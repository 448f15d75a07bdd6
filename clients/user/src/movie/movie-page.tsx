import { ProblemNotice, useGraphQuery, useTitle } from '@marquee/client-kit';
import { Facts } from '../facts.tsx';
import { dayText, namesOf, runtimeText } from '../film-facts.ts';
import { MovieDocument, type MovieQuery } from '../generated/graphql.ts';
import { LoadingPage } from '../loading-page.tsx';
import { MissingPage } from '../missing-page.tsx';
import { genrePath, personPath } from '../paths.ts';
import { Poster } from '../poster.tsx';
import { CreditList } from './credit-list.tsx';
import { ReactionButtons } from './reaction-buttons.tsx';

const CREDITS_FIRST = 12;

type Movie = NonNullable<MovieQuery['movie']>;

export const MoviePage = ({ id }: { id: string }) => {
  const { state, reload } = useGraphQuery(MovieDocument, { id, firstCredits: CREDITS_FIRST });
  const data =
    state.status === 'ready' ? state.data : state.status === 'loading' ? state.last : undefined;
  const problems = 'problems' in state ? state.problems : [];
  const retry = { label: 'Try again', run: reload };
  useTitle(data?.movie ? `${data.movie.title} · Marquee` : 'Marquee');

  if (data?.movie) {
    return (
      <article class="stack">
        <ProblemNotice problems={problems} partial action={retry} />
        <MovieDetails movie={data.movie} />
      </article>
    );
  }
  if (problems.length > 0) return <ProblemNotice problems={problems} action={retry} />;
  return state.status === 'ready' ? <MissingPage what="film" /> : <LoadingPage />;
};

const MovieDetails = ({ movie }: { movie: Movie }) => (
  <>
    <div class="film">
      <div class="film__poster" aria-hidden="true">
        <Poster movie={movie} />
      </div>
      <div class="stack">
        <header>
          <h1>{movie.title}</h1>
          {movie.originalTitle !== null && <p class="soft film__original">{movie.originalTitle}</p>}
          <p class="soft">{summaryOf(movie)}</p>
        </header>
        {movie.tagline !== null && <p class="film__tagline">{movie.tagline}</p>}
        <ReactionButtons movie={movie} />
        {movie.genres.length > 0 && (
          <ul class="row" aria-label="Genres">
            {movie.genres.map((genre) => (
              <li key={genre}>
                <a class="tag" href={genrePath(genre)}>
                  {genre}
                </a>
              </li>
            ))}
          </ul>
        )}
        {movie.plot !== null && <p class="film__plot">{movie.plot}</p>}
        <Directors movie={movie} />
        <Facts
          facts={[
            ['Rating', ratingText(movie)],
            ['Released', movie.releaseDate === null ? null : dayText(movie.releaseDate)],
            ['Languages', namesOf(movie.languages, 'language')],
            ['Countries', namesOf(movie.countries, 'region')],
            ...movie.externalIds.map(({ source, id }) => [source.toUpperCase(), id] as const),
          ]}
        />
      </div>
    </div>
    {movie.cast && <CreditList title="Cast" movieId={movie.id} kind="CAST" credits={movie.cast} />}
    {movie.crew && <CreditList title="Crew" movieId={movie.id} kind="CREW" credits={movie.crew} />}
  </>
);

const Directors = ({ movie }: { movie: Movie }) => {
  const directors = (movie.crew?.nodes ?? [])
    .filter(({ job }) => job === 'Director')
    .flatMap(({ person }) => person ?? []);
  if (directors.length === 0) return null;
  return (
    <p>
      Directed by{' '}
      {directors.map((person, position) => (
        <span key={person.id}>
          {position > 0 && ', '}
          <a href={personPath(person.id)}>{person.name}</a>
        </span>
      ))}
    </p>
  );
};

const summaryOf = ({ year, runtimeMinutes, certification }: Movie): string =>
  [year, runtimeMinutes === null ? null : runtimeText(runtimeMinutes), certification]
    .filter((part) => part !== null)
    .join(' · ');

const ratingText = ({ rating, voteCount }: Movie): string | null => {
  if (rating === null) return null;
  const votes = voteCount === null ? '' : ` (${voteCount.toLocaleString('en')} votes)`;
  return `${rating.toFixed(1)} of 10${votes}`;
};
