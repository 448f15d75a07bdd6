import { readListedFilms } from './listed-films.ts';
import { readMovieRows } from './movie-rows.ts';

const row = (fields: Record<string, unknown>): Record<string, unknown> => ({
  Title: 'A Film',
  'Release Date': 'Jun 12 1998',
  ...fields,
});

test('a row of no use is skipped and reported with its index and reason', () => {
  const { films, skipped } = readListedFilms([
    row({ Title: null }),
    row({ Title: '  ' }),
    row({ 'Release Date': 'soon' }),
    'not a row',
    row({}),
    row({ Title: 'The A Film!' }),
    row({ Title: 'A FILM' }),
  ]);
  expect(skipped).toEqual([
    { row: 0, reason: 'the title is missing' },
    { row: 1, reason: 'the title is missing' },
    { row: 2, reason: 'the release date "soon" cannot be read' },
    { row: 3, reason: 'the row is no object' },
    { row: 6, reason: 'the same film as row 4' },
  ]);
  expect(films.map((film) => film.row)).toEqual([4, 5]);
});

test('the numeric titles of the file are titles', () => {
  const titles = new Set(readListedFilms(readMovieRows()).films.map((film) => film.title));
  for (const title of ['1776', '1941', '1408', '2012', '2046', '21', '300', '9', '54']) {
    expect(titles).toContain(title);
  }
});

test('no film of the file is from a later century than the file', () => {
  const years = readListedFilms(readMovieRows()).films.flatMap((film) => film.year ?? []);
  expect(Math.min(...years)).toBe(1915);
  expect(Math.max(...years)).toBe(2011);
});

test('films of the same name stay apart, and neither keeps a rating that both carry', () => {
  const { films } = readListedFilms(readMovieRows());
  const namesakes = films.filter((film) => film.title === 'Casino Royale');
  expect(namesakes.map((film) => film.year)).toEqual([1967, 2006]);
  expect(namesakes.map((film) => film.voteCount)).toEqual([undefined, undefined]);
  expect(namesakes.map((film) => film.director)).toEqual(['John Huston', 'Martin Campbell']);
});

test('out of range and unknown values are left out, not guessed', () => {
  const { films } = readListedFilms([
    row({
      'Running Time min': 0,
      'IMDB Rating': 11,
      'IMDB Votes': 5,
      'MPAA Rating': 'Open',
      'Major Genre': 'constructor',
      Director: ' ',
    }),
  ]);
  expect(films).toEqual([
    { row: 0, title: 'A Film', year: 1998, releaseDate: '1998-06-12', genres: [] },
  ]);
});

test('genres come out in the vocabulary of this package', () => {
  const { films } = readListedFilms([
    row({ 'Major Genre': 'Thriller/Suspense', 'Creative Type': 'Science Fiction' }),
  ]);
  expect(films[0]?.genres).toEqual(['Thriller', 'Science Fiction']);
});
