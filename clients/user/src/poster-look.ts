/** Number of `poster--ground-N` and `poster--figure-N` classes in poster.css. */
const GROUNDS = 10;
const FIGURES = 5;

/** Past this many characters a title is set smaller. */
const LONG_TITLE_CHARACTERS = 22;
const VERY_LONG_TITLE_CHARACTERS = 45;

/** The classes of a film's poster: always the same for the same film. */
export const posterClasses = (id: string, title: string): string => {
  const hash = hashOf(id);
  const length =
    title.length > VERY_LONG_TITLE_CHARACTERS
      ? ' poster--very-long'
      : title.length > LONG_TITLE_CHARACTERS
        ? ' poster--long'
        : '';
  return `poster poster--ground-${String(hash % GROUNDS)} poster--figure-${String(Math.floor(hash / GROUNDS) % FIGURES)}${length}`;
};

/** FNV-1a, 32 bits: spreads ids that differ in one digit. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
};
