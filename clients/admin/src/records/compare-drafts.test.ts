import { differences, isChanged, rebase } from './compare-drafts.ts';

const base = { title: 'Heat', year: '1995', plot: '', credits: [{ person: 'pacino' }] };

describe('two versions of a record', () => {
  it('keep what they changed where you changed nothing', () => {
    const yours = { ...base, year: '1996' };
    const theirs = { ...base, plot: 'A heist.' };
    expect(rebase(base, yours, theirs)).toEqual({ ...base, year: '1996', plot: 'A heist.' });
  });

  it('are yours where both changed the same field', () => {
    const yours = { ...base, title: 'Heat!' };
    const theirs = { ...base, title: 'HEAT' };
    expect(rebase(base, yours, theirs).title).toBe('Heat!');
  });

  it('tell who changed what', () => {
    const yours = { ...base, title: 'Heat!', year: '1996' };
    const theirs = { ...base, title: 'HEAT', credits: [{ person: 'de niro' }] };
    expect(differences(base, yours, theirs)).toEqual([
      { name: 'title', yours: true, theirs: true },
      { name: 'year', yours: true, theirs: false },
      { name: 'credits', yours: false, theirs: true },
    ]);
  });

  it('are not changed by an equal copy', () => {
    expect(isChanged(base, structuredClone(base))).toBe(false);
    expect(isChanged(base, { ...base, credits: [] })).toBe(true);
  });
});
