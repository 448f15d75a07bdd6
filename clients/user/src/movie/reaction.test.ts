import type { Reaction } from '../generated/graphql.ts';
import { withReaction } from './reaction.ts';

describe('what the counts will be', () => {
  const saved = (viewerReaction: Reaction | null) => ({
    viewerReaction,
    likeCount: 10,
    dislikeCount: 3,
  });

  it.each([
    [null, 'LIKE', 11, 3],
    [null, 'DISLIKE', 10, 4],
    ['LIKE', 'DISLIKE', 9, 4],
    ['DISLIKE', 'LIKE', 11, 2],
    ['LIKE', null, 9, 3],
    ['DISLIKE', null, 10, 2],
    ['LIKE', 'LIKE', 10, 3],
    [null, null, 10, 3],
  ] as const)('from %s to %s: %i likes, %i dislikes', (before, after, likeCount, dislikeCount) => {
    expect(withReaction(saved(before), after)).toEqual({
      viewerReaction: after,
      likeCount,
      dislikeCount,
    });
  });

  it('stays unknown where it is unknown', () => {
    const unknown = { viewerReaction: null, likeCount: null, dislikeCount: null };
    expect(withReaction(unknown, 'LIKE')).toEqual({ ...unknown, viewerReaction: 'LIKE' });
  });
});
