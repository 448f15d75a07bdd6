import { typoKeysOf } from './documents/typo-keys.ts';
import { normaliseText, queryWords } from './search-text.ts';
import type { DocumentFilter } from './data-layer.ts';
import type { ListStage } from './staged-list.ts';

/**
 * Shorter words begin too many: texts without a longer one find beginnings of titles only, in the order
 * of an index.
 */
export const WORD_SEARCH_MIN_LENGTH = 3;

/** Words of a search that count: each is a condition, and more find nothing that these do not. */
export const SEARCH_WORDS_MAX = 12;

/** Typos are forgiven only where the text as typed finds fewer than this. */
export const TYPO_SEARCH_BELOW = 10;

/** A search by what somebody typed, among documents with `search` (and `typos`) words. */
export interface Search {
  /** Undefined for no search: everything that satisfies the conditions. */
  readonly text: string | undefined;
  readonly conditions: readonly DocumentFilter[];
  /**
   * The field that holds the normalised title or name, indexed. Without one, exact titles do not come
   * first, and short texts are searched as long ones: for collections that stay small.
   */
  readonly titleField?: string;
  /** By relevance: exact titles first, each group by popularity. Otherwise one order for all. */
  readonly order: 'relevance' | ListStage['sort'];
  /** Whether the documents have `typos`. */
  readonly forgivesTypos: boolean;
}

const BY_POPULARITY: ListStage['sort'] = [{ field: 'popularity', direction: -1 }];

/**
 * Words that begin too much to look anything up by. Not left out: only never the first choice.
 */
const FREQUENT_WORDS: ReadonlySet<string> = new Set(
  'the a an of and in to on for is at by my der die das ein und le la les de du des un une et il lo el los las y'.split(
    ' ',
  ),
);

// After every other character, in the order of UTF-8 bytes and of code points.
const LAST_CHARACTER = '\u{10ffff}';

/**
 * The queries of a search, each by an index on every engine: words by equality and by anchored
 * beginnings, typos by the equality of their keys.
 */
export const searchStages = ({
  text,
  conditions,
  titleField,
  order,
  forgivesTypos,
}: Search): ListStage[] => {
  const byRelevance = order === 'relevance';
  const sort = byRelevance ? BY_POPULARITY : order;
  if (text === undefined) return [{ filter: allOf(conditions), sort }];

  const title = normaliseText(text);
  const words = rarestFirst(queryWords(text).slice(0, SEARCH_WORDS_MAX));
  // Nothing but punctuation or pictures: no title has those words.
  if (words.length === 0) return [];
  if (titleField !== undefined && words.every(isShort)) {
    const beginning = { [titleField]: { $gte: title, $lt: `${title}${LAST_CHARACTER}` } };
    return [
      {
        filter: allOf([...conditions, beginning]),
        sort: byRelevance ? [{ field: titleField, direction: 1 }] : sort,
      },
    ];
  }
  const asTyped = allOf(words.map(beginsWord));
  const typos = forgivesTypos ? withTypos(words, asTyped) : undefined;
  const exact = byRelevance && titleField !== undefined ? { [titleField]: title } : undefined;
  const others = exact === undefined ? conditions : [...conditions, { $nor: [exact] }];
  // Few match several words, or a typo: they are found by the words and then sorted. No index has this
  // order, so no engine is tempted to walk everything in it instead.
  const fewSort =
    byRelevance && titleField !== undefined
      ? [...sort, { field: titleField, direction: -1 } as const]
      : sort;
  const isOneWord = words.length === 1 || words.every((word) => FREQUENT_WORDS.has(word));
  return [
    ...(exact === undefined ? [] : [{ filter: allOf([exact, ...conditions]), sort: fewSort }]),
    { filter: allOf([asTyped, ...others]), sort: isOneWord ? sort : fewSort },
    ...(typos === undefined
      ? []
      : [{ filter: allOf([typos, ...others]), sort: fewSort, onlyIfFewerThan: TYPO_SEARCH_BELOW }]),
  ];
};

const isShort = (word: string): boolean => Array.from(word).length < WORD_SEARCH_MIN_LENGTH;

// Engines look up by the first of several words: frequent ones last, the others by length.
const rarestFirst = (words: readonly string[]): string[] =>
  words.toSorted(
    (a, b) => Number(FREQUENT_WORDS.has(a)) - Number(FREQUENT_WORDS.has(b)) || b.length - a.length,
  );

const allOf = (conditions: readonly DocumentFilter[]): DocumentFilter => {
  const [only, ...others] = conditions;
  if (only === undefined) return {};
  return others.length === 0 ? only : { $and: conditions };
};

// Normalised words consist of letters and digits: nothing in them means anything to a pattern.
const beginsWord = (word: string): DocumentFilter => ({ search: new RegExp(`^${word}`) });

// Each word as typed or with one letter amiss, but not all as typed: those are found already. One word
// at least is met by a key of its own, so all of them together are what to look up by.
const withTypos = (
  words: readonly string[],
  asTyped: DocumentFilter,
): DocumentFilter | undefined => {
  const keysOfWords = words.map(typoKeysOf);
  const keys = keysOfWords.flat();
  if (keys.length === 0) return undefined;
  const someWordAmiss = { typos: { $in: keys } };
  if (words.length === 1) return allOf([someWordAmiss, { $nor: [asTyped] }]);
  const alternatives = words.map((word, index) => {
    const own = keysOfWords[index] ?? [];
    if (own.length === 0) return beginsWord(word);
    return { $or: [beginsWord(word), { typos: { $in: own } }] };
  });
  return allOf([someWordAmiss, ...alternatives, { $nor: [asTyped] }]);
};
