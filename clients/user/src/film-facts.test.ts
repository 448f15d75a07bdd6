import { dayText, namesOf, runtimeText } from './film-facts.ts';

describe('facts of a film', () => {
  it.each([
    [45, '45 min'],
    [60, '1 h'],
    [136, '2 h 16 min'],
  ])('%i minutes are %s', (minutes, text) => {
    expect(runtimeText(minutes)).toBe(text);
  });

  it('shows a day as that day in every time zone', () => {
    expect(dayText('1974-11-11')).toBe('11 November 1974');
  });

  it('shows what is no date as it stands', () => {
    expect(dayText('around 1900')).toBe('around 1900');
  });

  it('names languages and countries, and lets an unknown code stand for itself', () => {
    expect(namesOf(['en', 'fr', 'not a code'], 'language')).toBe('English, French, not a code');
    expect(namesOf(['US'], 'region')).toBe('United States');
  });
});
