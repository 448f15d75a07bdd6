export {
  badArgument,
  invalidCursor,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  pageRequest,
  searchArgument,
  SEARCH_TEXT_MAX_LENGTH,
  type PageArguments,
  type PageRequest,
} from './arguments.ts';
export { reportUnavailable, toConnection, type Connection, type Page } from './connection.ts';
export {
  DocumentSource,
  withoutProtocolFields,
  type Alongside,
  type ChangeResult,
  type Stored,
  type WriteOutcome,
} from './document-source.ts';
export {
  derivedId,
  entityIdArgument,
  handleArgument,
  HANDLE_EXPECTED,
  isEntityId,
  isHandle,
  normaliseHandle,
} from './ids.ts';
export {
  checkInput,
  emptyAsNull,
  givenFields,
  httpsUrl,
  line,
  listOf,
  numberBetween,
  paragraphs,
  validationFailed,
  wholeNumber,
  type Checked,
  type FieldProblem,
} from './input-validation.ts';
export type {
  ByIdArguments,
  InputArguments,
  RepeatableArguments,
  RevisedArguments,
} from './mutation-arguments.ts';
export { deleteResult, notFound, saveResult, type ResultNames } from './mutation-results.ts';
export { newOperationId, operationIdTimeMs, parseOperationId } from './operation-id.ts';
export {
  adminOperation,
  operationFor,
  viewerOperation,
  type Operation,
  type OperationRequest,
} from './operation.ts';
export {
  reactionOperation,
  type ReactionChange,
  type ReactionOutcome,
  type StoredInteraction,
  type StoredSummary,
} from './reaction-operation.ts';
export { requestHash, stableJson } from './request-hash.ts';
export { RequestScope, type PartialFailure } from './request-scope.ts';
export { readDeadline, runSubgraph } from './run-subgraph.ts';
export { scalars } from './scalars.ts';
export type {
  ReadDeadline,
  DocumentFilter,
  ListPage,
  ListQuery,
  NewDocument,
  ReadOptions,
  ShardRouter,
  SlotOperation,
  SlotTransaction,
  StoredDocument,
} from './data-layer.ts';
export { searchStages, type Search } from './search-stages.ts';
export { countStages, listStages, type ListStage, type StagedList } from './staged-list.ts';
export {
  SubgraphEnvironment,
  writeDeadlineMs,
  type SubgraphConfig,
} from './subgraph-environment.ts';
export {
  createSubgraphService,
  type Resolver,
  type Resolvers,
  type SubgraphContext,
  type SubgraphDefinition,
  type SubgraphServiceOptions,
} from './subgraph-service.ts';
export { mayReadPrivate, presentViewer, requireAdmin, requireViewer } from './viewer-account.ts';
