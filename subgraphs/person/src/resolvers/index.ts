import type { Resolvers } from '@marquee/subgraph-kit';
import type { PersonSources } from '../subgraph.ts';
import { mutations } from './mutations.ts';
import { personFields } from './person.ts';
import { queries } from './queries.ts';

export const resolvers: Resolvers<PersonSources> = {
  Query: queries,
  Mutation: mutations,
  Person: personFields,
};
