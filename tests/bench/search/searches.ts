import { seededRandom } from '@marquee/demo-data';

const SEED = 1927;

/** What somebody types, and what it stands for. */
export interface Search {
  readonly kind: 'typing' | 'frequent' | 'typo' | 'filtered' | 'nothing' | 'none fits';
  /** Without one: the films that fit the filter. */
  readonly query?: string;
  readonly filter?: Readonly<Record<string, unknown>>;
}

/** Words that begin more titles than others, and what they are joined with. */
const FREQUENT = [
  'the',
  'of the',
  'man',
  'love',
  'lov',
  'day',
  'star',
  'the man',
  'in the',
  'a night',
];

/** Conditions that no film satisfies: whatever has no index for them looks at every film. */
const NONE_FITS: readonly Readonly<Record<string, unknown>>[] = [
  { language: 'xx' },
  { country: '' },
  { runtimeMinutes: { from: 5_000 } },
  { year: { to: 1_200 } },
  { rating: { from: 11 } },
  { genres: { any: ['Nothing'] } },
  { personId: 'nobody' },
];

/**
 * Searches as people make them: titles as they are typed, letter by letter; words that hundreds of
 * films have; words with one letter amiss; words within filters; words that no film has.
 */
export const makeSearches = (titles: readonly string[], count: number): Search[] => {
  const random = seededRandom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const title = (): string => titles[below(titles.length)] ?? '';
  const longWord = (): string => {
    for (;;) {
      const word = title()
        .split(/\s+/u)
        .find(({ length }) => length >= 6);
      if (word !== undefined) return word;
    }
  };
  const make: readonly (() => Search)[] = [
    () => {
      const text = title();
      return { kind: 'typing', query: text.slice(0, 1 + below(text.length)) };
    },
    () => {
      const text = title();
      return { kind: 'typing', query: text.slice(0, 3 + below(3)) };
    },
    () => ({ kind: 'frequent', query: FREQUENT[below(FREQUENT.length)] ?? '' }),
    () => {
      const word = longWord();
      const at = 1 + below(word.length - 2);
      return { kind: 'typo', query: `${word.slice(0, at)}${word.slice(at + 1)}` };
    },
    () => ({
      kind: 'filtered',
      query: title().slice(0, 4),
      filter: { genres: { any: ['Drama'] }, year: { from: 1990, to: 2010 } },
    }),
    () => ({ kind: 'nothing', query: `xyzzy${below(1_000)}` }),
    () => ({ kind: 'none fits', filter: NONE_FITS[below(NONE_FITS.length)] ?? {} }),
  ];
  return Array.from({ length: count }, (_, index) => make[index % make.length]?.()).filter(
    (search): search is Search => search !== undefined && search.query?.trim() !== '',
  );
};
