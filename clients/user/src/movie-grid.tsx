import type { MovieTileFragment } from './generated/graphql.ts';
import { moviePath } from './paths.ts';
import { Poster } from './poster.tsx';

export const MovieGrid = ({ movies }: { movies: readonly MovieTileFragment[] }) => (
  <ul class="grid">
    {movies.map((movie) => (
      <li key={movie.id}>
        <a class="tile" href={moviePath(movie.id)}>
          <Poster movie={movie} />
        </a>
        <p class="tile__likes">
          {likesText(movie.likeCount)}
          {movie.viewerReaction !== null && (
            <span class="tile__yours">
              {movie.viewerReaction === 'LIKE' ? 'You like it' : 'You dislike it'}
            </span>
          )}
        </p>
      </li>
    ))}
  </ul>
);

const likesText = (likeCount: number | null): string => {
  if (likeCount === null) return 'Likes unknown';
  return likeCount === 1 ? '1 like' : `${likeCount.toLocaleString('en')} likes`;
};
