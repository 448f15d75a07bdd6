import { demoLogins } from './audience/demo-logins.ts';
import type { DemoFilm } from './demo-film.ts';
import { readPersonFacts } from './facts/person-facts.ts';
import { GENRES } from './genre-vocabulary.ts';
import { loadDemoData } from './load-demo-data.ts';
import { seededRandom } from './seeded-random.ts';
import { readMovieRows } from './vega/movie-rows.ts';

const data = loadDemoData();
const filmsByTitle = (title: string): DemoFilm[] =>
  data.films.filter((film) => film.title === title);

const cast = (film: DemoFilm | undefined): string[] =>
  film?.credits.flatMap((credit) => (credit.kind === 'CAST' ? [credit.name] : [])) ?? [];

test('there are over 3,200 films, their people and 200 users', () => {
  expect(data.films.length).toBeGreaterThan(3200);
  expect(data.people.length).toBeGreaterThan(2000);
  expect(data.users).toHaveLength(200);
  expect(data.reactions.length).toBeGreaterThan(4000);
});

test('every row of the file is a film, part of one, or reported', () => {
  expect(data.skipped).toEqual([
    { row: 1723, reason: 'the same film as row 338' },
    { row: 3053, reason: 'the title is missing' },
  ]);
  const known = data.films.filter((film) => film.id.startsWith('tt')).length;
  const listedOnly = data.films.length - known;
  const used = readMovieRows().length - data.skipped.length;
  expect(used - listedOnly).toBeGreaterThan(170);
  expect(used - listedOnly).toBeLessThan(known);
});

test('a corrupt row costs that row and nothing else', () => {
  const { films, skipped } = loadDemoData({
    movieRows: [{ Title: null }, ...readMovieRows(), { Title: 'X', 'Release Date': 'never' }],
  });
  expect(films).toHaveLength(data.films.length);
  expect(skipped).toHaveLength(data.skipped.length + 2);
});

test('the same options give the same data', () => {
  expect(loadDemoData()).toEqual(data);
});

test('another seed changes the audience, not the films', () => {
  const other = loadDemoData({ random: seededRandom(7) });
  expect(other.films).toEqual(data.films);
  expect(other.reactions).not.toEqual(data.reactions);
});

test('ids are unique and safe in URLs', () => {
  const ids = [...data.films.map((film) => film.id), ...data.people.map((person) => person.id)];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[A-Za-z0-9_-]{1,64}$/.test(id))).toEqual([]);
});

test('people are exactly those who are credited, under the same name', () => {
  const credited = new Map(
    data.films.flatMap((film) => film.credits.map((credit) => [credit.personId, credit.name])),
  );
  expect(new Map(data.people.map((person) => [person.id, person.name]))).toEqual(credited);
});

test('nobody with facts goes uncredited', () => {
  const names = new Set(data.people.map((person) => person.name));
  const facts = readPersonFacts().map((person) => person.name.replace(/#.*$/, ''));
  expect(facts.filter((name) => !names.has(name))).toEqual([]);
});

test('all genres are of one vocabulary', () => {
  const used = new Set(data.films.flatMap((film) => film.genres));
  expect([...used].filter((genre) => !GENRES.some((known) => known === genre))).toEqual([]);
});

test('no release date lies outside its year, and no rating outside its scale', () => {
  for (const film of data.films) {
    if (film.releaseDate !== undefined)
      expect(film.releaseDate.slice(0, 4)).toBe(String(film.year));
    expect(film.rating ?? 0).toBeLessThanOrEqual(10);
    expect(film.popularity).toBeGreaterThanOrEqual(0);
  }
});

test.each([
  ['Amélie', 'tt0211915', 2001, 8.5],
  ['Léon: The Professional', 'tt0110413', 1994, 8.6],
  ['Casablanca', 'tt0034583', 1942, 8.8],
  ['Seven Samurai', 'tt0047478', 1954, 8.8],
  ['City of God', 'tt0317248', 2002, 8.8],
])('%s is one film, with our facts and the votes of the list', (title, id, year, rating) => {
  expect(filmsByTitle(title)).toEqual([expect.objectContaining({ id, year, rating })]);
  const listedTitles = ['Léon', "Le Fabuleux destin d'Amélie Poulain", 'Shichinin no samurai'];
  expect(listedTitles.flatMap(filmsByTitle)).toEqual([]);
});

test('a well-known film does not show the rating of an obscure namesake', () => {
  expect(filmsByTitle('Aliens')).toEqual([expect.not.objectContaining({ voteCount: 84 })]);
});

test('remakes stay films of their own', () => {
  expect(filmsByTitle('King Kong').map((film) => film.year)).toEqual([1933, 1976, 2005]);
  expect(filmsByTitle('Ben-Hur').map((film) => film.year)).toEqual([1959, 1925]);
});

test('a film that only the list knows keeps its director as a person', () => {
  const [film] = filmsByTitle('La mala educación');
  expect(film?.id).toBe('vg-la-mala-educacion-2004');
  expect(film?.credits).toEqual([
    { kind: 'CREW', personId: 'nm-pedro-almodovar', name: 'Pedro Almodóvar', job: 'Director' },
  ]);
});

test('cast is in billing order, and filmographies are worth looking at', () => {
  const matrix = data.films.find((film) => film.id === 'tt0133093');
  expect(cast(matrix).slice(0, 3)).toEqual([
    'Keanu Reeves',
    'Laurence Fishburne',
    'Carrie-Anne Moss',
  ]);
  const filmography = (name: string): number =>
    data.films.filter((film) => cast(film).includes(name)).length;
  expect(filmography('Leonardo DiCaprio')).toBeGreaterThanOrEqual(12);
  expect(filmography('Meryl Streep')).toBeGreaterThanOrEqual(10);
  expect(filmography('Robert De Niro')).toBeGreaterThanOrEqual(10);
  expect(filmography('Tom Hanks')).toBeGreaterThanOrEqual(10);
  expect(filmography('Toshiro Mifune')).toBeGreaterThanOrEqual(7);
  expect(filmography('Audrey Tautou')).toBeGreaterThanOrEqual(5);
  expect(filmography('Nicole Kidman')).toBeGreaterThanOrEqual(5);
});

test('users are synthetic, with valid handles and addresses that reach nobody', () => {
  const handles = data.users.map((user) => user.handle);
  expect(new Set(handles).size).toBe(handles.length);
  for (const user of data.users) {
    expect(user.handle).toMatch(/^[a-z0-9][a-z0-9._-]{1,29}$/);
    expect(user.email).toMatch(/@example\.(?:org|com)$/);
    expect(user.synthetic).toBe(true);
  }
});

test('only the demo logins have a password, and all of them are users', () => {
  const withPassword = data.users.flatMap(({ handle, password, role }) =>
    password === undefined ? [] : [{ handle, password, role }],
  );
  expect(withPassword).toEqual(demoLogins);
  expect(demoLogins.filter((login) => login.role === 'USER').length).toBeGreaterThanOrEqual(8);
  expect(demoLogins.filter((login) => login.role === 'ADMIN')).toHaveLength(1);
});

test('demo logins are there even where fewer users are asked for', () => {
  const { users } = loadDemoData({ userCount: 1 });
  expect(users.map((user) => user.handle)).toEqual(demoLogins.map((login) => login.handle));
});

test('every reaction is of a user to a film, once, after the user joined', () => {
  const films = new Set(data.films.map((film) => film.id));
  const joinedAt = new Map(data.users.map((user) => [user.handle, user.joinedAt]));
  const pairs = new Set<string>();
  for (const { movieId, handle, at } of data.reactions) {
    expect(films).toContain(movieId);
    expect(at >= (joinedAt.get(handle) ?? '9999')).toBe(true);
    pairs.add(`${movieId}:${handle}`);
  }
  expect(pairs.size).toBe(data.reactions.length);
});

test.each(['Animation', 'Horror', 'Science Fiction', 'War'])(
  'who likes much of the genre %s goes on to like more of it than others do',
  (genre) => {
    const kin = new Set(
      data.films.filter((film) => film.genres.includes(genre)).map((film) => film.id),
    );
    const likesBy = new Map<string, string[]>();
    for (const { handle, movieId, reaction } of data.reactions) {
      if (reaction === 'LIKE') likesBy.set(handle, [...(likesBy.get(handle) ?? []), movieId]);
    }
    const share = (likes: readonly string[]): number =>
      likes.filter((id) => kin.has(id)).length / Math.max(1, likes.length);
    // Every second like tells who is a fan; the others, which had no say in that, are compared.
    const people = [...likesBy.values()].map((likes) => ({
      evidence: likes.filter((_id, index) => index % 2 === 0),
      others: likes.filter((_id, index) => index % 2 === 1),
    }));
    const usual = share(people.flatMap((person) => person.evidence));
    const fans = people.filter((person) => share(person.evidence) > usual);
    expect(share(fans.flatMap((fan) => fan.others))).toBeGreaterThan(
      1.3 * share(people.flatMap((person) => person.others)),
    );
  },
);
