import { movieDocument } from './movie-document.ts';
import { typoKeysOf } from './typo-keys.ts';

const film = {
  id: 'tt0211915',
  title: 'Amélie',
  originalTitle: "Le fabuleux destin d'Amélie Poulain",
  year: 2001,
  plot: null,
  credits: [
    { kind: 'CREW', personId: 'jeunet', name: 'Jean-Pierre Jeunet', job: 'Director' },
    { kind: 'CAST', personId: 'tautou', name: 'Audrey Tautou', character: 'Amélie' },
    { kind: 'CAST', personId: 'jeunet', name: 'Jean-Pierre Jeunet' },
  ],
} as const;

describe('the document of a film', () => {
  it('holds what searches and lists by person need', () => {
    expect(movieDocument(film)).toMatchObject({
      _id: 'tt0211915',
      revision: 1,
      deleted: false,
      titleSort: 'amelie',
      search: ['amelie', 'le', 'fabuleux', 'destin', 'd', 'damelie', 'poulain'],
      personIds: ['tautou', 'jeunet'],
      popularity: 0,
    });
  });

  it('bills the cast in the order given and puts the crew after it', () => {
    expect(movieDocument(film).credits).toEqual([
      { kind: 'CAST', personId: 'tautou', name: 'Audrey Tautou', character: 'Amélie', billing: 1 },
      { kind: 'CAST', personId: 'jeunet', name: 'Jean-Pierre Jeunet', billing: 2 },
      { kind: 'CREW', personId: 'jeunet', name: 'Jean-Pierre Jeunet', job: 'Director' },
    ]);
  });

  it('leaves out what a film does not have', () => {
    expect(Object.keys(movieDocument(film))).not.toContain('plot');
    expect(Object.keys(movieDocument(film))).not.toContain('tagline');
  });
});

describe('the keys of a misspelt word', () => {
  const meet = (typed: string, right: string) => {
    const keys = new Set(typoKeysOf(right));
    return typoKeysOf(typed).some((key) => keys.has(key));
  };

  it.each([
    ['matrux', 'matrix'],
    ['matix', 'matrix'],
    ['mattrix', 'matrix'],
    ['martix', 'matrix'],
    ['matrix', 'matrix'],
  ])('let %s find %s', (typed, right) => {
    expect(meet(typed, right)).toBe(true);
  });

  it.each([
    ['mutrux', 'matrix'],
    ['alien', 'aline2x'],
    ['heat', 'beat'],
  ])('do not let %s find %s', (typed, right) => {
    expect(meet(typed, right)).toBe(false);
  });
});
