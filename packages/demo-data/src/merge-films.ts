import type { DemoCredit, DemoFilm } from './demo-film.ts';
import type { FilmFacts } from './facts/film-facts.ts';
import { matchKey } from './match-key.ts';
import type { PeopleIndex } from './people-index.ts';
import type { SkippedRow } from './skipped-row.ts';
import { slug } from './slug.ts';
import type { ListedFilm } from './vega/listed-film.ts';

const ID_MAX_LENGTH = 64;
/** A film may be listed under the year of its premiere or of its release. */
const YEAR_TOLERANCE = 1;
/**
 * The list's ratings were looked up by title and sometimes belong to an obscure namesake (`Aliens`
 * with 84 votes). A film that is known well enough to have facts has far more.
 */
const KNOWN_FILM_VOTES_MIN = 5_000;

/**
 * One film from both sources where they mean the same one; facts win, the list fills in what they
 * leave open. Films with facts come first.
 */
export const mergeFilms = (
  facts: readonly FilmFacts[],
  listed: readonly ListedFilm[],
  people: PeopleIndex,
): { films: DemoFilm[]; skipped: SkippedRow[] } => {
  const listedByKey = new Map<string, ListedFilm[]>();
  for (const film of listed) {
    const key = matchKey(film.title);
    listedByKey.set(key, [...(listedByKey.get(key) ?? []), film]);
  }
  const taken = new Set<ListedFilm>();
  const skipped: SkippedRow[] = [];

  const pairs = facts.map((film) => {
    const [match, ...more] = matchesOf(film, listedByKey).filter((found) => !taken.has(found));
    if (match !== undefined) taken.add(match);
    for (const again of more) {
      taken.add(again);
      skipped.push({ row: again.row, reason: `the same film as ${film.imdb}, listed again` });
    }
    return { film, match };
  });
  const usual = median(pairs.flatMap(({ match }) => votesOf(match)?.voteCount ?? []));
  const known = pairs.map(({ film, match }) => fromFacts(film, match, usual, people));

  const ids = new Set(known.map((film) => film.id));
  const others = listed
    .filter((film) => !taken.has(film))
    .map((film) => fromList(film, newId(film, ids), people));
  return { films: [...known, ...others], skipped };
};

const matchesOf = (
  film: FilmFacts,
  listedByKey: ReadonlyMap<string, readonly ListedFilm[]>,
): ListedFilm[] => {
  const names: readonly { title: string; year?: number }[] = [
    { title: film.title },
    ...(film.originalTitle === undefined ? [] : [{ title: film.originalTitle }]),
    ...(film.listedAs ?? []),
  ];
  const found = names.flatMap(({ title, year = film.year }) =>
    (listedByKey.get(matchKey(title)) ?? []).filter(
      (listed) => Math.abs((listed.year ?? 0) - year) <= YEAR_TOLERANCE,
    ),
  );
  return [...new Set(found)];
};

const fromFacts = (
  film: FilmFacts,
  match: ListedFilm | undefined,
  usualVoteCount: number,
  people: PeopleIndex,
): DemoFilm => {
  // The list gives the American release, which may fall into another year.
  const listedDate = match?.year === film.year ? match.releaseDate : undefined;
  const releaseDate = film.releaseDate ?? listedDate;
  const certification = film.certification ?? match?.certification;
  return {
    id: film.imdb,
    title: film.title,
    ...(film.originalTitle !== undefined && { originalTitle: film.originalTitle }),
    year: film.year,
    ...(releaseDate !== undefined && { releaseDate }),
    runtimeMinutes: film.runtimeMinutes,
    genres: film.genres,
    plot: film.plot,
    languages: film.languages,
    countries: film.countries,
    ...(certification !== undefined && { certification }),
    externalIds: { imdb: film.imdb },
    ...votesOf(match),
    popularity: popularityOf(votesOf(match)?.voteCount ?? usualVoteCount),
    credits: creditsOf(film, people),
  };
};

const fromList = (film: ListedFilm, id: string, people: PeopleIndex): DemoFilm => {
  const { row: _row, director, ...rest } = film;
  return {
    id,
    ...rest,
    languages: [],
    countries: [],
    externalIds: {},
    popularity: popularityOf(film.voteCount ?? 0),
    credits:
      director === undefined ? [] : [{ kind: 'CREW', ...people.credit(director), job: 'Director' }],
  };
};

const creditsOf = (film: FilmFacts, people: PeopleIndex): DemoCredit[] => [
  ...Object.entries(film.cast).map(([name, character], index): DemoCredit => ({
    kind: 'CAST',
    ...people.credit(name),
    character,
    billing: index + 1,
  })),
  ...Object.entries(film.crew).flatMap(([job, names]) =>
    names.map((name): DemoCredit => ({ kind: 'CREW', ...people.credit(name), job })),
  ),
];

const votesOf = (
  match: ListedFilm | undefined,
): { rating: number; voteCount: number } | undefined =>
  match?.rating === undefined ||
  match.voteCount === undefined ||
  match.voteCount < KNOWN_FILM_VOTES_MIN
    ? undefined
    : { rating: match.rating, voteCount: match.voteCount };

const popularityOf = (voteCount: number): number => Math.round(voteCount / 100) / 10;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const newId = (film: ListedFilm, ids: Set<string>): string => {
  const year = film.year === undefined ? '' : `-${String(film.year)}`;
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? year : `${year}-${String(count)}`;
    const id = `vg-${slug(film.title, ID_MAX_LENGTH - 'vg-'.length - suffix.length)}${suffix}`;
    if (ids.has(id)) continue;
    ids.add(id);
    return id;
  }
};
