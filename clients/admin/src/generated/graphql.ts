/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A new film. */
export type CreateMovieInput = {
  /** At most 20 characters. */
  certification?: string | null | undefined;
  /** ISO 3166-1 alpha-2 codes. */
  countries?: Array<string> | null | undefined;
  /** At most 500, in order of billing for cast. */
  credits?: Array<CreditInput> | null | undefined;
  /** All ids elsewhere, at most 20, one for each source. */
  externalIds?: Array<ExternalIdInput> | null | undefined;
  /** At most 20, each 1 to 50 characters. */
  genres?: Array<string> | null | undefined;
  /** ISO 639-1 codes. */
  languages?: Array<string> | null | undefined;
  /** 1 to 300 characters. */
  originalTitle?: string | null | undefined;
  /** At most 5,000 characters. */
  plot?: string | null | undefined;
  /** 0 to 1,000,000,000; 0 for a film of which nothing is known. */
  popularity?: number | null | undefined;
  /** An https URL. */
  posterUrl?: string | null | undefined;
  /** 0 to 10. */
  rating?: number | null | undefined;
  /** The day of its first release. */
  releaseDate?: string | null | undefined;
  /** 1 to 1,500 minutes. */
  runtimeMinutes?: number | null | undefined;
  /** At most 500 characters. */
  tagline?: string | null | undefined;
  /** 1 to 300 characters. */
  title: string;
  /** 0 or more. */
  voteCount?: number | null | undefined;
  /** 1888 (the first film) to ten years from now. */
  year?: number | null | undefined;
};

/** A new person. */
export type CreatePersonInput = {
  /** At most 50, each 1 to 200 characters. */
  alsoKnownAs?: Array<string> | null | undefined;
  /** At most 10,000 characters. */
  biography?: string | null | undefined;
  /** The day of birth. */
  birthDate?: string | null | undefined;
  /** The day of death; not before birth. */
  deathDate?: string | null | undefined;
  /** 1 to 200 characters. */
  name: string;
  /** An https URL. */
  photoUrl?: string | null | undefined;
  /** 0 to 1,000,000,000; 0 for somebody of whom nothing is known. */
  popularity?: number | null | undefined;
};

/** A new user. */
export type CreateUserInput = {
  /** 1 to 100 characters. */
  displayName: string;
  /** An e-mail address. */
  email?: string | null | undefined;
  /** 2 to 30 of a-z, 0-9, `.`, `_` and `-`, beginning with a letter or digit; it never changes. */
  handle: string;
  /** 10 to 256 characters; without it they cannot sign in. */
  password?: string | null | undefined;
  /** What they may do. */
  role?: Role | null | undefined;
};

/** One credit of a film. */
export type CreditInput = {
  /** The name of the character, for cast. */
  character?: string | null | undefined;
  /** The job; needed for crew. */
  job?: string | null | undefined;
  /** Cast or crew. */
  kind: CreditKind;
  /** The person's id. */
  personId: string | number;
};

/** Whether a credit is in front of the camera or behind it. */
export type CreditKind =
  /** Appears in the film. */
  | 'CAST'
  /** Worked on the film. */
  | 'CREW';

/** An id of the same thing in another catalogue. */
export type ExternalIdInput = {
  /** The id there: 1 to 200 characters. */
  id: string;
  /** The catalogue, e.g. `imdb`: 1 to 30 of a-z, 0-9 and `-`, beginning with a letter. */
  source: string;
};

/** What interactions must satisfy; all given conditions hold together. */
export type InteractionFilter = {
  /** Only those with this film. */
  movieId?: string | number | null | undefined;
  /** Only likes, or only dislikes. */
  reaction?: Reaction | null | undefined;
  /** Only those of this user. */
  userId?: string | number | null | undefined;
};

/** What someone thinks of a film. */
export type Reaction =
  /** Thumbs down. */
  | 'DISLIKE'
  /** Thumbs up. */
  | 'LIKE';

/** What someone may do. */
export type Role =
  /** May change everything as well. */
  | 'ADMIN'
  /** Reads everything, reacts to films. */
  | 'USER';

/** Who thinks what of which film. */
export type SetInteractionInput = {
  /** The film's id. */
  movieId: string | number;
  /** Thumbs up or down. */
  reaction: Reaction;
  /** The user's handle. */
  userId: string | number;
};

/** Changes to a film; fields left out stay as they are. */
export type UpdateMovieInput = {
  /** At most 20 characters. */
  certification?: string | null | undefined;
  /** ISO 3166-1 alpha-2 codes. */
  countries?: Array<string> | null | undefined;
  /** All credits anew, at most 500, in order of billing for cast. */
  credits?: Array<CreditInput> | null | undefined;
  /** All ids elsewhere, at most 20, one for each source. */
  externalIds?: Array<ExternalIdInput> | null | undefined;
  /** At most 20, each 1 to 50 characters. */
  genres?: Array<string> | null | undefined;
  /** ISO 639-1 codes. */
  languages?: Array<string> | null | undefined;
  /** 1 to 300 characters. */
  originalTitle?: string | null | undefined;
  /** At most 5,000 characters. */
  plot?: string | null | undefined;
  /** 0 to 1,000,000,000; 0 for a film of which nothing is known. */
  popularity?: number | null | undefined;
  /** An https URL. */
  posterUrl?: string | null | undefined;
  /** 0 to 10. */
  rating?: number | null | undefined;
  /** The day of its first release. */
  releaseDate?: string | null | undefined;
  /** 1 to 1,500 minutes. */
  runtimeMinutes?: number | null | undefined;
  /** At most 500 characters. */
  tagline?: string | null | undefined;
  /** 1 to 300 characters; a title cannot be emptied. */
  title?: string | null | undefined;
  /** 0 or more. */
  voteCount?: number | null | undefined;
  /** 1888 (the first film) to ten years from now. */
  year?: number | null | undefined;
};

/** Changes to a person; fields left out stay as they are. */
export type UpdatePersonInput = {
  /** At most 50, each 1 to 200 characters. */
  alsoKnownAs?: Array<string> | null | undefined;
  /** At most 10,000 characters. */
  biography?: string | null | undefined;
  /** The day of birth. */
  birthDate?: string | null | undefined;
  /** The day of death; not before birth. */
  deathDate?: string | null | undefined;
  /** 1 to 200 characters; a name cannot be emptied. */
  name?: string | null | undefined;
  /** An https URL. */
  photoUrl?: string | null | undefined;
  /** 0 to 1,000,000,000; 0 for somebody of whom nothing is known. */
  popularity?: number | null | undefined;
};

/** Changes to a user; fields left out stay as they are. */
export type UpdateUserInput = {
  /** 1 to 100 characters; it cannot be emptied. */
  displayName?: string | null | undefined;
  /** An e-mail address. */
  email?: string | null | undefined;
  /** 10 to 256 characters; null takes the password away. Either ends all of the user's sessions. Of one's own account only `changePassword` changes it. */
  password?: string | null | undefined;
  /** What they may do. */
  role?: Role | null | undefined;
};

export type InteractionRecordFragment = { id: string, reaction: Reaction, createdAt: string, updatedAt: string, movie: { id: string, title: string, year: number | null } | null, user: { id: string, displayName: string } | null };

export type ListInteractionsQueryVariables = Exact<{
  filter?: InteractionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListInteractionsQuery = { interactions: { totalCount: number | null, nodes: Array<{ id: string, reaction: Reaction, createdAt: string, updatedAt: string, movie: { id: string, title: string, year: number | null } | null, user: { id: string, displayName: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type SetInteractionMutationVariables = Exact<{
  input: SetInteractionInput;
  operationId: string | number;
}>;


export type SetInteractionMutation = { result:
    | { __typename: 'InteractionSaved', interaction: { id: string, reaction: Reaction, createdAt: string, updatedAt: string, movie: { id: string, title: string, year: number | null } | null, user: { id: string, displayName: string } | null } }
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
   | null };

export type DeleteInteractionMutationVariables = Exact<{
  movieId: string | number;
  userId: string | number;
  operationId: string | number;
}>;


export type DeleteInteractionMutation = { result:
    | { __typename: 'InteractionDeleted' }
    | { __typename: 'NotFound', message: string, id: string }
   | null };

export type ListMoviesQueryVariables = Exact<{
  query?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListMoviesQuery = { movies: { totalCount: number | null, nodes: Array<{ id: string, revision: number, title: string, year: number | null, genres: Array<string>, likeCount: number | null, dislikeCount: number | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type PickMoviesQueryVariables = Exact<{
  query: string;
  first?: number | null | undefined;
}>;


export type PickMoviesQuery = { movies: { nodes: Array<{ id: string, title: string, year: number | null }> } | null };

export type MovieRecordFragment = { id: string, revision: number, title: string, originalTitle: string | null, year: number | null, releaseDate: string | null, runtimeMinutes: number | null, genres: Array<string>, plot: string | null, tagline: string | null, languages: Array<string>, countries: Array<string>, certification: string | null, posterUrl: string | null, rating: number | null, voteCount: number | null, popularity: number, externalIds: Array<{ source: string, id: string }> };

export type CreditPageFragment = { nodes: Array<{ kind: CreditKind, character: string | null, job: string | null, person: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } };

export type EditMovieQueryVariables = Exact<{
  id: string | number;
}>;


export type EditMovieQuery = { movie: { id: string, revision: number, title: string, originalTitle: string | null, year: number | null, releaseDate: string | null, runtimeMinutes: number | null, genres: Array<string>, plot: string | null, tagline: string | null, languages: Array<string>, countries: Array<string>, certification: string | null, posterUrl: string | null, rating: number | null, voteCount: number | null, popularity: number, credits: { nodes: Array<{ kind: CreditKind, character: string | null, job: string | null, person: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null, externalIds: Array<{ source: string, id: string }> } | null };

export type EditMovieCreditsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type EditMovieCreditsQuery = { movie: { id: string, revision: number, credits: { nodes: Array<{ kind: CreditKind, character: string | null, job: string | null, person: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

type SaveMovieOutcome_MovieSaved_Fragment = { __typename: 'MovieSaved', movie: { id: string, title: string, revision: number } };

type SaveMovieOutcome_NotFound_Fragment = { __typename: 'NotFound', message: string, id: string };

type SaveMovieOutcome_ValidationFailed_Fragment = { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> };

type SaveMovieOutcome_VersionConflict_Fragment = { __typename: 'VersionConflict', message: string, currentRevision: number };

export type SaveMovieOutcomeFragment =
  | SaveMovieOutcome_MovieSaved_Fragment
  | SaveMovieOutcome_NotFound_Fragment
  | SaveMovieOutcome_ValidationFailed_Fragment
  | SaveMovieOutcome_VersionConflict_Fragment
;

export type CreateMovieMutationVariables = Exact<{
  input: CreateMovieInput;
  operationId: string | number;
}>;


export type CreateMovieMutation = { result:
    | { __typename: 'MovieSaved', movie: { id: string, title: string, revision: number } }
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type UpdateMovieMutationVariables = Exact<{
  id: string | number;
  input: UpdateMovieInput;
  expectedRevision: number;
  operationId: string | number;
}>;


export type UpdateMovieMutation = { result:
    | { __typename: 'MovieSaved', movie: { id: string, title: string, revision: number } }
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type DeleteMovieMutationVariables = Exact<{
  id: string | number;
  expectedRevision: number;
  operationId: string | number;
}>;


export type DeleteMovieMutation = { result:
    | { __typename: 'MovieDeleted' }
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'VersionConflict', currentRevision: number }
   | null };

export type RestoreMovieMutationVariables = Exact<{
  id: string | number;
  operationId: string | number;
}>;


export type RestoreMovieMutation = { result:
    | { __typename: 'MovieSaved', movie: { id: string, title: string, revision: number } }
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type InvalidFragment = { message: string, problems: Array<{ path: string, message: string }> };

export type MissingFragment = { message: string, id: string };

export type ListPeopleQueryVariables = Exact<{
  query?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListPeopleQuery = { people: { totalCount: number | null, nodes: Array<{ id: string, revision: number, name: string, birthDate: string | null, deathDate: string | null, knownFor: Array<{ id: string, title: string }> | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type PickPeopleQueryVariables = Exact<{
  query: string;
  first?: number | null | undefined;
}>;


export type PickPeopleQuery = { people: { nodes: Array<{ id: string, name: string, birthDate: string | null }> } | null };

export type PersonRecordFragment = { id: string, revision: number, name: string, alsoKnownAs: Array<string>, birthDate: string | null, deathDate: string | null, biography: string | null, photoUrl: string | null, popularity: number };

export type EditPersonQueryVariables = Exact<{
  id: string | number;
}>;


export type EditPersonQuery = { person: { id: string, revision: number, name: string, alsoKnownAs: Array<string>, birthDate: string | null, deathDate: string | null, biography: string | null, photoUrl: string | null, popularity: number } | null };

type SavePersonOutcome_NotFound_Fragment = { __typename: 'NotFound', message: string, id: string };

type SavePersonOutcome_PersonSaved_Fragment = { __typename: 'PersonSaved', person: { id: string, name: string, revision: number } };

type SavePersonOutcome_ValidationFailed_Fragment = { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> };

type SavePersonOutcome_VersionConflict_Fragment = { __typename: 'VersionConflict', message: string, currentRevision: number };

export type SavePersonOutcomeFragment =
  | SavePersonOutcome_NotFound_Fragment
  | SavePersonOutcome_PersonSaved_Fragment
  | SavePersonOutcome_ValidationFailed_Fragment
  | SavePersonOutcome_VersionConflict_Fragment
;

export type CreatePersonMutationVariables = Exact<{
  input: CreatePersonInput;
  operationId: string | number;
}>;


export type CreatePersonMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'PersonSaved', person: { id: string, name: string, revision: number } }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type UpdatePersonMutationVariables = Exact<{
  id: string | number;
  input: UpdatePersonInput;
  expectedRevision: number;
  operationId: string | number;
}>;


export type UpdatePersonMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'PersonSaved', person: { id: string, name: string, revision: number } }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type DeletePersonMutationVariables = Exact<{
  id: string | number;
  expectedRevision: number;
  operationId: string | number;
}>;


export type DeletePersonMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'PersonDeleted' }
    | { __typename: 'VersionConflict', currentRevision: number }
   | null };

export type RestorePersonMutationVariables = Exact<{
  id: string | number;
  operationId: string | number;
}>;


export type RestorePersonMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'PersonSaved', person: { id: string, name: string, revision: number } }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type SignInMutationVariables = Exact<{
  handle: string;
  password: string;
}>;


export type SignInMutation = { signIn: { token: string, expiresAt: string, viewer: { id: string, displayName: string, role: Role } } | null };

export type ListUsersQueryVariables = Exact<{
  query?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListUsersQuery = { users: { totalCount: number | null, nodes: Array<{ id: string, revision: number, displayName: string, role: Role, email: string | null, joinedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type PickUsersQueryVariables = Exact<{
  query: string;
  first?: number | null | undefined;
}>;


export type PickUsersQuery = { users: { nodes: Array<{ id: string, displayName: string }> } | null };

export type UserRecordFragment = { id: string, revision: number, displayName: string, role: Role, email: string | null };

export type EditUserQueryVariables = Exact<{
  id: string | number;
}>;


export type EditUserQuery = { user: { id: string, revision: number, displayName: string, role: Role, email: string | null } | null };

type SaveUserOutcome_NotFound_Fragment = { __typename: 'NotFound', message: string, id: string };

type SaveUserOutcome_UserSaved_Fragment = { __typename: 'UserSaved', user: { id: string, displayName: string, revision: number } };

type SaveUserOutcome_ValidationFailed_Fragment = { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> };

type SaveUserOutcome_VersionConflict_Fragment = { __typename: 'VersionConflict', message: string, currentRevision: number };

export type SaveUserOutcomeFragment =
  | SaveUserOutcome_NotFound_Fragment
  | SaveUserOutcome_UserSaved_Fragment
  | SaveUserOutcome_ValidationFailed_Fragment
  | SaveUserOutcome_VersionConflict_Fragment
;

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
  operationId: string | number;
}>;


export type CreateUserMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'UserSaved', user: { id: string, displayName: string, revision: number } }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type UpdateUserMutationVariables = Exact<{
  id: string | number;
  input: UpdateUserInput;
  expectedRevision: number;
  operationId: string | number;
}>;


export type UpdateUserMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'UserSaved', user: { id: string, displayName: string, revision: number } }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export type DeleteUserMutationVariables = Exact<{
  id: string | number;
  expectedRevision: number;
  operationId: string | number;
}>;


export type DeleteUserMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'UserDeleted' }
    | { __typename: 'VersionConflict', currentRevision: number }
   | null };

export type RestoreUserMutationVariables = Exact<{
  id: string | number;
  operationId: string | number;
}>;


export type RestoreUserMutation = { result:
    | { __typename: 'NotFound', message: string, id: string }
    | { __typename: 'UserSaved', user: { id: string, displayName: string, revision: number } }
    | { __typename: 'ValidationFailed', message: string, problems: Array<{ path: string, message: string }> }
    | { __typename: 'VersionConflict', message: string, currentRevision: number }
   | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const InteractionRecordFragmentDoc = new TypedDocumentString(`
    fragment InteractionRecord on Interaction {
  id
  reaction
  createdAt
  updatedAt
  movie {
    id
    title
    year
  }
  user {
    id
    displayName
  }
}
    `, {"fragmentName":"InteractionRecord"}) as unknown as TypedDocumentString<InteractionRecordFragment, unknown>;
export const MovieRecordFragmentDoc = new TypedDocumentString(`
    fragment MovieRecord on Movie {
  id
  revision
  title
  originalTitle
  year
  releaseDate
  runtimeMinutes
  genres
  plot
  tagline
  languages
  countries
  certification
  posterUrl
  externalIds {
    source
    id
  }
  rating
  voteCount
  popularity
}
    `, {"fragmentName":"MovieRecord"}) as unknown as TypedDocumentString<MovieRecordFragment, unknown>;
export const CreditPageFragmentDoc = new TypedDocumentString(`
    fragment CreditPage on CreditConnection {
  nodes {
    kind
    character
    job
    person {
      id
      name
    }
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
    `, {"fragmentName":"CreditPage"}) as unknown as TypedDocumentString<CreditPageFragment, unknown>;
export const InvalidFragmentDoc = new TypedDocumentString(`
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
    `, {"fragmentName":"Invalid"}) as unknown as TypedDocumentString<InvalidFragment, unknown>;
export const MissingFragmentDoc = new TypedDocumentString(`
    fragment Missing on NotFound {
  message
  id
}
    `, {"fragmentName":"Missing"}) as unknown as TypedDocumentString<MissingFragment, unknown>;
export const SaveMovieOutcomeFragmentDoc = new TypedDocumentString(`
    fragment SaveMovieOutcome on SaveMovieResult {
  __typename
  ... on MovieSaved {
    movie {
      id
      title
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}`, {"fragmentName":"SaveMovieOutcome"}) as unknown as TypedDocumentString<SaveMovieOutcomeFragment, unknown>;
export const PersonRecordFragmentDoc = new TypedDocumentString(`
    fragment PersonRecord on Person {
  id
  revision
  name
  alsoKnownAs
  birthDate
  deathDate
  biography
  photoUrl
  popularity
}
    `, {"fragmentName":"PersonRecord"}) as unknown as TypedDocumentString<PersonRecordFragment, unknown>;
export const SavePersonOutcomeFragmentDoc = new TypedDocumentString(`
    fragment SavePersonOutcome on SavePersonResult {
  __typename
  ... on PersonSaved {
    person {
      id
      name
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}`, {"fragmentName":"SavePersonOutcome"}) as unknown as TypedDocumentString<SavePersonOutcomeFragment, unknown>;
export const UserRecordFragmentDoc = new TypedDocumentString(`
    fragment UserRecord on User {
  id
  revision
  displayName
  role
  email
}
    `, {"fragmentName":"UserRecord"}) as unknown as TypedDocumentString<UserRecordFragment, unknown>;
export const SaveUserOutcomeFragmentDoc = new TypedDocumentString(`
    fragment SaveUserOutcome on SaveUserResult {
  __typename
  ... on UserSaved {
    user {
      id
      displayName
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}`, {"fragmentName":"SaveUserOutcome"}) as unknown as TypedDocumentString<SaveUserOutcomeFragment, unknown>;
export const ListInteractionsDocument = new TypedDocumentString(`
    query ListInteractions($filter: InteractionFilter, $first: Int, $after: String) {
  interactions(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      ...InteractionRecord
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment InteractionRecord on Interaction {
  id
  reaction
  createdAt
  updatedAt
  movie {
    id
    title
    year
  }
  user {
    id
    displayName
  }
}`) as unknown as TypedDocumentString<ListInteractionsQuery, ListInteractionsQueryVariables>;
export const SetInteractionDocument = new TypedDocumentString(`
    mutation SetInteraction($input: SetInteractionInput!, $operationId: ID!) {
  result: setInteraction(input: $input, operationId: $operationId) {
    __typename
    ... on InteractionSaved {
      interaction {
        ...InteractionRecord
      }
    }
    ...Invalid
    ...Missing
  }
}
    fragment InteractionRecord on Interaction {
  id
  reaction
  createdAt
  updatedAt
  movie {
    id
    title
    year
  }
  user {
    id
    displayName
  }
}
fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<SetInteractionMutation, SetInteractionMutationVariables>;
export const DeleteInteractionDocument = new TypedDocumentString(`
    mutation DeleteInteraction($movieId: ID!, $userId: ID!, $operationId: ID!) {
  result: deleteInteraction(
    movieId: $movieId
    userId: $userId
    operationId: $operationId
  ) {
    __typename
    ...Missing
  }
}
    fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<DeleteInteractionMutation, DeleteInteractionMutationVariables>;
export const ListMoviesDocument = new TypedDocumentString(`
    query ListMovies($query: String, $first: Int, $after: String) {
  movies(query: $query, first: $first, after: $after) {
    totalCount
    nodes {
      id
      revision
      title
      year
      genres
      likeCount
      dislikeCount
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ListMoviesQuery, ListMoviesQueryVariables>;
export const PickMoviesDocument = new TypedDocumentString(`
    query PickMovies($query: String!, $first: Int) {
  movies(query: $query, first: $first) {
    nodes {
      id
      title
      year
    }
  }
}
    `) as unknown as TypedDocumentString<PickMoviesQuery, PickMoviesQueryVariables>;
export const EditMovieDocument = new TypedDocumentString(`
    query EditMovie($id: ID!) {
  movie(id: $id) {
    ...MovieRecord
    credits(first: 100) {
      ...CreditPage
    }
  }
}
    fragment MovieRecord on Movie {
  id
  revision
  title
  originalTitle
  year
  releaseDate
  runtimeMinutes
  genres
  plot
  tagline
  languages
  countries
  certification
  posterUrl
  externalIds {
    source
    id
  }
  rating
  voteCount
  popularity
}
fragment CreditPage on CreditConnection {
  nodes {
    kind
    character
    job
    person {
      id
      name
    }
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<EditMovieQuery, EditMovieQueryVariables>;
export const EditMovieCreditsDocument = new TypedDocumentString(`
    query EditMovieCredits($id: ID!, $after: String) {
  movie(id: $id) {
    id
    revision
    credits(first: 100, after: $after) {
      ...CreditPage
    }
  }
}
    fragment CreditPage on CreditConnection {
  nodes {
    kind
    character
    job
    person {
      id
      name
    }
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<EditMovieCreditsQuery, EditMovieCreditsQueryVariables>;
export const CreateMovieDocument = new TypedDocumentString(`
    mutation CreateMovie($input: CreateMovieInput!, $operationId: ID!) {
  result: createMovie(input: $input, operationId: $operationId) {
    ...SaveMovieOutcome
  }
}
    fragment SaveMovieOutcome on SaveMovieResult {
  __typename
  ... on MovieSaved {
    movie {
      id
      title
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}
fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<CreateMovieMutation, CreateMovieMutationVariables>;
export const UpdateMovieDocument = new TypedDocumentString(`
    mutation UpdateMovie($id: ID!, $input: UpdateMovieInput!, $expectedRevision: Int!, $operationId: ID!) {
  result: updateMovie(
    id: $id
    input: $input
    expectedRevision: $expectedRevision
    operationId: $operationId
  ) {
    ...SaveMovieOutcome
  }
}
    fragment SaveMovieOutcome on SaveMovieResult {
  __typename
  ... on MovieSaved {
    movie {
      id
      title
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}
fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<UpdateMovieMutation, UpdateMovieMutationVariables>;
export const DeleteMovieDocument = new TypedDocumentString(`
    mutation DeleteMovie($id: ID!, $expectedRevision: Int!, $operationId: ID!) {
  result: deleteMovie(
    id: $id
    expectedRevision: $expectedRevision
    operationId: $operationId
  ) {
    __typename
    ... on VersionConflict {
      currentRevision
    }
    ...Missing
  }
}
    fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<DeleteMovieMutation, DeleteMovieMutationVariables>;
export const RestoreMovieDocument = new TypedDocumentString(`
    mutation RestoreMovie($id: ID!, $operationId: ID!) {
  result: restoreMovie(id: $id, operationId: $operationId) {
    ...SaveMovieOutcome
  }
}
    fragment SaveMovieOutcome on SaveMovieResult {
  __typename
  ... on MovieSaved {
    movie {
      id
      title
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}
fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<RestoreMovieMutation, RestoreMovieMutationVariables>;
export const ListPeopleDocument = new TypedDocumentString(`
    query ListPeople($query: String, $first: Int, $after: String) {
  people(query: $query, first: $first, after: $after) {
    totalCount
    nodes {
      id
      revision
      name
      birthDate
      deathDate
      knownFor(first: 3) {
        id
        title
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ListPeopleQuery, ListPeopleQueryVariables>;
export const PickPeopleDocument = new TypedDocumentString(`
    query PickPeople($query: String!, $first: Int) {
  people(query: $query, first: $first) {
    nodes {
      id
      name
      birthDate
    }
  }
}
    `) as unknown as TypedDocumentString<PickPeopleQuery, PickPeopleQueryVariables>;
export const EditPersonDocument = new TypedDocumentString(`
    query EditPerson($id: ID!) {
  person(id: $id) {
    ...PersonRecord
  }
}
    fragment PersonRecord on Person {
  id
  revision
  name
  alsoKnownAs
  birthDate
  deathDate
  biography
  photoUrl
  popularity
}`) as unknown as TypedDocumentString<EditPersonQuery, EditPersonQueryVariables>;
export const CreatePersonDocument = new TypedDocumentString(`
    mutation CreatePerson($input: CreatePersonInput!, $operationId: ID!) {
  result: createPerson(input: $input, operationId: $operationId) {
    ...SavePersonOutcome
  }
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}
fragment SavePersonOutcome on SavePersonResult {
  __typename
  ... on PersonSaved {
    person {
      id
      name
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}`) as unknown as TypedDocumentString<CreatePersonMutation, CreatePersonMutationVariables>;
export const UpdatePersonDocument = new TypedDocumentString(`
    mutation UpdatePerson($id: ID!, $input: UpdatePersonInput!, $expectedRevision: Int!, $operationId: ID!) {
  result: updatePerson(
    id: $id
    input: $input
    expectedRevision: $expectedRevision
    operationId: $operationId
  ) {
    ...SavePersonOutcome
  }
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}
fragment SavePersonOutcome on SavePersonResult {
  __typename
  ... on PersonSaved {
    person {
      id
      name
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}`) as unknown as TypedDocumentString<UpdatePersonMutation, UpdatePersonMutationVariables>;
export const DeletePersonDocument = new TypedDocumentString(`
    mutation DeletePerson($id: ID!, $expectedRevision: Int!, $operationId: ID!) {
  result: deletePerson(
    id: $id
    expectedRevision: $expectedRevision
    operationId: $operationId
  ) {
    __typename
    ... on VersionConflict {
      currentRevision
    }
    ...Missing
  }
}
    fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<DeletePersonMutation, DeletePersonMutationVariables>;
export const RestorePersonDocument = new TypedDocumentString(`
    mutation RestorePerson($id: ID!, $operationId: ID!) {
  result: restorePerson(id: $id, operationId: $operationId) {
    ...SavePersonOutcome
  }
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}
fragment SavePersonOutcome on SavePersonResult {
  __typename
  ... on PersonSaved {
    person {
      id
      name
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}`) as unknown as TypedDocumentString<RestorePersonMutation, RestorePersonMutationVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($handle: String!, $password: String!) {
  signIn(handle: $handle, password: $password) {
    token
    expiresAt
    viewer {
      id
      displayName
      role
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const ListUsersDocument = new TypedDocumentString(`
    query ListUsers($query: String, $first: Int, $after: String) {
  users(query: $query, first: $first, after: $after) {
    totalCount
    nodes {
      id
      revision
      displayName
      role
      email
      joinedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ListUsersQuery, ListUsersQueryVariables>;
export const PickUsersDocument = new TypedDocumentString(`
    query PickUsers($query: String!, $first: Int) {
  users(query: $query, first: $first) {
    nodes {
      id
      displayName
    }
  }
}
    `) as unknown as TypedDocumentString<PickUsersQuery, PickUsersQueryVariables>;
export const EditUserDocument = new TypedDocumentString(`
    query EditUser($id: ID!) {
  user(id: $id) {
    ...UserRecord
  }
}
    fragment UserRecord on User {
  id
  revision
  displayName
  role
  email
}`) as unknown as TypedDocumentString<EditUserQuery, EditUserQueryVariables>;
export const CreateUserDocument = new TypedDocumentString(`
    mutation CreateUser($input: CreateUserInput!, $operationId: ID!) {
  result: createUser(input: $input, operationId: $operationId) {
    ...SaveUserOutcome
  }
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}
fragment SaveUserOutcome on SaveUserResult {
  __typename
  ... on UserSaved {
    user {
      id
      displayName
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}`) as unknown as TypedDocumentString<CreateUserMutation, CreateUserMutationVariables>;
export const UpdateUserDocument = new TypedDocumentString(`
    mutation UpdateUser($id: ID!, $input: UpdateUserInput!, $expectedRevision: Int!, $operationId: ID!) {
  result: updateUser(
    id: $id
    input: $input
    expectedRevision: $expectedRevision
    operationId: $operationId
  ) {
    ...SaveUserOutcome
  }
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}
fragment SaveUserOutcome on SaveUserResult {
  __typename
  ... on UserSaved {
    user {
      id
      displayName
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}`) as unknown as TypedDocumentString<UpdateUserMutation, UpdateUserMutationVariables>;
export const DeleteUserDocument = new TypedDocumentString(`
    mutation DeleteUser($id: ID!, $expectedRevision: Int!, $operationId: ID!) {
  result: deleteUser(
    id: $id
    expectedRevision: $expectedRevision
    operationId: $operationId
  ) {
    __typename
    ... on VersionConflict {
      currentRevision
    }
    ...Missing
  }
}
    fragment Missing on NotFound {
  message
  id
}`) as unknown as TypedDocumentString<DeleteUserMutation, DeleteUserMutationVariables>;
export const RestoreUserDocument = new TypedDocumentString(`
    mutation RestoreUser($id: ID!, $operationId: ID!) {
  result: restoreUser(id: $id, operationId: $operationId) {
    ...SaveUserOutcome
  }
}
    fragment Invalid on ValidationFailed {
  message
  problems {
    path
    message
  }
}
fragment Missing on NotFound {
  message
  id
}
fragment SaveUserOutcome on SaveUserResult {
  __typename
  ... on UserSaved {
    user {
      id
      displayName
      revision
    }
  }
  ... on VersionConflict {
    message
    currentRevision
  }
  ...Invalid
  ...Missing
}`) as unknown as TypedDocumentString<RestoreUserMutation, RestoreUserMutationVariables>;