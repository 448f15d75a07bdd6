import {
  entityIdArgument,
  pageRequest,
  reportUnavailable,
  toConnection,
  type PageArguments,
} from '@marquee/subgraph-kit';
import type { GraphQLResolveInfo } from 'graphql';
import { movieStages, type MovieQueryInput } from '../movie-query.ts';
import type { MoviesContext } from '../subgraph.ts';

export const queries = {
  movie: (_: unknown, { id }: { id: string }, { sources }: MoviesContext) =>
    sources.movies.findById(entityIdArgument('id', id)),

  movies: async (
    _: unknown,
    input: MovieQueryInput & PageArguments,
    context: MoviesContext,
    info: GraphQLResolveInfo,
  ) => {
    const { movies } = context.sources;
    const request = pageRequest(input);
    const reaction = input.filter?.viewerReaction;
    const reacted = reaction ? await context.sources.viewerReactions.films(reaction) : undefined;
    const stages = movieStages(input, reacted);
    const page = await movies.list(stages, request);
    reportUnavailable(context.scope, info, page);
    return toConnection(page, request, () => movies.count(stages));
  },

  genres: (_: unknown, _arguments: unknown, { sources }: MoviesContext) =>
    sources.genreCounts.current(),
};
