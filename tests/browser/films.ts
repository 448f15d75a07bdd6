import { anonymous } from '../e2e/graph-client.ts';
import type { Endpoints } from '../e2e/running-system.ts';

export interface FilmWithCast {
  readonly id: string;
  readonly title: string;
  readonly genres: readonly string[];
  readonly star: { readonly id: string; readonly name: string };
}

interface Answer {
  readonly movies: {
    readonly nodes: readonly {
      readonly id: string;
      readonly title: string;
      readonly genres: readonly string[];
      readonly credits: {
        readonly nodes: readonly {
          readonly person: { readonly id: string; readonly name: string } | null;
        }[];
      };
    }[];
  };
}

const QUERY = `{
  movies(first: 100) {
    nodes { id title genres credits(kind: CAST, first: 1) { nodes { person { id name } } } }
  }
}`;

/** Popular films with at least one actor, whatever data the system holds. */
export const filmsWithCast = async (system: Endpoints): Promise<readonly FilmWithCast[]> => {
  const { movies } = (await anonymous(system).ask(QUERY)) as Answer;
  return movies.nodes.flatMap(({ credits, ...film }) => {
    const star = credits.nodes[0]?.person;
    return star && /^[\w ]{6,}$/.test(film.title) ? [{ ...film, star }] : [];
  });
};
