import { CATALOGUE } from '@marquee/errors';
import { allInPlainWords, inPlainWords, isProblemCode } from './plain-words.ts';

describe('plain words', () => {
  it('are there for every code of the catalogue, and never say the code', () => {
    for (const code of Object.keys(CATALOGUE)) {
      if (!isProblemCode(code)) throw new Error(`There are no words for ${code}.`);
      expect(inPlainWords({ code, path: '' })).not.toContain(code);
    }
  });

  it('name the argument that is malformed', () => {
    expect(inPlainWords({ code: 'BAD_USER_INPUT', path: '', argument: 'first' })).toContain(
      'first',
    );
  });

  it('are said once, however many fields are missing', () => {
    const problems = [
      { code: 'SHARD_UNAVAILABLE', path: 'movies.nodes.0.likeCount' },
      { code: 'SHARD_UNAVAILABLE', path: 'movies.nodes.1.likeCount' },
    ] as const;
    expect(allInPlainWords(problems)).toHaveLength(1);
  });
});
