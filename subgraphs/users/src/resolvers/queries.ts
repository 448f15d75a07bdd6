import {
  handleArgument,
  pageRequest,
  reportUnavailable,
  requireAdmin,
  searchArgument,
  toConnection,
  type PageArguments,
} from '@marquee/subgraph-kit';
import type { GraphQLResolveInfo } from 'graphql';
import type { UsersContext } from '../subgraph.ts';

export const queries = {
  me: (_: unknown, _arguments: unknown, { sources, scope }: UsersContext) =>
    scope.viewer === undefined ? null : sources.users.findById(scope.viewer.handle),

  user: (_: unknown, { id }: { id: string }, { sources }: UsersContext) =>
    sources.users.findById(handleArgument('id', id)),

  users: async (
    _: unknown,
    { query, ...page }: PageArguments & { query?: string | null },
    context: UsersContext,
    info: GraphQLResolveInfo,
  ) => {
    await requireAdmin(context);
    const { users } = context.sources;
    const request = pageRequest(page);
    const text = searchArgument('query', query);
    const found = await users.search(text, request);
    reportUnavailable(context.scope, info, found);
    return toConnection(found, request, () => users.count(text));
  },
};
