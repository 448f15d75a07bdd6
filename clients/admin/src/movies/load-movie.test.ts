import type { Graph } from '@marquee/client-kit';
import { loadMovie } from './load-movie.ts';

const credit = (name: string) => ({
  kind: 'CAST',
  character: null,
  job: null,
  person: { id: name, name },
});

const page = (names: string[], endCursor: string | null) => ({
  nodes: names.map(credit),
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});

const movie = (revision: number, credits: unknown) => ({
  id: 'tt1',
  revision,
  title: 'Heat',
  genres: [],
  languages: [],
  countries: [],
  externalIds: [],
  credits,
});

/** Answers each request with the next film; the last one again and again. */
const graphOf = (...movies: unknown[]) => {
  let requests = 0;
  const request = async () => {
    const next = movies[Math.min(requests, movies.length - 1)];
    requests += 1;
    return { data: { movie: next }, problems: [] };
  };
  return { graph: { request } as unknown as Graph, requests: () => requests };
};

describe('loading a film for its form', () => {
  it('brings all pages of its credits', async () => {
    const { graph } = graphOf(movie(1, page(['a', 'b'], 'cursor')), movie(1, page(['c'], null)));
    const outcome = await loadMovie(graph, 'tt1');
    if (outcome.kind !== 'loaded') throw new Error(outcome.kind);
    expect(outcome.record.draft.credits.map(({ person }) => person?.id)).toEqual(['a', 'b', 'c']);
  });

  it('begins again when the film changes between two pages', async () => {
    const { graph } = graphOf(
      movie(1, page(['old'], 'cursor')),
      movie(2, page(['c'], null)),
      movie(2, page(['new'], 'cursor')),
      movie(2, page(['c'], null)),
    );
    const outcome = await loadMovie(graph, 'tt1');
    if (outcome.kind !== 'loaded') throw new Error(outcome.kind);
    expect(outcome.record.revision).toBe(2);
    expect(outcome.record.draft.credits.map(({ person }) => person?.id)).toEqual(['new', 'c']);
  });

  it('gives up on a film that never stands still', async () => {
    let revision = 0;
    const changing = {
      request: async () => {
        revision += 1;
        return { data: { movie: movie(revision, page(['a'], 'cursor')) }, problems: [] };
      },
    };
    const outcome = await loadMovie(changing as unknown as Graph, 'tt1');
    expect(outcome).toEqual({
      kind: 'failed',
      problems: [{ code: 'VERSION_CONFLICT', path: '' }],
    });
  });

  it('shows no form for a film with holes, since the holes would be saved', async () => {
    const problems = [{ code: 'SHARD_UNAVAILABLE', path: 'movie.credits' }];
    const graph = { request: async () => ({ data: { movie: movie(1, null) }, problems }) };
    expect(await loadMovie(graph as unknown as Graph, 'tt1')).toEqual({ kind: 'failed', problems });
  });
});
