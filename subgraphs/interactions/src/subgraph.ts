import { readFileSync } from 'node:fs';
import type { SubgraphContext, SubgraphDefinition } from '@marquee/subgraph-kit';
import { createAlsoLiked, type AlsoLiked } from './data-sources/also-liked.ts';
import { createInteractionLists, type InteractionLists } from './data-sources/interaction-lists.ts';
import { createReactions, type Reactions } from './data-sources/reactions.ts';
import { resolvers } from './resolvers/index.ts';

/** A request's data sources. */
export interface InteractionsSources {
  readonly reactions: Reactions;
  readonly lists: InteractionLists;
  readonly alsoLiked: AlsoLiked;
}

export type InteractionsContext = SubgraphContext<InteractionsSources>;

export const createInteractionsSubgraph = (): SubgraphDefinition<InteractionsSources> => {
  const alsoLiked = createAlsoLiked();
  return {
    name: 'interactions',
    typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
    resolvers,
    createSources: (scope) => ({
      reactions: createReactions(scope),
      lists: createInteractionLists(scope),
      alsoLiked: alsoLiked(scope),
    }),
  };
};
