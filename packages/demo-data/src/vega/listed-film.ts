import { genresOf } from './genres.ts';
import { readReleaseDate } from './release-date.ts';
import { cleanTitle } from './title.ts';

/** A film as vega-datasets lists it, cleaned. */
export interface ListedFilm {
  row: number;
  title: string;
  year?: number;
  releaseDate?: string;
  runtimeMinutes?: number;
  genres: string[];
  certification?: string;
  rating?: number;
  voteCount?: number;
  director?: string;
}

const CERTIFICATIONS = new Set(['G', 'PG', 'PG-13', 'R', 'NC-17']);

/** Cleans one row, or says why it is of no use. */
export const readListedFilm = (raw: unknown, row: number): ListedFilm | { reason: string } => {
  if (typeof raw !== 'object' || raw === null) return { reason: 'the row is no object' };
  const field = (name: string): unknown => (raw as Record<string, unknown>)[name];

  const rawTitle = field('Title');
  // A title like 1776 was stored as a number.
  const title =
    typeof rawTitle === 'string' || typeof rawTitle === 'number'
      ? cleanTitle(String(rawTitle))
      : '';
  if (title === '') return { reason: 'the title is missing' };

  const rawDate = field('Release Date');
  const date = typeof rawDate === 'string' ? readReleaseDate(rawDate) : undefined;
  if (date === undefined) {
    return { reason: `the release date ${JSON.stringify(rawDate)} cannot be read` };
  }

  const runtimeMinutes = positive(field('Running Time min'));
  const rating = positive(field('IMDB Rating'));
  const voteCount = positive(field('IMDB Votes'));
  const certification = field('MPAA Rating');
  const director = field('Director');
  return {
    row,
    title,
    ...date,
    genres: genresOf(field('Major Genre'), field('Creative Type')),
    ...(runtimeMinutes !== undefined && { runtimeMinutes }),
    ...(typeof certification === 'string' &&
      CERTIFICATIONS.has(certification) && { certification }),
    ...(rating !== undefined && rating <= 10 && voteCount !== undefined && { rating, voteCount }),
    ...(typeof director === 'string' &&
      director.trim() !== '' && { director: director.trim().replaceAll('""', '"') }),
  };
};

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
