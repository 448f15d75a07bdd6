import type { Reaction } from '../generated/graphql.ts';

/** What the viewer thinks of a film, and how many think what; null where it is not known. */
export interface Reactions {
  readonly viewerReaction: Reaction | null;
  readonly likeCount: number | null;
  readonly dislikeCount: number | null;
}

/** What the counts will be once the viewer thinks `wanted` instead. */
export const withReaction = (saved: Reactions, wanted: Reaction | null): Reactions => {
  const moved = (count: number | null, reaction: Reaction): number | null => {
    if (count === null) return null;
    return count + Number(wanted === reaction) - Number(saved.viewerReaction === reaction);
  };
  return {
    viewerReaction: wanted,
    likeCount: moved(saved.likeCount, 'LIKE'),
    dislikeCount: moved(saved.dislikeCount, 'DISLIKE'),
  };
};
