// Letters that Unicode does not decompose into a base letter and a mark.
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  œ: 'oe',
  ı: 'i',
};

/** Lower case without accents: `Amélie` and `AMELIE` fold to the same text. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæøđðþłœı]/g, (letter) => UNDECOMPOSED[letter] ?? letter);

/**
 * ASCII words joined by `-`, at most `maxLength` characters. Text without any Latin letter or
 * digit becomes the code points of its characters, so that it is never empty.
 */
export const slug = (text: string, maxLength: number): string => {
  const ascii = fold(text)
    .replace(/['’`]/g, '')
    .replace(/[^a-z0-9]+/g, '-');
  const trimmed = ascii.replace(/^-+|-+$/g, '');
  const words =
    trimmed === ''
      ? Array.from(text, (character) => (character.codePointAt(0) ?? 0).toString(16)).join('-')
      : trimmed;
  return words.slice(0, maxLength).replace(/-+$/, '');
};
