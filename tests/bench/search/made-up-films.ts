import { loadDemoData, seededRandom } from '@marquee/demo-data';
import { movieDocument } from '@marquee/subgraph-kit/documents';

const SEED = 1895;
const WORDS_MAX = 4;
const CAST = 12;
const PEOPLE = 50_000;
const PLOT = 'Somebody wants something and has to go through a lot to get it. '.repeat(5);

export type MadeUpFilm = ReturnType<typeof movieDocument>;

/**
 * Films whose titles are made of the words of the demo data's titles, each word as frequent as it is
 * there: 100,000 of them have about as many "the" and "love" as real ones. Popularity is skewed.
 */
export function* madeUpFilms(count: number): Generator<MadeUpFilm, void, undefined> {
  const random = seededRandom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const real = loadDemoData().films;
  const words = real.flatMap(({ title }) => title.split(/\s+/u));
  const genres = real.flatMap((film) => film.genres);
  const oneOf = (values: readonly string[]): string => values[below(values.length)] ?? '';
  for (let index = 0; index < count; index += 1) {
    yield movieDocument({
      id: `film${index}`,
      title: Array.from({ length: 1 + below(WORDS_MAX) }, () => oneOf(words)).join(' '),
      year: 1920 + below(105),
      popularity: Math.round(random() ** 4 * 1e6) / 1e3,
      rating: below(101) / 10,
      runtimeMinutes: 60 + below(120),
      genres: [oneOf(genres), oneOf(genres)],
      languages: ['en'],
      countries: ['US'],
      plot: PLOT,
      credits: Array.from({ length: CAST }, () => ({
        kind: 'CAST' as const,
        personId: `person${below(PEOPLE)}`,
        name: 'Some Body',
        character: 'Somebody Else',
      })),
    });
  }
}
