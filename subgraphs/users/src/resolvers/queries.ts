import {
  handleArgument,
  pageRequest,
  presentViewer,
  reportUnavailable,
  requireAdmin,
  searchArgument,
  toConnection,
  type PageArguments,
} from '@marquee/subgraph-kit';
import type { GraphQLResolveInfo } from 'graphql';
import type { UsersContext } from '../subgraph.ts';

export const queries = {
  me: async (_: unknown, _arguments: unknown, context: UsersContext) => {
    const viewer = await presentViewer(context);
    return viewer === undefined ? null : context.sources.users.findById(viewer.handle);
  },

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
