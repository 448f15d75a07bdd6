import { readFileSync } from 'node:fs';
import type { SubgraphContext, SubgraphDefinition } from '@marquee/subgraph-kit';
import { createPeople, type People } from './data-sources/people.ts';
import { resolvers } from './resolvers/index.ts';

/** A request's data sources. */
export interface PersonSources {
  readonly people: People;
}

export type PersonContext = SubgraphContext<PersonSources>;

export const createPersonSubgraph = (): SubgraphDefinition<PersonSources> => ({
  name: 'person',
  typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  createSources: (scope) => ({ people: createPeople(scope) }),
});
