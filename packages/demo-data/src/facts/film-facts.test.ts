import { GENRES } from '../genre-vocabulary.ts';
import { readFilmFacts } from './film-facts.ts';
import { readPersonFacts } from './person-facts.ts';

const films = readFilmFacts();
const people = readPersonFacts();
const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toISOString().startsWith(text);

test('there are at least 150 films, each with at least four of its cast and a director', () => {
  expect(films.length).toBeGreaterThanOrEqual(150);
  const thin = films.filter(
    (film) => Object.keys(film.cast).length < 4 || film.crew['Director']?.length === 0,
  );
  expect(thin.map((film) => film.title)).toEqual([]);
});

test.each(films.map((film) => [`${film.title} (${String(film.year)})`, film] as const))(
  '%s is well formed',
  (_name, film) => {
    expect(film.imdb).toMatch(/^tt\d{7,8}$/);
    expect(film.runtimeMinutes).toBeGreaterThan(60);
    expect(film.runtimeMinutes).toBeLessThan(300);
    expect(film.genres.length).toBeGreaterThan(0);
    expect(GENRES).toEqual(expect.arrayContaining(film.genres));
    for (const language of film.languages) expect(language).toMatch(/^[a-z]{2}$/);
    for (const country of film.countries) expect(country).toMatch(/^[A-Z]{2}$/);
    if (film.releaseDate !== undefined) {
      expect(isDate(film.releaseDate)).toBe(true);
      expect(film.releaseDate.slice(0, 4)).toBe(String(film.year));
    }
    expect(film.plot).toMatch(/^.{20,200}\.$/);
    for (const names of Object.values(film.crew)) expect(new Set(names).size).toBe(names.length);
    const jobs = ['Director', 'Writer', 'Composer', 'Cinematographer', 'Producer'];
    expect(jobs).toEqual(expect.arrayContaining(Object.keys(film.crew)));
  },
);

test('no film is written down twice', () => {
  expect(new Set(films.map((film) => film.imdb)).size).toBe(films.length);
});

test('dates of birth and death are days, in that order', () => {
  for (const { birthDate, deathDate } of people) {
    if (birthDate !== undefined) expect(isDate(birthDate)).toBe(true);
    if (deathDate !== undefined) expect(isDate(deathDate)).toBe(true);
    expect((birthDate ?? '') < (deathDate ?? '9')).toBe(true);
  }
});
