import { MarqueeError } from '@marquee/errors';
import type { RequestScope } from '@marquee/subgraph-kit';

/** Counts are at most this old. */
export const GENRE_COUNTS_MAX_AGE_MS = 60_000;

/** Counts of this age are renewed while they are still answered, so that hardly anybody waits. */
export const GENRE_COUNTS_RENEW_AFTER_MS = 20_000;

/** Films that one step of the count fetches, their genres only. */
const SCAN_PAGE_SIZE = 1_000;

export interface GenreCount {
  readonly genre: string;
  readonly movieCount: number;
}

export interface GenreCounts {
  /** The most frequent first; at most a minute old. @throws SHARD_UNAVAILABLE */
  current(): Promise<readonly GenreCount[]>;
}

interface Counted {
  /** When the count began: what was changed later may not be in it. */
  readonly atMs: number;
  readonly counts: readonly GenreCount[];
}

/** One for the process: many requests share one count. */
export const createGenreCounts = (): ((scope: RequestScope) => GenreCounts) => {
  let newest: Counted | undefined;
  let underway: Promise<Counted> | undefined;

  const renew = (scope: RequestScope): Promise<Counted> => {
    underway ??= countGenres(scope)
      .then((counted) => (newest = counted))
      .finally(() => {
        underway = undefined;
      });
    return underway;
  };

  return (scope) => ({
    current: async () => {
      const ageMs = newest === undefined ? Infinity : scope.now() - newest.atMs;
      if (newest === undefined || ageMs >= GENRE_COUNTS_MAX_AGE_MS) {
        return (await renew(scope)).counts;
      }
      if (ageMs >= GENRE_COUNTS_RENEW_AFTER_MS) {
        renew(scope).catch((err: unknown) => scope.logger.warn({ err }, 'genres were not counted'));
      }
      return newest.counts;
    },
  });
};

const countGenres = async (scope: RequestScope): Promise<Counted> => {
  const atMs = scope.now();
  const counts = new Map<string, number>();
  let after: string | undefined;
  do {
    const page = await scope.router.list('movies', {
      // Of no one request: whoever asks first must not cut it short for the others.
      queryName: 'genre-counts',
      filter: {},
      sort: [],
      projection: { genres: 1 },
      first: SCAN_PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    });
    const missing = page.unavailable[0];
    if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
    for (const { genres } of page.nodes) {
      for (const genre of genres as readonly string[])
        counts.set(genre, (counts.get(genre) ?? 0) + 1);
    }
    after = page.hasNextPage ? page.cursors.at(-1) : undefined;
  } while (after !== undefined);
  const sorted = [...counts]
    .map(([genre, movieCount]) => ({ genre, movieCount }))
    .toSorted((a, b) => b.movieCount - a.movieCount || (a.genre < b.genre ? -1 : 1));
  return { atMs, counts: sorted };
};
