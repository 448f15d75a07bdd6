import {
  badArgument,
  isEntityId,
  pageRequest,
  reportUnavailable,
  toConnection,
  type PageArguments,
} from '@marquee/subgraph-kit';
import type { GraphQLResolveInfo } from 'graphql';
import { KNOWN_FOR_MAX, type CreditFilter } from '../data-sources/filmographies.ts';
import type { MoviesContext } from '../subgraph.ts';

/** Longest job that is looked for: none is stored that is longer. */
const JOB_MAX_LENGTH = 100;

/** A person as this subgraph knows them: by id, in the credits of films. */
interface PersonReference {
  readonly id: string;
}

export const personFields = {
  __resolveReference: ({ id }: PersonReference) => (isEntityId(id) ? { id } : null),
  filmography: async (
    person: PersonReference,
    { kind, job, ...page }: CreditFilter & PageArguments,
    { sources, scope }: MoviesContext,
    info: GraphQLResolveInfo,
  ) => {
    if (job && job.length > JOB_MAX_LENGTH) {
      throw badArgument('job', `at most ${JOB_MAX_LENGTH} characters`);
    }
    const request = pageRequest(page);
    const filter = { kind: kind ?? null, job: job ?? null };
    const entries = await sources.filmographies.list(person.id, filter, request);
    reportUnavailable(scope, info, entries);
    return toConnection(entries, request, () => sources.filmographies.count(person.id, filter));
  },
  knownFor: (person: PersonReference, { first }: PageArguments, { sources }: MoviesContext) =>
    sources.filmographies.knownFor(
      person.id,
      pageRequest({ first }, { default: 4, max: KNOWN_FOR_MAX }).first,
    ),
};
