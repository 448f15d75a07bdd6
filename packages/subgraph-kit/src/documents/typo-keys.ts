/** Shorter words are not corrected: too many others are one letter away. */
export const TYPO_WORD_MIN_LENGTH = 5;

/** Longer words are not corrected either: their keys would outweigh the document. */
export const TYPO_WORD_MAX_LENGTH = 24;

/**
 * The keys under which a misspelt word meets the right one: the word itself and it with each one of
 * its letters left out (the deletion neighbourhood of Garbe's SymSpell). Two words that share a key
 * differ by one letter wrong, missing, too many, or out of place. Looked up by equality in an index,
 * so it costs the same on every engine. None for words that are too short or too long.
 */
export const typoKeysOf = (word: string): string[] => {
  const letters = Array.from(word);
  if (letters.length < TYPO_WORD_MIN_LENGTH || letters.length > TYPO_WORD_MAX_LENGTH) return [];
  const shortened = letters.map((_, index) => letters.toSpliced(index, 1).join(''));
  return [...new Set([word, ...shortened])];
};

/** What a document stores for the words that it is found by. */
export const typoKeys = (words: readonly string[]): string[] => [
  ...new Set(words.flatMap(typoKeysOf)),
];
