import DataLoader from 'dataloader';
import type { RequestScope } from '@marquee/subgraph-kit';

/** An answer is used for this long: it is a suggestion, and costs more than other fields. */
export const ALSO_LIKED_MAX_AGE_MS = 60_000;

/** Films whose answers are kept; beyond that the one that was made longest ago goes. */
export const FILMS_KEPT_MAX = 1_000;

/** Who is asked: those who liked the film last. More would not change what is shared most. */
export const LIKERS_MAX = 200;

/** Their likes that are looked at, the newest; the largest page that the router gives. */
export const LIKES_MAX = 1_000;

/**
 * How many must share a like before it is told: a film with one liker would show that person's list
 * to everybody.
 */
export const SHARED_BY_MIN = 2;

/** Films of an answer: the limit of `alsoLiked(first)`. */
export const ALSO_LIKED_MAX = 20;

export interface Suggestions {
  /** The most shared first; each is liked by two who like the film, at least. */
  readonly movieIds: readonly string[];
  /** Shards whose likes are missing. */
  readonly unavailable: readonly string[];
}

export interface AlsoLiked {
  /** What those who like the film like as well; at most a minute old. */
  of(movieId: string): Promise<Suggestions>;
}

/** One for the process: the page of a film that everybody looks at is worked out once. */
export const createAlsoLiked = (): ((scope: RequestScope) => AlsoLiked) => {
  const kept = new Map<string, { readonly atMs: number; readonly made: Promise<Suggestions> }>();

  const forget = (movieId: string, made: Promise<Suggestions>): void => {
    if (kept.get(movieId)?.made === made) kept.delete(movieId);
  };

  return (scope) => {
    const films = new DataLoader<string, Suggestions>((movieIds) => workOut(scope, movieIds));
    return {
      of: (movieId) => {
        const known = kept.get(movieId);
        if (known !== undefined && scope.now() - known.atMs < ALSO_LIKED_MAX_AGE_MS)
          return known.made;
        const made = films.load(movieId);
        // Put at the end: the first entry is always the one that was made longest ago.
        kept.delete(movieId);
        kept.set(movieId, { atMs: scope.now(), made });
        const [oldest] = kept.keys();
        if (kept.size > FILMS_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
        // What failed, or lacks a shard, is nobody else's answer.
        made.then(
          ({ unavailable }) => {
            if (unavailable.length > 0) forget(movieId, made);
          },
          () => forget(movieId, made),
        );
        return made;
      },
    };
  };
};

/**
 * Of a page of films together. Each has lists of its own: one range of an index answers each of them in
 * order, where likes of several films, or of the people of several, would have to be sorted first.
 */
const workOut = async (
  scope: RequestScope,
  movieIds: readonly string[],
): Promise<(Suggestions | Error)[]> => {
  const suggested = await Promise.all(
    movieIds.map((movieId) =>
      candidatesOf(scope, movieId).catch((error: unknown) => error as Error),
    ),
  );
  const candidates = new Set(
    suggested.flatMap((one) => (one instanceof Error ? [] : one.movieIds)),
  );
  const isThere = await whichAreThere(scope, [...candidates]);
  return suggested.map((one) =>
    one instanceof Error
      ? one
      : { ...one, movieIds: one.movieIds.filter(isThere).slice(0, ALSO_LIKED_MAX) },
  );
};

/** Twice as many as are answered: some films may be deleted. */
const candidatesOf = async (scope: RequestScope, movieId: string): Promise<Suggestions> => {
  const likers = await likes(scope, { movieId }, 'handle', LIKERS_MAX);
  if (likers.values.length < SHARED_BY_MIN)
    return { movieIds: [], unavailable: likers.unavailable };
  const shared = await likes(scope, { handle: { $in: likers.values } }, 'movieId', LIKES_MAX);
  const counts = new Map<string, number>();
  for (const id of shared.values) counts.set(id, (counts.get(id) ?? 0) + 1);
  counts.delete(movieId);
  return {
    movieIds: [...counts]
      .filter(([, count]) => count >= SHARED_BY_MIN)
      .toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
      .slice(0, 2 * ALSO_LIKED_MAX)
      .map(([id]) => id),
    unavailable: [...new Set([...likers.unavailable, ...shared.unavailable])],
  };
};

const whichAreThere = async (
  scope: RequestScope,
  movieIds: readonly string[],
): Promise<(movieId: string) => boolean> => {
  if (movieIds.length === 0) return () => false;
  const films = await scope.router.findByIds('movies', movieIds, {
    ...scope.readOptions,
    projection: { _id: 1 },
  });
  // A film that cannot be asked may well be there.
  const gone = new Set(movieIds.filter((_, index) => films[index] === null));
  return (movieId) => !gone.has(movieId);
};

const likes = async (
  scope: RequestScope,
  condition: Readonly<Record<string, unknown>>,
  field: 'handle' | 'movieId',
  first: number,
): Promise<{ values: string[]; unavailable: string[] }> => {
  const page = await scope.router.list('user_interactions', {
    ...scope.readOptions,
    queryName: 'also-liked',
    filter: { kind: 'interaction', reaction: 'LIKE', ...condition },
    sort: [{ field: 'updatedAt', direction: -1 }],
    projection: { [field]: 1, updatedAt: 1 },
    first,
  });
  return {
    values: page.nodes.map((like) => String(like[field])),
    unavailable: page.unavailable.map(({ shard }) => shard),
  };
};
