export type { NewDocument } from './content.ts';
export {
  interactionDocument,
  interactionId,
  summaryDocument,
  type InteractionContent,
  type InteractionDescription,
  type Reaction,
  type SummaryContent,
} from './interaction-document.ts';
export {
  movieContent,
  movieDocument,
  type Film,
  type FilmCredit,
  type MovieContent,
  type StoredCredit,
} from './movie-document.ts';
export {
  personContent,
  personDocument,
  type PersonContent,
  type PersonDescription,
} from './person-document.ts';
export { typoKeysOf, TYPO_WORD_MAX_LENGTH, TYPO_WORD_MIN_LENGTH } from './typo-keys.ts';
export {
  erasedUserContent,
  userContent,
  userDocument,
  type EndedSession,
  type Erasure,
  type StoredSession,
  type UserContent,
  type UserDescription,
} from './user-document.ts';
export { normaliseText, queryWords, searchWords } from '../search-text.ts';
export { newOperationId, type OperationIdSource } from '../operation-id.ts';
