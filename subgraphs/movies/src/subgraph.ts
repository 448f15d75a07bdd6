import { readFileSync } from 'node:fs';
import type { SubgraphContext, SubgraphDefinition } from '@marquee/subgraph-kit';
import { createCreditedPeople, type CreditedPeople } from './data-sources/credited-people.ts';
import { createFilmographies, type Filmographies } from './data-sources/filmographies.ts';
import { createGenreCounts, type GenreCounts } from './data-sources/genre-counts.ts';
import { createMovies, type Movies } from './data-sources/movies.ts';
import { createViewerReactions, type ViewerReactions } from './data-sources/viewer-reactions.ts';
import { resolvers } from './resolvers/index.ts';

/** A request's data sources. */
export interface MoviesSources {
  readonly movies: Movies;
  readonly filmographies: Filmographies;
  readonly creditedPeople: CreditedPeople;
  readonly genreCounts: GenreCounts;
  readonly viewerReactions: ViewerReactions;
}

export type MoviesContext = SubgraphContext<MoviesSources>;

export const createMoviesSubgraph = (): SubgraphDefinition<MoviesSources> => {
  const genreCounts = createGenreCounts();
  return {
    name: 'movies',
    typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
    resolvers,
    createSources: (scope) => {
      const movies = createMovies(scope);
      return {
        movies,
        filmographies: createFilmographies(scope, movies),
        creditedPeople: createCreditedPeople(scope),
        genreCounts: genreCounts(scope),
        viewerReactions: createViewerReactions(scope),
      };
    },
  };
};
