import {
  countStages,
  DocumentSource,
  listStages,
  withoutProtocolFields,
  type Alongside,
  type ChangeResult,
  type FieldProblem,
  type ListStage,
  type Operation,
  type Page,
  type PageRequest,
  type RequestScope,
  type Stored,
  type WriteOutcome,
} from '@marquee/subgraph-kit';
import type { MovieContent, SummaryContent } from '@marquee/subgraph-kit/documents';

export type StoredMovie = Stored<MovieContent>;

/** What films are found and sorted by and nobody reads: about half of a stored film. */
const ONLY_FOR_INDEXES = { search: 0, typos: 0, titleSort: 0, personIds: 0 } as const;

/** A film as it is read to be shown. */
export type ShownMovie = Omit<StoredMovie, keyof typeof ONLY_FOR_INDEXES>;

/** The films, as one request sees them. */
export interface Movies {
  /** Null for no such film, and for a deleted one. @throws SHARD_UNAVAILABLE */
  findById(id: string): Promise<ShownMovie | null>;
  findByIds(ids: readonly string[]): Promise<(ShownMovie | null | Error)[]>;
  list(stages: readonly ListStage[], page: PageRequest): Promise<Page<ShownMovie>>;
  count(stages: readonly ListStage[]): Promise<number>;
  /** Refused with these problems, if there are any. */
  create(
    operation: Operation,
    id: string,
    content: MovieContent,
    problems: readonly FieldProblem[],
  ): Promise<WriteOutcome<MovieContent>>;
  update(
    operation: Operation,
    id: string,
    expectedRevision: number | null | undefined,
    change: (current: StoredMovie) => ChangeResult<MovieContent>,
  ): Promise<WriteOutcome<MovieContent>>;
  /** Hides the film's interactions in the same operation. */
  remove(
    operation: Operation,
    id: string,
    expectedRevision: number | null | undefined,
  ): ReturnType<DocumentSource<MovieContent>['remove']>;
  /** Brings its interactions back in the same operation. */
  restore(operation: Operation, id: string): Promise<WriteOutcome<MovieContent>>;
}

// An id is derived from the operation id: it can only be taken by an operation whose record is gone.
const ID_TAKEN: FieldProblem = { path: 'operationId', message: 'expected one that is not used up' };

export const createMovies = (scope: RequestScope): Movies => {
  const documents = new DocumentSource<MovieContent>(scope, 'movies');
  const listOf = (stages: readonly ListStage[]) =>
    ({ collection: 'movies', name: 'movies', stages, projection: ONLY_FOR_INDEXES }) as const;
  return {
    findById: (id) => documents.findById(id),
    findByIds: (ids) => documents.findByIds(ids),
    list: async (stages, request) => {
      const page = await listStages(scope, listOf(stages), request);
      return { ...page, nodes: documents.remember(page.nodes) };
    },
    count: (stages) => countStages(scope, listOf(stages)),
    create: (operation, id, content, problems) =>
      documents.create(operation, id, content, ID_TAKEN, problems),
    update: (operation, id, expectedRevision, change) =>
      documents.change(operation, id, expectedRevision, change),
    remove: (operation, id, expectedRevision) =>
      documents.remove(operation, id, expectedRevision, { alongside: hideInteractions(id, true) }),
    restore: (operation, id) =>
      documents.restore(operation, id, { alongside: hideInteractions(id, false) }),
  };
};

// The summary stands for all interactions of the film: lists and counts of interactions ask it.
const hideInteractions =
  (movieId: string, hidden: boolean): Alongside =>
  async (slot) => {
    const summary = await slot.find('user_interactions', movieId);
    if (summary === null) return;
    const changed: Pick<SummaryContent, 'hidden'> = { hidden };
    slot.put('user_interactions', { ...withoutProtocolFields(summary), ...changed });
  };
