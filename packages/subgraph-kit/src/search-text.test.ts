import { normaliseText, queryWords, searchWords } from './search-text.ts';

describe('text for searches', () => {
  it.each([
    ['Amélie', 'amelie'],
    ['Il buono, il brutto, il cattivo', 'il buono il brutto il cattivo'],
    ['  WALL·E  ', 'wall e'],
    ["It's a Wonderful Life", 'its a wonderful life'],
    ['Smørrebrød & Straße', 'smorrebrod strasse'],
    ['İstanbul', 'istanbul'],
    ['Ｆｕｌｌ width', 'full width'],
    ['🎬', ''],
    ['\0 $where: {}', 'where'],
  ])('takes %j as %j', (text, expected) => {
    expect(normaliseText(text)).toBe(expected);
  });

  it('answers each word once, from all texts', () => {
    expect(searchWords('The The', undefined, 'the Thing')).toEqual(['the', 'thing']);
  });

  it.each([
    ['spiderman', 'Spider-Man'],
    ['spider man', 'Spider-Man'],
    ['spider-man', 'Spider-Man'],
    ['avventura', "L'avventura"],
    ["l'avventura", 'L’avventura'],
    ["it's", 'It’s a Wonderful Life'],
    ['its', 'It’s a Wonderful Life'],
    ['walle', 'WALL·E'],
    ['et', 'E.T. the Extra-Terrestrial'],
  ])('lets %j find %j', (typed, title) => {
    const words = searchWords(title);
    expect(queryWords(typed).every((word) => words.some((w) => w.startsWith(word)))).toBe(true);
  });

  it('does not change what it already normalised', () => {
    const once = normaliseText('Ｈé  ﬁ 서울 हिन्दी ﷺ');
    expect(normaliseText(once)).toBe(once);
  });
});
