import { MarqueeError } from '@marquee/errors';
import { badArgument, requireViewer, type RequestScope } from '@marquee/subgraph-kit';
import type { Reaction } from '@marquee/subgraph-kit/documents';
import type { KnownCondition } from '../movie-query.ts';

/**
 * Reactions of one user that a filter can look at: as many as an engine looks up one by one. Beyond
 * that it would look at every film instead.
 */
export const VIEWER_REACTIONS_MAX = 2_000;

const PAGE_SIZE = 1_000;

/** What the viewer thinks of films, as a condition on films. */
export interface ViewerReactions {
  /**
   * Films to which the viewer reacted like this, by now. Asked in the name of a token that still counts:
   * what somebody thinks of films is nobody else's business.
   *
   * @throws UNAUTHENTICATED, SHARD_UNAVAILABLE; BAD_USER_INPUT for a viewer with more reactions than a
   * filter can look at: a part of them would be shown, and counted, as if it were all.
   */
  films(reaction: Reaction): Promise<KnownCondition>;
}

export const createViewerReactions = (scope: RequestScope): ViewerReactions => ({
  films: async (reaction) => {
    const { handle } = await requireViewer({ scope });
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await scope.router.list('user_interactions', {
        ...scope.readOptions,
        queryName: 'viewer-reactions',
        filter: { handle, reaction },
        sort: [{ field: 'updatedAt', direction: -1 }],
        projection: { movieId: 1, updatedAt: 1 },
        first: PAGE_SIZE,
        ...(after === undefined ? {} : { after }),
      });
      const missing = page.unavailable[0];
      if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
      ids.push(...page.nodes.map(({ movieId }) => String(movieId)));
      after = page.hasNextPage ? page.cursors.at(-1) : undefined;
      if (after !== undefined && ids.length >= VIEWER_REACTIONS_MAX) {
        throw badArgument(
          'filter.viewerReaction',
          `at most ${VIEWER_REACTIONS_MAX} such reactions of the viewer: the interactions of "me" list them all`,
        );
      }
    } while (after !== undefined);
    return {
      condition: { _id: { $in: ids } },
      meaning: { viewerReaction: { handle, reaction } },
    };
  },
});
