import { fieldProblems } from './field-problems.ts';

describe('problems of an input', () => {
  const problems = fieldProblems([
    { path: 'input.title', message: 'Too long.' },
    { path: 'input.credits.3.job', message: 'Needed.' },
    { path: 'input.credits.4.personId', message: 'Nobody.' },
    { path: 'input.genres.0', message: 'Empty.' },
    { path: 'operationId', message: 'Not a UUIDv7.' },
  ]);

  it('are found at their field', () => {
    expect(problems.at('title')).toBe('Too long.');
    expect(problems.at('credits.3.job')).toBe('Needed.');
    expect(problems.at('credits.4.personId')).toBe('Nobody.');
  });

  it('of one part of a list belong to the field of the list', () => {
    expect(problems.under('genres')).toBe('Empty.');
    expect(problems.at('genres')).toBeUndefined();
  });

  it('do not touch a field whose name begins alike', () => {
    expect(
      fieldProblems([{ path: 'input.titleSort', message: 'x' }]).under('title'),
    ).toBeUndefined();
  });

  it('that have no field in the form are not lost', () => {
    expect(problems.elsewhere(['title', 'credits', 'genres'])).toEqual([
      { path: 'operationId', message: 'Not a UUIDv7.' },
    ]);
  });
});
