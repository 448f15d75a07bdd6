import {
  entityIdArgument,
  handleArgument,
  pageRequest,
  reportUnavailable,
  requireAdmin,
  toConnection,
  type PageArguments,
} from '@marquee/subgraph-kit';
import type { GraphQLResolveInfo } from 'graphql';
import type { InteractionFilter } from '../data-sources/interaction-lists.ts';
import type { InteractionsContext } from '../subgraph.ts';

export const queries = {
  interactions: async (
    _: unknown,
    { filter, ...page }: PageArguments & { filter?: InteractionFilter | null },
    context: InteractionsContext,
    info: GraphQLResolveInfo,
  ) => {
    await requireAdmin(context);
    const request = pageRequest(page);
    // An empty id is none: it must not stand for all of them.
    if (typeof filter?.movieId === 'string') entityIdArgument('filter.movieId', filter.movieId);
    if (typeof filter?.userId === 'string') handleArgument('filter.userId', filter.userId);
    const { lists } = context.sources;
    const found = await lists.list(filter ?? {}, request);
    reportUnavailable(context.scope, info, found);
    return toConnection(found, request, () => lists.count(filter ?? {}));
  },

  mostLikedMovies: async (
    _: unknown,
    page: PageArguments,
    { sources, scope }: InteractionsContext,
    info: GraphQLResolveInfo,
  ) => {
    const request = pageRequest(page);
    const found = await sources.lists.mostLiked(request);
    reportUnavailable(scope, info, found);
    const nodes = found.nodes.map(({ movieId, likeCount }) => ({
      movie: { __typename: 'Movie', id: movieId },
      likeCount,
    }));
    return toConnection({ ...found, nodes }, request, () => sources.lists.countLiked());
  },
};
