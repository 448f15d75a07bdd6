import { posterClasses } from './poster-look.ts';

export interface PosterProps {
  readonly movie: {
    readonly id: string;
    readonly title: string;
    readonly year: number | null;
    readonly genres: readonly string[];
  };
}

/** A poster set in type. */
export const Poster = ({ movie }: PosterProps) => (
  <span class={posterClasses(movie.id, movie.title)}>
    <span class="poster__genre">{movie.genres[0]}</span>
    <span class="poster__title">{movie.title}</span>
    <span class="poster__year">{movie.year}</span>
  </span>
);
