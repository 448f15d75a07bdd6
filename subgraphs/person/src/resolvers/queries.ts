import {
  entityIdArgument,
  pageRequest,
  reportUnavailable,
  searchArgument,
  toConnection,
  type PageArguments,
} from '@marquee/subgraph-kit';
import type { GraphQLResolveInfo } from 'graphql';
import type { PersonContext } from '../subgraph.ts';

export const queries = {
  person: (_: unknown, { id }: { id: string }, { sources }: PersonContext) =>
    sources.people.findById(entityIdArgument('id', id)),

  people: async (
    _: unknown,
    { query, ...page }: PageArguments & { query?: string | null },
    { sources, scope }: PersonContext,
    info: GraphQLResolveInfo,
  ) => {
    const request = pageRequest(page);
    const text = searchArgument('query', query);
    const found = await sources.people.search(text, request);
    reportUnavailable(scope, info, found);
    return toConnection(found, request, () => sources.people.count(text));
  },
};
