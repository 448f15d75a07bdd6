import { askGraph } from './ask-graph.ts';
import type { SystemUnderTest } from './system-under-test.ts';

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
export const filmsWithCast = async (system: SystemUnderTest): Promise<readonly FilmWithCast[]> => {
  const { movies } = await askGraph<Answer>(system, QUERY);
  return movies.nodes.flatMap(({ credits, ...film }) => {
    const star = credits.nodes[0]?.person;
    return star && /^[\w ]{6,}$/.test(film.title) ? [{ ...film, star }] : [];
  });
};
