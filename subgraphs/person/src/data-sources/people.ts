import {
  countStages,
  DocumentSource,
  listStages,
  searchStages,
  type ChangeResult,
  type FieldProblem,
  type Operation,
  type Page,
  type PageRequest,
  type RequestScope,
  type StagedList,
  type Stored,
  type WriteOutcome,
} from '@marquee/subgraph-kit';
import type { PersonContent } from '@marquee/subgraph-kit/documents';

export type StoredPerson = Stored<PersonContent>;

/** The people, as one request sees them. */
export interface People {
  /** Null for no such person, and for a deleted one. @throws SHARD_UNAVAILABLE */
  findById(id: string): Promise<StoredPerson | null>;
  /** Those found by what somebody typed, or all, the most popular first. */
  search(text: string | undefined, page: PageRequest): Promise<Page<StoredPerson>>;
  count(text: string | undefined): Promise<number>;
  create(
    operation: Operation,
    id: string,
    content: PersonContent,
  ): Promise<WriteOutcome<PersonContent>>;
  update(
    operation: Operation,
    id: string,
    expectedRevision: number | null | undefined,
    change: (current: StoredPerson) => ChangeResult<PersonContent>,
  ): Promise<WriteOutcome<PersonContent>>;
  remove(
    operation: Operation,
    id: string,
    expectedRevision: number | null | undefined,
  ): ReturnType<DocumentSource<PersonContent>['remove']>;
  restore(operation: Operation, id: string): Promise<WriteOutcome<PersonContent>>;
}

// An id is derived from the operation id: it can only be taken by an operation whose record is gone.
const ID_TAKEN: FieldProblem = { path: 'operationId', message: 'expected one that is not used up' };

export const createPeople = (scope: RequestScope): People => {
  const documents = new DocumentSource<PersonContent>(scope, 'person');
  return {
    findById: (id) => documents.findById(id),
    search: async (text, request) => {
      const page = await listStages(scope, listOf(text), request);
      return { ...page, nodes: documents.remember(page.nodes) };
    },
    count: (text) => countStages(scope, listOf(text)),
    create: (operation, id, content) => documents.create(operation, id, content, ID_TAKEN),
    update: (operation, id, expectedRevision, change) =>
      documents.change(operation, id, expectedRevision, change),
    remove: (operation, id, expectedRevision) => documents.remove(operation, id, expectedRevision),
    restore: (operation, id) => documents.restore(operation, id),
  };
};

const listOf = (text: string | undefined): StagedList => ({
  collection: 'person',
  name: 'people',
  stages: searchStages({
    text,
    conditions: [],
    titleField: 'nameSort',
    order: 'relevance',
    forgivesTypos: true,
  }),
});
