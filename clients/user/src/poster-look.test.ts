import { posterClasses } from './poster-look.ts';

describe('a poster', () => {
  it('looks the same for the same film, always', () => {
    expect(posterClasses('tt0133093', 'The Matrix')).toBe(posterClasses('tt0133093', 'The Matrix'));
  });

  it('of films with neighbouring ids spreads over all grounds', () => {
    const looks = Array.from({ length: 200 }, (_, id) => posterClasses(`tt${1000 + id}`, 'Film'));
    const grounds = new Set(looks.map((look) => /ground-\d/.exec(look)?.[0]));
    expect(grounds.size).toBe(10);
  });

  it('sets long titles smaller', () => {
    expect(posterClasses('a', 'Ran')).not.toContain('long');
    expect(posterClasses('a', 'Raiders of the Lost Ark')).toMatch(/poster--long$/);
    expect(posterClasses('a', 'x'.repeat(60))).toMatch(/poster--very-long$/);
  });
});
