import { searchStages, TYPO_SEARCH_BELOW, type Search } from './search-stages.ts';

const stagesOf = (text: string | undefined, more: Partial<Search> = {}) =>
  searchStages({
    text,
    conditions: [],
    titleField: 'titleSort',
    order: 'relevance',
    forgivesTypos: true,
    ...more,
  });

describe('the queries of a search', () => {
  it('look up by the rarest word, and never by an order that few are in', () => {
    const [exact, asTyped, amiss] = stagesOf('the matrix');
    expect(exact).toMatchObject({ filter: { titleSort: 'the matrix' } });
    expect(asTyped?.filter).toEqual({
      $and: [
        { $and: [{ search: /^matrix/ }, { search: /^the/ }] },
        { $nor: [{ titleSort: 'the matrix' }] },
      ],
    });
    expect(asTyped?.sort.map(({ field }) => field)).toEqual(['popularity', 'titleSort']);
    expect(amiss).toMatchObject({ onlyIfFewerThan: TYPO_SEARCH_BELOW });
    expect(JSON.stringify(amiss?.filter)).toMatch(/^\{"\$and":\[\{"\$and":\[\{"typos"/);
  });

  it('walk the order of popularity for one word, which many may have', () => {
    expect(stagesOf('love')[1]?.sort).toEqual([{ field: 'popularity', direction: -1 }]);
    expect(stagesOf('of the')[1]?.sort).toEqual([{ field: 'popularity', direction: -1 }]);
  });

  it('are one where an order is asked for, and one more for typos', () => {
    const sort = [{ field: 'year', direction: -1 }] as const;
    expect(stagesOf('matrix', { order: sort })).toHaveLength(2);
    expect(stagesOf('heat', { order: sort })).toEqual([{ filter: { search: /^heat/ }, sort }]);
  });

  it('hold the conditions in every stage', () => {
    const condition = { year: 1999 };
    for (const { filter } of stagesOf('the matrix', { conditions: [condition] })) {
      expect(JSON.stringify(filter)).toContain('{"year":1999}');
    }
    expect(stagesOf(undefined, { conditions: [condition] })[0]?.filter).toEqual(condition);
  });

  it.each(['.*', '$', '^', '(?=)', '\\'])('are none for %j', (text) => {
    expect(stagesOf(text)).toEqual([]);
  });

  it('take words for words, whatever a pattern would make of them', () => {
    expect(stagesOf('aaa.*b+(c)')[1]?.filter).toEqual({
      $and: [
        { $and: [{ search: /^aaa/ }, { search: /^b/ }, { search: /^c/ }] },
        { $nor: [{ titleSort: 'aaa b c' }] },
      ],
    });
  });

  it('find beginnings of titles only where every word is short', () => {
    expect(stagesOf('In B')).toEqual([
      {
        filter: { titleSort: { $gte: 'in b', $lt: 'in b\u{10ffff}' } },
        sort: [{ field: 'titleSort', direction: 1 }],
      },
    ]);
  });

  it('look at a bounded number of words', () => {
    const words = Array.from({ length: 50 }, (_, i) => `word${i}`).join(' ');
    expect(JSON.stringify(stagesOf(words)[1]?.filter).match(/"search"/g)).toHaveLength(12);
  });
});
