import type { DemoFilm } from '../demo-film.ts';
import type { DemoReaction } from '../demo-reaction.ts';
import type { DemoUser } from '../demo-user.ts';

/** Genres that divide an audience; nearly every film is a drama, so that is no taste. */
const TASTES = [
  'Action',
  'Adventure',
  'Animation',
  'Comedy',
  'Crime',
  'Fantasy',
  'Horror',
  'Mystery',
  'Romance',
  'Science Fiction',
  'Thriller',
  'War',
  'Western',
] as const;
const LOVED_GENRES = 3;
const REACTIONS_MIN = 10;
const REACTIONS_MAX = 80;

interface Taste {
  loved: ReadonlySet<string>;
  disliked: string;
}

/**
 * What every user but administrators thought of some films. Each user loves three genres and
 * dislikes one: loved ones are seen more and liked more, so that who likes one film tends to like
 * its kin. Popular films are seen by more people.
 */
export const makeReactions = (
  random: () => number,
  films: readonly DemoFilm[],
  users: readonly DemoUser[],
  asOf: Date,
): DemoReaction[] =>
  users
    .filter((user) => user.role === 'USER')
    .flatMap((user) => {
      const taste = makeTaste(random);
      // Squared: many who seldom react, few who often do.
      const spread = (REACTIONS_MAX - REACTIONS_MIN) * random() ** 2;
      const seen = sample(random, films, REACTIONS_MIN + Math.round(spread), (film) =>
        seenWeight(film, taste),
      );
      const joinedMs = Date.parse(user.joinedAt);
      return seen.map((film): DemoReaction => {
        const atMs = Math.floor(joinedMs + random() * (asOf.getTime() - joinedMs));
        return {
          movieId: film.id,
          handle: user.handle,
          reaction: random() < likeChance(film, taste) ? 'LIKE' : 'DISLIKE',
          at: new Date(atMs).toISOString(),
        };
      });
    });

const makeTaste = (random: () => number): Taste => {
  const [disliked = '', ...loved] = sample(random, TASTES, LOVED_GENRES + 1, () => 1);
  return { loved: new Set(loved), disliked };
};

const lovedCount = (film: DemoFilm, taste: Taste): number =>
  film.genres.filter((genre) => taste.loved.has(genre)).length;

const seenWeight = (film: DemoFilm, taste: Taste): number => {
  const known = (film.popularity + 0.2) ** 0.7;
  return known * 5 ** lovedCount(film, taste) * (film.genres.includes(taste.disliked) ? 0.4 : 1);
};

const likeChance = (film: DemoFilm, taste: Taste): number => {
  const quality = 0.6 + ((film.rating ?? 7) - 6.5) * 0.08;
  const chance =
    quality + 0.2 * lovedCount(film, taste) - (film.genres.includes(taste.disliked) ? 0.4 : 0);
  return Math.min(0.97, Math.max(0.05, chance));
};

/** `count` different items, the heavier the likelier: the method of Efraimidis and Spirakis (2006). */
const sample = <T>(
  random: () => number,
  items: readonly T[],
  count: number,
  weightOf: (item: T) => number,
): T[] =>
  items
    .map((item) => ({ item, key: Math.log(random()) / weightOf(item) }))
    .sort((a, b) => b.key - a.key)
    .slice(0, count)
    .map(({ item }) => item);
