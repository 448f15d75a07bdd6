import { makeReactions } from './audience/synthetic-reactions.ts';
import { makeUsers } from './audience/synthetic-users.ts';
import type { DemoFilm } from './demo-film.ts';
import type { DemoPerson } from './demo-person.ts';
import type { DemoReaction } from './demo-reaction.ts';
import type { DemoUser } from './demo-user.ts';
import { readFilmFacts } from './facts/film-facts.ts';
import { readPersonFacts } from './facts/person-facts.ts';
import { mergeFilms } from './merge-films.ts';
import { createPeopleIndex } from './people-index.ts';
import { seededRandom } from './seeded-random.ts';
import type { SkippedRow } from './skipped-row.ts';
import { readListedFilms } from './vega/listed-films.ts';
import { readMovieRows } from './vega/movie-rows.ts';

const DEFAULT_SEED = 1927;
const DEFAULT_USER_COUNT = 200;
const DEFAULT_AS_OF = '2025-06-01T00:00:00.000Z';

export interface DemoDataOptions {
  /** Numbers in [0, 1) for users and reactions; seeded by default. */
  random?: () => number;
  /** Demo logins included; they are there even if it is smaller. Default 200. */
  userCount?: number;
  /** No reaction is later. Fixed by default, so that every load gives the same data. */
  asOf?: Date;
  /** Instead of vega-datasets' own rows. */
  movieRows?: readonly unknown[];
}

export interface DemoData {
  films: DemoFilm[];
  /** Everybody who is credited in `films`, and nobody else. */
  people: DemoPerson[];
  users: DemoUser[];
  /** One at most for each user and film, all of them in `users` and `films`. */
  reactions: DemoReaction[];
  /** Rows of vega-datasets that are not in `films`, with the reason. */
  skipped: SkippedRow[];
}

/**
 * The content of the default data set. The same options give the same data, ids included; nothing
 * but files of this package and of vega-datasets is read. A corrupt row is reported in `skipped`;
 * a missing or unreadable file throws Node's own error.
 */
export const loadDemoData = (options: DemoDataOptions = {}): DemoData => {
  const random = options.random ?? seededRandom(DEFAULT_SEED);
  const asOf = options.asOf ?? new Date(DEFAULT_AS_OF);

  const listed = readListedFilms(options.movieRows ?? readMovieRows());
  const people = createPeopleIndex(readPersonFacts());
  const merged = mergeFilms(readFilmFacts(), listed.films, people);
  const users = makeUsers(random, options.userCount ?? DEFAULT_USER_COUNT, asOf);
  return {
    films: merged.films,
    people: people.credited(),
    users,
    reactions: makeReactions(random, merged.films, users, asOf),
    skipped: [...listed.skipped, ...merged.skipped].sort((a, b) => a.row - b.row),
  };
};
