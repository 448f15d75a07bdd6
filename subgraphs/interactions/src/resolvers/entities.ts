import {
  isEntityId,
  isHandle,
  mayReadPrivate,
  type PageArguments,
  pageRequest,
  reportUnavailable,
  type StoredInteraction,
  toConnection,
} from '@marquee/subgraph-kit';
import type { Reaction } from '@marquee/subgraph-kit/documents';
import type { GraphQLResolveInfo } from 'graphql';
import { ALSO_LIKED_MAX } from '../data-sources/also-liked.ts';
import type { InteractionsContext } from '../subgraph.ts';

/** An object of another subgraph, as this one knows it. */
interface Reference {
  readonly id: string;
}

export const movieFields = {
  __resolveReference: ({ id }: Reference) => (isEntityId(id) ? { id } : null),
  likeCount: async ({ id }: Reference, _: unknown, { sources }: InteractionsContext) =>
    (await sources.reactions.countsOf(id)).likeCount,
  dislikeCount: async ({ id }: Reference, _: unknown, { sources }: InteractionsContext) =>
    (await sources.reactions.countsOf(id)).dislikeCount,
  viewerReaction: ({ id }: Reference, _: unknown, { sources }: InteractionsContext) =>
    sources.reactions.viewerReaction(id),
  alsoLiked: async (
    { id }: Reference,
    { first }: PageArguments,
    { sources, scope }: InteractionsContext,
    info: GraphQLResolveInfo,
  ) => {
    const { first: size } = pageRequest({ first }, { default: 10, max: ALSO_LIKED_MAX });
    const suggestions = await sources.alsoLiked.of(id);
    reportUnavailable(scope, info, suggestions);
    return suggestions.movieIds
      .slice(0, size)
      .map((movieId) => ({ __typename: 'Movie', id: movieId }));
  },
};

export const userFields = {
  __resolveReference: ({ id }: Reference) => (isHandle(id) ? { id } : null),
  interactions: async (
    { id }: Reference,
    { reaction, ...page }: PageArguments & { reaction?: Reaction | null },
    context: InteractionsContext,
    info: GraphQLResolveInfo,
  ) => {
    const request = pageRequest(page);
    if (!(await mayReadPrivate(context, id))) return null;
    const { lists } = context.sources;
    const filter = { userId: id, reaction };
    const found = await lists.list(filter, request);
    reportUnavailable(context.scope, info, found);
    return toConnection(found, request, () => lists.count(filter));
  },
};

// References, not remote calls: the other subgraphs serve the rest.
export const interactionFields = {
  id: (interaction: StoredInteraction) => interaction._id,
  movie: ({ movieId }: StoredInteraction) => ({ __typename: 'Movie', id: movieId }),
  user: ({ handle }: StoredInteraction) => ({ __typename: 'User', id: handle }),
};
