import type { Resolvers } from '@marquee/subgraph-kit';
import type { UsersSources } from '../subgraph.ts';
import { accountMutations } from './accounts.ts';
import { userMutations } from './user-mutations.ts';
import { queries } from './queries.ts';
import { userFields } from './user.ts';

export const resolvers: Resolvers<UsersSources> = {
  Query: queries,
  Mutation: { ...accountMutations, ...userMutations },
  User: userFields,
};
