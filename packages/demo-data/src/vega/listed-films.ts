import type { SkippedRow } from '../skipped-row.ts';
import { matchKey } from '../match-key.ts';
import { readListedFilm, type ListedFilm } from './listed-film.ts';

/**
 * Cleans all rows. Films of the same name and different years stay apart; the same name and year
 * twice is one film, and the later row is skipped.
 */
export const readListedFilms = (
  rows: readonly unknown[],
): { films: ListedFilm[]; skipped: SkippedRow[] } => {
  const films: ListedFilm[] = [];
  const skipped: SkippedRow[] = [];
  const rowByFilm = new Map<string, number>();
  rows.forEach((raw, row) => {
    const film = readListedFilm(raw, row);
    if ('reason' in film) {
      skipped.push({ row, reason: film.reason });
      return;
    }
    const key = `${matchKey(film.title)} ${String(film.year)}`;
    const earlier = rowByFilm.get(key);
    if (earlier !== undefined) {
      skipped.push({ row, reason: `the same film as row ${String(earlier)}` });
      return;
    }
    rowByFilm.set(key, row);
    films.push(film);
  });
  return { films: withoutBorrowedRatings(films), skipped };
};

/**
 * The source looked ratings up by title alone, so that films of one name carry the votes of
 * whichever was found: nobody can say whose they are, and none keeps them.
 */
const withoutBorrowedRatings = (films: readonly ListedFilm[]): ListedFilm[] => {
  const bearers = new Map<string, number>();
  const keyOf = (film: ListedFilm): string =>
    `${matchKey(film.title)} ${String(film.rating)} ${String(film.voteCount)}`;
  for (const film of films) bearers.set(keyOf(film), (bearers.get(keyOf(film)) ?? 0) + 1);
  return films.map((film) => {
    if (bearers.get(keyOf(film)) === 1) return film;
    const { rating: _rating, voteCount: _voteCount, ...rest } = film;
    return rest;
  });
};
