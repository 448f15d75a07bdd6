import DataLoader from 'dataloader';
import {
  invalidCursor,
  type DocumentFilter,
  type ListQuery,
  type Page,
  type PageRequest,
  type RequestScope,
} from '@marquee/subgraph-kit';
import type { StoredCredit } from '@marquee/subgraph-kit/documents';
import { MarqueeError } from '@marquee/errors';
import type { Movies, ShownMovie } from './movies.ts';

/** Which of a person's credits count. */
export interface CreditFilter {
  readonly kind?: 'CAST' | 'CREW' | null;
  readonly job?: string | null;
}

export interface FilmographyEntry {
  readonly movie: ShownMovie;
  readonly kind: 'CAST' | 'CREW';
  readonly character?: string;
  readonly job?: string;
}

/** The films of people: an indexed list over all shards. */
export interface Filmographies {
  /** The newest film first; one entry for each credit. */
  list(personId: string, filter: CreditFilter, page: PageRequest): Promise<Page<FilmographyEntry>>;
  count(personId: string, filter: CreditFilter): Promise<number>;
  /** The most popular films first; asked for many people at once in one batch. */
  knownFor(personId: string, first: number): Promise<ShownMovie[]>;
}

/** Films of a person's that one step of a walk fetches. */
const WALK_PAGE_SIZE = 500;

export const createFilmographies = (scope: RequestScope, movies: Movies): Filmographies => {
  const popularIds = new DataLoader<string, readonly string[]>((personIds) =>
    popularFilmsOf(scope, personIds),
  );
  return {
    list: (personId, filter, request) => listEntries(movies, personId, filter, request),
    count: async (personId, filter) => {
      let total = 0;
      await walk(
        scope,
        { filter: filmsOf(personId, filter), sort: [], projection: { credits: 1 } },
        (film) => {
          total += creditsOf({ credits: film.credits as StoredCredit[] }, personId, filter).length;
          return true;
        },
      );
      return total;
    },
    knownFor: async (personId, first) => {
      const ids = await popularIds.load(personId);
      const films = await movies.findByIds(ids.slice(0, first));
      const failure = films.find((film) => film instanceof Error);
      if (failure !== undefined) throw failure;
      return films.filter((film) => film !== null) as ShownMovie[];
    },
  };
};

const filmsOf = (personId: string, { kind, job }: CreditFilter): DocumentFilter => ({
  personIds: personId,
  ...(kind || job
    ? { credits: { $elemMatch: { personId, ...(kind ? { kind } : {}), ...(job ? { job } : {}) } } }
    : {}),
});

const creditsOf = (
  film: { readonly credits: readonly StoredCredit[] },
  personId: string,
  { kind, job }: CreditFilter,
): StoredCredit[] =>
  film.credits.filter(
    (credit) =>
      credit.personId === personId &&
      (!kind || credit.kind === kind) &&
      (!job || (credit.kind === 'CREW' && credit.job === job)),
  );

// A page may end between two credits of one film: its cursor is that of the film before, and how many
// entries of the next film are already told.
const CURSOR = /^(\d{1,3}):(.*)$/s;

const formatCursor = (told: number, filmCursor: string): string =>
  Buffer.from(`${told}:${filmCursor}`, 'utf8').toString('base64url');

const parseCursor = (after: string | undefined) => {
  if (after === undefined) return { told: 0, filmCursor: '' };
  const [, told, filmCursor] = CURSOR.exec(Buffer.from(after, 'base64url').toString('utf8')) ?? [];
  if (filmCursor === undefined) throw invalidCursor();
  return { told: Number(told), filmCursor };
};

const listEntries = async (
  movies: Movies,
  personId: string,
  filter: CreditFilter,
  { first, after }: PageRequest,
): Promise<Page<FilmographyEntry>> => {
  const { told, filmCursor } = parseCursor(after);
  const stage = {
    filter: filmsOf(personId, filter),
    sort: [
      { field: 'year', direction: -1 },
      { field: 'releaseDate', direction: -1 },
    ],
  } as const;
  // Each film has an entry at least, but the first may be told already.
  const page = await movies.list([stage], {
    first: first + 1,
    ...(filmCursor === '' ? {} : { after: filmCursor }),
  });
  const entries = page.nodes.flatMap((movie, index) => {
    const before = index === 0 ? filmCursor : (page.cursors[index - 1] ?? '');
    const credits = creditsOf(movie, personId, filter);
    return credits.map((credit, position) => ({
      node: toEntry(movie, credit),
      cursor:
        position + 1 === credits.length
          ? formatCursor(0, page.cursors[index] ?? '')
          : formatCursor(position + 1, before),
    }));
  });
  const wanted = entries.slice(told, told + first);
  return {
    nodes: wanted.map(({ node }) => node),
    cursors: wanted.map(({ cursor }) => cursor),
    hasNextPage: entries.length > told + first || page.hasNextPage,
    unavailable: page.unavailable,
  };
};

const toEntry = (movie: ShownMovie, credit: StoredCredit): FilmographyEntry =>
  credit.kind === 'CAST'
    ? {
        movie,
        kind: credit.kind,
        ...(credit.character === undefined ? {} : { character: credit.character }),
      }
    : { movie, kind: credit.kind, job: credit.job };

/** How many films a person is known for at most: the limit of `knownFor(first)`. */
export const KNOWN_FOR_MAX = 20;

// One walk for all of them, by descending popularity, until each has enough or there are no more.
const popularFilmsOf = async (
  scope: RequestScope,
  personIds: readonly string[],
): Promise<readonly string[][]> => {
  const found = new Map(personIds.map((id) => [id, [] as string[]]));
  let incomplete = found.size;
  await walk(
    scope,
    {
      filter: { personIds: { $in: personIds } },
      sort: [{ field: 'popularity', direction: -1 }],
      projection: { personIds: 1, popularity: 1 },
    },
    (film) => {
      for (const id of film.personIds as readonly string[]) {
        const films = found.get(id);
        if (films === undefined || films.length === KNOWN_FOR_MAX) continue;
        films.push(film._id);
        if (films.length === KNOWN_FOR_MAX) incomplete -= 1;
      }
      return incomplete > 0;
    },
  );
  return personIds.map((id) => found.get(id) ?? []);
};

// Visits films in order until `visit` has enough. Complete or not at all: no guess where a shard is missing.
const walk = async (
  scope: RequestScope,
  query: Pick<ListQuery, 'filter' | 'sort' | 'projection'>,
  visit: (film: { readonly _id: string; readonly [field: string]: unknown }) => boolean,
): Promise<void> => {
  let after: string | undefined;
  do {
    const page = await scope.router.list('movies', {
      ...scope.readOptions,
      ...query,
      queryName: 'films-of-people',
      first: WALK_PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    });
    const missing = page.unavailable[0];
    if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
    if (!page.nodes.every(visit)) return;
    after = page.hasNextPage ? page.cursors.at(-1) : undefined;
  } while (after !== undefined);
};
