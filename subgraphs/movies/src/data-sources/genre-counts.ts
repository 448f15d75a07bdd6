import { MarqueeError } from '@marquee/errors';
import type { RequestScope } from '@marquee/subgraph-kit';

/** Counts are at most this old. */
export const GENRE_COUNTS_MAX_AGE_MS = 60_000;

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

/** One for the process: many requests share one count. */
export const createGenreCounts = (): ((scope: RequestScope) => GenreCounts) => {
  let counted:
    { readonly atMs: number; readonly counts: Promise<readonly GenreCount[]> } | undefined;
  return (scope) => ({
    current: async () => {
      const nowMs = scope.now();
      if (counted === undefined || nowMs - counted.atMs >= GENRE_COUNTS_MAX_AGE_MS) {
        const begun = { atMs: nowMs, counts: countGenres(scope) };
        counted = begun;
        // A count that failed is nobody's any more: the next request counts anew.
        begun.counts.catch(() => {
          if (counted === begun) counted = undefined;
        });
      }
      return counted.counts;
    },
  });
};

const countGenres = async (scope: RequestScope): Promise<readonly GenreCount[]> => {
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
  return [...counts]
    .map(([genre, movieCount]) => ({ genre, movieCount }))
    .toSorted((a, b) => b.movieCount - a.movieCount || (a.genre < b.genre ? -1 : 1));
};
