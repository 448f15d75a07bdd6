/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether a credit is in front of the camera or behind it. */
export type CreditKind =
  /** Appears in the film. */
  | 'CAST'
  /** Worked on the film. */
  | 'CREW';

/** An order of films. */
export type MovieOrder = {
  /** In which direction; without it each field has its natural one. */
  direction?: OrderDirection | null | undefined;
  /** By what. */
  field: MovieOrderField;
};

/** By what films can be ordered. */
export type MovieOrderField =
  /** Popularity, greatest first unless said otherwise. */
  | 'POPULARITY'
  /** Average rating, best first unless said otherwise. */
  | 'RATING'
  /** How well the title fits the `query`; exact titles first, then by popularity. */
  | 'RELEVANCE'
  /** Title, A first unless said otherwise. */
  | 'TITLE'
  /** Year, newest first unless said otherwise. */
  | 'YEAR';

/** The direction of an order. */
export type OrderDirection =
  /** Least first. */
  | 'ASC'
  /** Greatest first. */
  | 'DESC';

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

export type CreditsFragment = { totalCount: number, nodes: Array<{ character: string | null, job: string | null, person: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } };

export type MoreCreditsQueryVariables = Exact<{
  id: string | number;
  kind: CreditKind;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MoreCreditsQuery = { movie: { id: string, credits: { totalCount: number, nodes: Array<{ character: string | null, job: string | null, person: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type FilmographyFragment = { totalCount: number | null, nodes: Array<{ kind: CreditKind, character: string | null, job: string | null, movie: { id: string, title: string, year: number | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } };

export type MoreFilmographyQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MoreFilmographyQuery = { person: { id: string, filmography: { totalCount: number | null, nodes: Array<{ kind: CreditKind, character: string | null, job: string | null, movie: { id: string, title: string, year: number | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type GenresQueryVariables = Exact<{ [key: string]: never; }>;


export type GenresQuery = { genres: Array<{ genre: string, movieCount: number }> | null };

export type MovieTileFragment = { id: string, title: string, year: number | null, genres: Array<string>, likeCount: number | null, viewerReaction: Reaction | null };

export type MovieQueryVariables = Exact<{
  id: string | number;
  firstCredits?: number | null | undefined;
}>;


export type MovieQuery = { movie: { id: string, title: string, originalTitle: string | null, year: number | null, releaseDate: string | null, runtimeMinutes: number | null, genres: Array<string>, plot: string | null, tagline: string | null, languages: Array<string>, countries: Array<string>, certification: string | null, rating: number | null, voteCount: number | null, likeCount: number | null, dislikeCount: number | null, viewerReaction: Reaction | null, externalIds: Array<{ source: string, id: string }>, cast: { totalCount: number, nodes: Array<{ character: string | null, job: string | null, person: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null, crew: { totalCount: number, nodes: Array<{ character: string | null, job: string | null, person: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type PersonQueryVariables = Exact<{
  id: string | number;
  firstFilms?: number | null | undefined;
}>;


export type PersonQuery = { person: { id: string, name: string, alsoKnownAs: Array<string>, birthDate: string | null, deathDate: string | null, biography: string | null, knownFor: Array<{ id: string, title: string, year: number | null, genres: Array<string>, likeCount: number | null, viewerReaction: Reaction | null }> | null, filmography: { totalCount: number | null, nodes: Array<{ kind: CreditKind, character: string | null, job: string | null, movie: { id: string, title: string, year: number | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

type ReactionOutcome_NotFound_Fragment = { __typename: 'NotFound', message: string };

type ReactionOutcome_ReactionSaved_Fragment = { __typename: 'ReactionSaved', reaction: Reaction | null, movie: { id: string, likeCount: number | null, dislikeCount: number | null } | null };

export type ReactionOutcomeFragment =
  | ReactionOutcome_NotFound_Fragment
  | ReactionOutcome_ReactionSaved_Fragment
;

export type LikeMovieMutationVariables = Exact<{
  movieId: string | number;
  operationId: string | number;
}>;


export type LikeMovieMutation = { result:
    | { __typename: 'NotFound', message: string }
    | { __typename: 'ReactionSaved', reaction: Reaction | null, movie: { id: string, likeCount: number | null, dislikeCount: number | null } | null }
   | null };

export type DislikeMovieMutationVariables = Exact<{
  movieId: string | number;
  operationId: string | number;
}>;


export type DislikeMovieMutation = { result:
    | { __typename: 'NotFound', message: string }
    | { __typename: 'ReactionSaved', reaction: Reaction | null, movie: { id: string, likeCount: number | null, dislikeCount: number | null } | null }
   | null };

export type RemoveReactionMutationVariables = Exact<{
  movieId: string | number;
  operationId: string | number;
}>;


export type RemoveReactionMutation = { result:
    | { __typename: 'NotFound', message: string }
    | { __typename: 'ReactionSaved', reaction: Reaction | null, movie: { id: string, likeCount: number | null, dislikeCount: number | null } | null }
   | null };

export type SearchMoviesQueryVariables = Exact<{
  query?: string | null | undefined;
  genres?: Array<string> | string | null | undefined;
  orderBy?: MovieOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchMoviesQuery = { movies: { totalCount: number | null, nodes: Array<{ id: string, title: string, year: number | null, genres: Array<string>, likeCount: number | null, viewerReaction: Reaction | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type SearchPeopleQueryVariables = Exact<{
  query: string;
  first?: number | null | undefined;
}>;


export type SearchPeopleQuery = { people: { nodes: Array<{ id: string, name: string }>, pageInfo: { hasNextPage: boolean } } | null };

export type SignInMutationVariables = Exact<{
  handle: string;
  password: string;
}>;


export type SignInMutation = { signIn: { token: string, expiresAt: string, viewer: { id: string, displayName: string, role: Role } } | null };

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
export const CreditsFragmentDoc = new TypedDocumentString(`
    fragment Credits on CreditConnection {
  totalCount
  nodes {
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
    `, {"fragmentName":"Credits"}) as unknown as TypedDocumentString<CreditsFragment, unknown>;
export const FilmographyFragmentDoc = new TypedDocumentString(`
    fragment Filmography on FilmographyConnection {
  totalCount
  nodes {
    kind
    character
    job
    movie {
      id
      title
      year
    }
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
    `, {"fragmentName":"Filmography"}) as unknown as TypedDocumentString<FilmographyFragment, unknown>;
export const MovieTileFragmentDoc = new TypedDocumentString(`
    fragment MovieTile on Movie {
  id
  title
  year
  genres
  likeCount
  viewerReaction
}
    `, {"fragmentName":"MovieTile"}) as unknown as TypedDocumentString<MovieTileFragment, unknown>;
export const ReactionOutcomeFragmentDoc = new TypedDocumentString(`
    fragment ReactionOutcome on ReactionResult {
  __typename
  ... on ReactionSaved {
    reaction
    movie {
      id
      likeCount
      dislikeCount
    }
  }
  ... on NotFound {
    message
  }
}
    `, {"fragmentName":"ReactionOutcome"}) as unknown as TypedDocumentString<ReactionOutcomeFragment, unknown>;
export const MoreCreditsDocument = new TypedDocumentString(`
    query MoreCredits($id: ID!, $kind: CreditKind!, $first: Int, $after: String) {
  movie(id: $id) {
    id
    credits(kind: $kind, first: $first, after: $after) {
      ...Credits
    }
  }
}
    fragment Credits on CreditConnection {
  totalCount
  nodes {
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
}`) as unknown as TypedDocumentString<MoreCreditsQuery, MoreCreditsQueryVariables>;
export const MoreFilmographyDocument = new TypedDocumentString(`
    query MoreFilmography($id: ID!, $first: Int, $after: String) {
  person(id: $id) {
    id
    filmography(first: $first, after: $after) {
      ...Filmography
    }
  }
}
    fragment Filmography on FilmographyConnection {
  totalCount
  nodes {
    kind
    character
    job
    movie {
      id
      title
      year
    }
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<MoreFilmographyQuery, MoreFilmographyQueryVariables>;
export const GenresDocument = new TypedDocumentString(`
    query Genres {
  genres {
    genre
    movieCount
  }
}
    `) as unknown as TypedDocumentString<GenresQuery, GenresQueryVariables>;
export const MovieDocument = new TypedDocumentString(`
    query Movie($id: ID!, $firstCredits: Int) {
  movie(id: $id) {
    id
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
    externalIds {
      source
      id
    }
    rating
    voteCount
    likeCount
    dislikeCount
    viewerReaction
    cast: credits(kind: CAST, first: $firstCredits) {
      ...Credits
    }
    crew: credits(kind: CREW, first: $firstCredits) {
      ...Credits
    }
  }
}
    fragment Credits on CreditConnection {
  totalCount
  nodes {
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
}`) as unknown as TypedDocumentString<MovieQuery, MovieQueryVariables>;
export const PersonDocument = new TypedDocumentString(`
    query Person($id: ID!, $firstFilms: Int) {
  person(id: $id) {
    id
    name
    alsoKnownAs
    birthDate
    deathDate
    biography
    knownFor(first: 6) {
      ...MovieTile
    }
    filmography(first: $firstFilms) {
      ...Filmography
    }
  }
}
    fragment Filmography on FilmographyConnection {
  totalCount
  nodes {
    kind
    character
    job
    movie {
      id
      title
      year
    }
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
fragment MovieTile on Movie {
  id
  title
  year
  genres
  likeCount
  viewerReaction
}`) as unknown as TypedDocumentString<PersonQuery, PersonQueryVariables>;
export const LikeMovieDocument = new TypedDocumentString(`
    mutation LikeMovie($movieId: ID!, $operationId: ID!) {
  result: likeMovie(movieId: $movieId, operationId: $operationId) {
    ...ReactionOutcome
  }
}
    fragment ReactionOutcome on ReactionResult {
  __typename
  ... on ReactionSaved {
    reaction
    movie {
      id
      likeCount
      dislikeCount
    }
  }
  ... on NotFound {
    message
  }
}`) as unknown as TypedDocumentString<LikeMovieMutation, LikeMovieMutationVariables>;
export const DislikeMovieDocument = new TypedDocumentString(`
    mutation DislikeMovie($movieId: ID!, $operationId: ID!) {
  result: dislikeMovie(movieId: $movieId, operationId: $operationId) {
    ...ReactionOutcome
  }
}
    fragment ReactionOutcome on ReactionResult {
  __typename
  ... on ReactionSaved {
    reaction
    movie {
      id
      likeCount
      dislikeCount
    }
  }
  ... on NotFound {
    message
  }
}`) as unknown as TypedDocumentString<DislikeMovieMutation, DislikeMovieMutationVariables>;
export const RemoveReactionDocument = new TypedDocumentString(`
    mutation RemoveReaction($movieId: ID!, $operationId: ID!) {
  result: removeReaction(movieId: $movieId, operationId: $operationId) {
    ...ReactionOutcome
  }
}
    fragment ReactionOutcome on ReactionResult {
  __typename
  ... on ReactionSaved {
    reaction
    movie {
      id
      likeCount
      dislikeCount
    }
  }
  ... on NotFound {
    message
  }
}`) as unknown as TypedDocumentString<RemoveReactionMutation, RemoveReactionMutationVariables>;
export const SearchMoviesDocument = new TypedDocumentString(`
    query SearchMovies($query: String, $genres: [String!], $orderBy: MovieOrder, $first: Int, $after: String) {
  movies(
    query: $query
    genres: $genres
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    totalCount
    nodes {
      ...MovieTile
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment MovieTile on Movie {
  id
  title
  year
  genres
  likeCount
  viewerReaction
}`) as unknown as TypedDocumentString<SearchMoviesQuery, SearchMoviesQueryVariables>;
export const SearchPeopleDocument = new TypedDocumentString(`
    query SearchPeople($query: String!, $first: Int) {
  people(query: $query, first: $first) {
    nodes {
      id
      name
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<SearchPeopleQuery, SearchPeopleQueryVariables>;
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