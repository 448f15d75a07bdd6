import {
  invalidCursor,
  isEntityId,
  pageRequest,
  toConnection,
  type PageArguments,
} from '@marquee/subgraph-kit';
import type { StoredCredit } from '@marquee/subgraph-kit/documents';
import type { ShownMovie } from '../data-sources/movies.ts';
import type { MoviesContext } from '../subgraph.ts';

type CreditsArguments = PageArguments & { readonly kind?: 'CAST' | 'CREW' | null };

export const movieFields = {
  __resolveReference: ({ id }: { id: string }, { sources }: MoviesContext) =>
    isEntityId(id) ? sources.movies.findById(id) : null,
  id: (movie: ShownMovie) => movie._id,
  externalIds: (movie: ShownMovie) =>
    Object.entries(movie.externalIds).map(([source, id]) => ({ source, id })),
  credits: (movie: ShownMovie, { kind, ...pageArguments }: CreditsArguments) => {
    const request = pageRequest(pageArguments);
    const { first, after } = request;
    const credits = movie.credits.filter((credit) => !kind || credit.kind === kind);
    const start = after === undefined ? 0 : parseCursor(after);
    const nodes = credits.slice(start, start + first).map(toCredit);
    const page = {
      nodes,
      cursors: nodes.map((_, index) => formatCursor(start + index + 1)),
      hasNextPage: start + first < credits.length,
      unavailable: [],
    };
    return { ...toConnection(page, request), totalCount: credits.length };
  },
};

// Credits lie in the film, in order: a cursor says how many were told.
const formatCursor = (told: number): string => Buffer.from(`credit:${told}`).toString('base64url');

const parseCursor = (after: string): number => {
  const text = Buffer.from(after, 'base64url').toString('utf8');
  const [, told] = /^credit:(\d{1,4})$/.exec(text) ?? [];
  if (told === undefined) throw invalidCursor();
  return Number(told);
};

// A reference, not a remote call: the person subgraph serves the rest.
const toCredit = (credit: StoredCredit) => ({
  ...credit,
  person: { __typename: 'Person', id: credit.personId },
});
