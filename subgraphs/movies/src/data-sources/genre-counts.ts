import type { RequestScope } from '@marquee/subgraph-kit';

/** Counts are at most this old. */
export const GENRE_COUNTS_MAX_AGE_MS = 60_000;

/** Counts of this age are renewed while they are still answered, so that hardly anybody waits. */
export const GENRE_COUNTS_RENEW_AFTER_MS = 20_000;

/** A count that takes longer is given up: whoever asks next begins another. */
const COUNT_MAX_MS = 20_000;

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
  // Without the request's deadline: whoever asks first must not cut it short for the others.
  const counts = await scope.router.countBy(
    'movies',
    { field: 'genres', filter: {} },
    { deadline: { remainingMs: COUNT_MAX_MS } },
  );
  const sorted = [...counts]
    .filter((entry): entry is [string, number] => typeof entry[0] === 'string')
    .map(([genre, movieCount]) => ({ genre, movieCount }))
    .toSorted((a, b) => b.movieCount - a.movieCount || (a.genre < b.genre ? -1 : 1));
  return { atMs, counts: sorted };
};
