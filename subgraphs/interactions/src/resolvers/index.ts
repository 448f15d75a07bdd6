import type { Resolvers } from '@marquee/subgraph-kit';
import type { InteractionsSources } from '../subgraph.ts';
import { interactionFields, movieFields, userFields } from './entities.ts';
import { mutations } from './mutations.ts';
import { queries } from './queries.ts';

export const resolvers: Resolvers<InteractionsSources> = {
  Query: queries,
  Mutation: mutations,
  Movie: movieFields,
  User: userFields,
  Interaction: interactionFields,
};
