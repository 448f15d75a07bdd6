import type { Resolvers } from '@marquee/subgraph-kit';
import type { MoviesSources } from '../subgraph.ts';
import { movieFields } from './movie.ts';
import { mutations } from './mutations.ts';
import { personFields } from './person.ts';
import { queries } from './queries.ts';

export const resolvers: Resolvers<MoviesSources> = {
  Query: queries,
  Mutation: mutations,
  Movie: movieFields,
  Person: personFields,
};
