import { readdirSync, readFileSync } from 'node:fs';

/**
 * A well-known film, written down by hand. Names of people may carry a qualifier to tell
 * namesakes apart (`Steve McQueen#director`). `cast` is in billing order.
 */
export interface FilmFacts {
  title: string;
  originalTitle?: string;
  imdb: string;
  year: number;
  releaseDate?: string;
  runtimeMinutes: number;
  genres: string[];
  languages: string[];
  countries: string[];
  certification?: string;
  plot: string;
  cast: Record<string, string>;
  crew: Record<string, string[]>;
  /** Other titles, and years further off than one, under which vega-datasets lists the film. */
  listedAs?: { title: string; year?: number }[];
}

const FOLDER = new URL('../../data/films/', import.meta.url);

/** All films of `data/films`, by decade. The tests of this package hold their shape. */
export const readFilmFacts = (): FilmFacts[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as FilmFacts[]);
