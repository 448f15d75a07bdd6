import type { Graph } from '@marquee/client-kit';
import {
  EditMovieCreditsDocument,
  EditMovieDocument,
  type CreditPageFragment,
} from '../generated/graphql.ts';
import type { LoadOutcome } from '../records/collection.ts';
import { movieDraftOf, type CreditDraft, type MovieDraft } from './movie-draft.ts';

/** A film that changes while its pages are read is read again, but not for ever. */
const ATTEMPTS_MAX = 3;

/** A film with all its credits, however many pages they fill, all of one revision. */
export const loadMovie = async (
  graph: Graph,
  id: string,
  signal?: AbortSignal,
): Promise<LoadOutcome<MovieDraft>> => {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const outcome = await readMovie(graph, id, signal);
    if (outcome !== 'changed') return outcome;
  }
  return { kind: 'failed', problems: [{ code: 'VERSION_CONFLICT', path: '' }] };
};

const readMovie = async (
  graph: Graph,
  id: string,
  signal: AbortSignal | undefined,
): Promise<LoadOutcome<MovieDraft> | 'changed'> => {
  const options = signal ? { signal } : {};
  const { data, problems } = await graph.request(EditMovieDocument, { id }, options);
  // A form with holes in it would be saved with holes in it.
  if (problems.length > 0 || !data) return { kind: 'failed', problems };
  const { movie } = data;
  if (!movie) return { kind: 'missing' };

  const credits: CreditDraft[] = [];
  let page: CreditPageFragment | null = movie.credits;
  while (page) {
    credits.push(...page.nodes.map(creditDraftOf));
    if (!page.pageInfo.hasNextPage) break;
    const variables = { id, after: page.pageInfo.endCursor };
    const more = await graph.request(EditMovieCreditsDocument, variables, options);
    if (more.problems.length > 0) return { kind: 'failed', problems: more.problems };
    if (more.data?.movie?.revision !== movie.revision) return 'changed';
    page = more.data.movie.credits;
  }
  const draft = movieDraftOf(movie, credits);
  return { kind: 'loaded', record: { id, name: movie.title, revision: movie.revision, draft } };
};

const creditDraftOf = (credit: CreditPageFragment['nodes'][number]): CreditDraft => ({
  kind: credit.kind,
  person: credit.person ?? undefined,
  part: credit.character ?? credit.job ?? '',
});
