import { MarqueeError } from '@marquee/errors';
import type { RequestScope } from '@marquee/subgraph-kit';
import type { Reaction } from '@marquee/subgraph-kit/documents';

/** Reactions of one user that a filter looks at, the newest: a condition with more is no filter. */
export const VIEWER_REACTIONS_MAX = 5_000;

const PAGE_SIZE = 1_000;

/** What the viewer thinks of films, as a condition on films. */
export interface ViewerReactions {
  /** Films to which the viewer reacted like this. @throws UNAUTHENTICATED, SHARD_UNAVAILABLE */
  movieIds(reaction: Reaction): Promise<string[]>;
}

export const createViewerReactions = (scope: RequestScope): ViewerReactions => ({
  movieIds: async (reaction) => {
    if (scope.viewer === undefined) throw new MarqueeError('UNAUTHENTICATED');
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await scope.router.list('user_interactions', {
        ...scope.readOptions,
        queryName: 'viewer-reactions',
        filter: { handle: scope.viewer.handle, reaction },
        sort: [{ field: 'updatedAt', direction: -1 }],
        projection: { movieId: 1, updatedAt: 1 },
        first: PAGE_SIZE,
        ...(after === undefined ? {} : { after }),
      });
      const missing = page.unavailable[0];
      if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
      ids.push(...page.nodes.map(({ movieId }) => String(movieId)));
      after = page.hasNextPage ? page.cursors.at(-1) : undefined;
    } while (after !== undefined && ids.length < VIEWER_REACTIONS_MAX);
    return ids;
  },
});
