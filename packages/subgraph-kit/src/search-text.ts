// Letters that Unicode does not take apart, as people type them on a keyboard without them.
const FOLDED: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ß: 'ss',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
};
const FOLDABLE = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'gu');
const APOSTROPHES = /['’ʼ]/gu;
const NOT_OF_A_WORD = /[^\p{L}\p{N}]+/gu;

const foldLetters = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(FOLDABLE, (letter) => FOLDED[letter] ?? letter);

const distinctWords = (words: readonly string[]): string[] => [
  ...new Set(words.filter((word) => word !== '')),
];

/**
 * Text as it is compared in orders and for exact matches: accents and case gone, whatever is neither
 * letter nor digit one space, none at the ends. Stored documents hold what this answered when they
 * were written: a change of it needs all of them written anew.
 */
export const normaliseText = (text: string): string =>
  foldLetters(text).replace(APOSTROPHES, '').replace(NOT_OF_A_WORD, ' ').trim();

/** The distinct words that someone typed, normalised: each is to be found. */
export const queryWords = (text: string): string[] =>
  distinctWords(foldLetters(text).split(NOT_OF_A_WORD));

/**
 * The distinct words by which these texts are found, normalised. What stands between spaces counts
 * in its parts and as one, so that "Spider-Man" is found by `spider man` and by `spiderman`, and
 * "L'avventura" by `avventura`.
 */
export const searchWords = (...texts: readonly (string | undefined)[]): string[] =>
  distinctWords(
    texts
      .flatMap((text) => foldLetters(text ?? '').split(/\s+/u))
      .flatMap((chunk) => [...chunk.split(NOT_OF_A_WORD), chunk.replace(NOT_OF_A_WORD, '')]),
  );
