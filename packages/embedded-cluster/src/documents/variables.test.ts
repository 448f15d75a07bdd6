import { Int32 } from 'bson';
import { CommandError } from '../command-error.ts';
import { documentOf } from './value.ts';
import { letVariables } from './variables.ts';

const refusal = (definitions: Record<string, unknown>): number | undefined => {
  try {
    letVariables(documentOf(definitions));
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
};

describe('let', () => {
  it('evaluates constants, also from earlier ones', () => {
    const variables = letVariables(
      documentOf({ a: { $subtract: [3, 2] }, b: ['$$a', 'x'], c: { $literal: '$x' } }),
    );
    expect(variables.get('a')).toEqual(new Int32(1));
    expect(variables.get('b')).toEqual([new Int32(1), 'x']);
    expect(variables.get('c')).toBe('$x');
    expect(letVariables(undefined).size).toBe(0);
  });

  it('refuses fields of a document and names that are none', () => {
    expect(refusal({ a: '$x' })).toBe(4890500);
    expect(refusal({ A: 1 })).toBe(9);
    expect(refusal({ a: '$$b' })).toBe(17276);
  });
});
