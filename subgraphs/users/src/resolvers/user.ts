import { isHandle, mayReadPrivate } from '@marquee/subgraph-kit';
import type { StoredUser } from '../data-sources/users.ts';
import type { UsersContext } from '../subgraph.ts';

/** A user; with `own`, seen by themselves although the request came from nobody: they just signed in. */
type SeenUser = StoredUser & { readonly own?: true };

export const userFields = {
  __resolveReference: ({ id }: { id: string }, { sources }: UsersContext) =>
    isHandle(id) ? sources.users.findById(id) : null,
  id: (user: SeenUser) => user._id,
  handle: (user: SeenUser) => user._id,
  email: async (user: SeenUser, _: unknown, context: UsersContext) =>
    user.own === true || (await mayReadPrivate(context, user._id)) ? user.email : null,
};
