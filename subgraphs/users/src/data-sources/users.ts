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
import { everybodySignedOut } from '../sessions/ended-sessions.ts';
import { erasedUserContent, userContent, type UserContent } from '@marquee/subgraph-kit/documents';

export type StoredUser = Stored<UserContent>;

/** The users, as one request sees them; a user's id is the handle. */
export interface Users {
  /** Null for no such user, and for a deleted one. @throws SHARD_UNAVAILABLE */
  findById(handle: string): Promise<StoredUser | null>;
  /** Whether nobody can have the handle any more, be it that its user was deleted. @throws SHARD_UNAVAILABLE */
  isTaken(handle: string): Promise<boolean>;
  /** Those found by what somebody typed, or all, by handle. */
  search(text: string | undefined, page: PageRequest): Promise<Page<StoredUser>>;
  count(text: string | undefined): Promise<number>;
  /** `invalid` if the handle is taken, be it by a user who was deleted. */
  create(
    operation: Operation,
    handle: string,
    content: UserContent,
  ): Promise<WriteOutcome<UserContent>>;
  update(
    operation: Operation,
    handle: string,
    expectedRevision: number | null | undefined,
    change: (current: StoredUser) => ChangeResult<UserContent>,
  ): Promise<WriteOutcome<UserContent>>;
  /** Until `restore`: only the sessions, and all tokens, end for good. */
  remove(
    operation: Operation,
    handle: string,
    expectedRevision: number | null | undefined,
  ): ReturnType<DocumentSource<UserContent>['remove']>;
  /** Not of an account that was erased. */
  restore(operation: Operation, handle: string): Promise<WriteOutcome<UserContent>>;
  /**
   * Deletes an account for good, also one that was removed: only its handle is left, and the task to remove
   * its reactions.
   */
  erase(
    operation: Operation,
    handle: string,
    expectedRevision: number | null | undefined,
    requestedAt: Date,
  ): ReturnType<DocumentSource<UserContent>['remove']>;
}

export const HANDLE_TAKEN: FieldProblem = {
  path: 'input.handle',
  message: 'expected one that is free',
};

export const createUsers = (scope: RequestScope): Users => {
  const documents = new DocumentSource<UserContent>(scope, 'users');
  return {
    findById: (handle) => documents.findById(handle),
    isTaken: async (handle) => {
      const options = {
        ...scope.readOptions,
        projection: { _id: 1 },
        includeDeleted: true,
      } as const;
      const [found] = await scope.router.findByIds('users', [handle], options);
      if (found instanceof Error) throw found;
      return found !== null && found !== undefined;
    },
    search: async (text, request) => {
      const page = await listStages(scope, listOf(text), request);
      return { ...page, nodes: documents.remember(page.nodes) };
    },
    count: (text) => countStages(scope, listOf(text)),
    create: (operation, handle, content) =>
      documents.create(operation, handle, content, HANDLE_TAKEN),
    update: (operation, handle, expectedRevision, change) =>
      documents.change(operation, handle, expectedRevision, change),
    remove: (operation, handle, expectedRevision) =>
      documents.remove(operation, handle, expectedRevision, {
        leave: (user) => userContent({ ...user, handle, ...everybodySignedOut(user) }),
      }),
    restore: (operation, handle) =>
      documents.restore(operation, handle, { isErased: ({ erasure }) => erasure !== undefined }),
    erase: (operation, handle, expectedRevision, requestedAt) =>
      documents.remove(operation, handle, expectedRevision, {
        leave: () => erasedUserContent(requestedAt, 'pending'),
        evenIfDeleted: true,
      }),
  };
};

const listOf = (text: string | undefined): StagedList => ({
  collection: 'users',
  name: 'users',
  stages: searchStages({
    text,
    conditions: [],
    order: [],
    forgivesTypos: false,
  }),
});
