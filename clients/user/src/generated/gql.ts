/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "fragment Credits on CreditConnection {\n  totalCount\n  nodes {\n    character\n    job\n    person {\n      id\n      name\n    }\n  }\n  pageInfo {\n    hasNextPage\n    endCursor\n  }\n}\n\nquery MoreCredits($id: ID!, $kind: CreditKind!, $first: Int, $after: String) {\n  movie(id: $id) {\n    id\n    credits(kind: $kind, first: $first, after: $after) {\n      ...Credits\n    }\n  }\n}": typeof types.CreditsFragmentDoc,
    "fragment Filmography on FilmographyConnection {\n  totalCount\n  nodes {\n    kind\n    character\n    job\n    movie {\n      id\n      title\n      year\n    }\n  }\n  pageInfo {\n    hasNextPage\n    endCursor\n  }\n}\n\nquery MoreFilmography($id: ID!, $first: Int, $after: String) {\n  person(id: $id) {\n    id\n    filmography(first: $first, after: $after) {\n      ...Filmography\n    }\n  }\n}": typeof types.FilmographyFragmentDoc,
    "query Genres {\n  genres {\n    genre\n    movieCount\n  }\n}": typeof types.GenresDocument,
    "fragment MovieTile on Movie {\n  id\n  title\n  year\n  genres\n  likeCount\n  viewerReaction\n}": typeof types.MovieTileFragmentDoc,
    "query Movie($id: ID!, $firstCredits: Int) {\n  movie(id: $id) {\n    id\n    title\n    originalTitle\n    year\n    releaseDate\n    runtimeMinutes\n    genres\n    plot\n    tagline\n    languages\n    countries\n    certification\n    externalIds {\n      source\n      id\n    }\n    rating\n    voteCount\n    likeCount\n    dislikeCount\n    viewerReaction\n    cast: credits(kind: CAST, first: $firstCredits) {\n      ...Credits\n    }\n    crew: credits(kind: CREW, first: $firstCredits) {\n      ...Credits\n    }\n  }\n}": typeof types.MovieDocument,
    "query Person($id: ID!, $firstFilms: Int) {\n  person(id: $id) {\n    id\n    name\n    alsoKnownAs\n    birthDate\n    deathDate\n    biography\n    knownFor(first: 6) {\n      ...MovieTile\n    }\n    filmography(first: $firstFilms) {\n      ...Filmography\n    }\n  }\n}": typeof types.PersonDocument,
    "fragment ReactionOutcome on ReactionResult {\n  __typename\n  ... on ReactionSaved {\n    reaction\n    movie {\n      id\n      likeCount\n      dislikeCount\n    }\n  }\n  ... on NotFound {\n    message\n  }\n}\n\nmutation LikeMovie($movieId: ID!, $operationId: ID!) {\n  result: likeMovie(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}\n\nmutation DislikeMovie($movieId: ID!, $operationId: ID!) {\n  result: dislikeMovie(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}\n\nmutation RemoveReaction($movieId: ID!, $operationId: ID!) {\n  result: removeReaction(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}": typeof types.ReactionOutcomeFragmentDoc,
    "query SearchMovies($query: String, $genres: [String!], $orderBy: MovieOrder, $first: Int, $after: String) {\n  movies(\n    query: $query\n    genres: $genres\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    nodes {\n      ...MovieTile\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.SearchMoviesDocument,
    "query SearchPeople($query: String!, $first: Int) {\n  people(query: $query, first: $first) {\n    nodes {\n      id\n      name\n    }\n    pageInfo {\n      hasNextPage\n    }\n  }\n}": typeof types.SearchPeopleDocument,
    "mutation SignIn($handle: String!, $password: String!) {\n  signIn(handle: $handle, password: $password) {\n    token\n    expiresAt\n    viewer {\n      id\n      displayName\n      role\n    }\n  }\n}": typeof types.SignInDocument,
};
const documents: Documents = {
    "fragment Credits on CreditConnection {\n  totalCount\n  nodes {\n    character\n    job\n    person {\n      id\n      name\n    }\n  }\n  pageInfo {\n    hasNextPage\n    endCursor\n  }\n}\n\nquery MoreCredits($id: ID!, $kind: CreditKind!, $first: Int, $after: String) {\n  movie(id: $id) {\n    id\n    credits(kind: $kind, first: $first, after: $after) {\n      ...Credits\n    }\n  }\n}": types.CreditsFragmentDoc,
    "fragment Filmography on FilmographyConnection {\n  totalCount\n  nodes {\n    kind\n    character\n    job\n    movie {\n      id\n      title\n      year\n    }\n  }\n  pageInfo {\n    hasNextPage\n    endCursor\n  }\n}\n\nquery MoreFilmography($id: ID!, $first: Int, $after: String) {\n  person(id: $id) {\n    id\n    filmography(first: $first, after: $after) {\n      ...Filmography\n    }\n  }\n}": types.FilmographyFragmentDoc,
    "query Genres {\n  genres {\n    genre\n    movieCount\n  }\n}": types.GenresDocument,
    "fragment MovieTile on Movie {\n  id\n  title\n  year\n  genres\n  likeCount\n  viewerReaction\n}": types.MovieTileFragmentDoc,
    "query Movie($id: ID!, $firstCredits: Int) {\n  movie(id: $id) {\n    id\n    title\n    originalTitle\n    year\n    releaseDate\n    runtimeMinutes\n    genres\n    plot\n    tagline\n    languages\n    countries\n    certification\n    externalIds {\n      source\n      id\n    }\n    rating\n    voteCount\n    likeCount\n    dislikeCount\n    viewerReaction\n    cast: credits(kind: CAST, first: $firstCredits) {\n      ...Credits\n    }\n    crew: credits(kind: CREW, first: $firstCredits) {\n      ...Credits\n    }\n  }\n}": types.MovieDocument,
    "query Person($id: ID!, $firstFilms: Int) {\n  person(id: $id) {\n    id\n    name\n    alsoKnownAs\n    birthDate\n    deathDate\n    biography\n    knownFor(first: 6) {\n      ...MovieTile\n    }\n    filmography(first: $firstFilms) {\n      ...Filmography\n    }\n  }\n}": types.PersonDocument,
    "fragment ReactionOutcome on ReactionResult {\n  __typename\n  ... on ReactionSaved {\n    reaction\n    movie {\n      id\n      likeCount\n      dislikeCount\n    }\n  }\n  ... on NotFound {\n    message\n  }\n}\n\nmutation LikeMovie($movieId: ID!, $operationId: ID!) {\n  result: likeMovie(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}\n\nmutation DislikeMovie($movieId: ID!, $operationId: ID!) {\n  result: dislikeMovie(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}\n\nmutation RemoveReaction($movieId: ID!, $operationId: ID!) {\n  result: removeReaction(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}": types.ReactionOutcomeFragmentDoc,
    "query SearchMovies($query: String, $genres: [String!], $orderBy: MovieOrder, $first: Int, $after: String) {\n  movies(\n    query: $query\n    genres: $genres\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    nodes {\n      ...MovieTile\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.SearchMoviesDocument,
    "query SearchPeople($query: String!, $first: Int) {\n  people(query: $query, first: $first) {\n    nodes {\n      id\n      name\n    }\n    pageInfo {\n      hasNextPage\n    }\n  }\n}": types.SearchPeopleDocument,
    "mutation SignIn($handle: String!, $password: String!) {\n  signIn(handle: $handle, password: $password) {\n    token\n    expiresAt\n    viewer {\n      id\n      displayName\n      role\n    }\n  }\n}": types.SignInDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment Credits on CreditConnection {\n  totalCount\n  nodes {\n    character\n    job\n    person {\n      id\n      name\n    }\n  }\n  pageInfo {\n    hasNextPage\n    endCursor\n  }\n}\n\nquery MoreCredits($id: ID!, $kind: CreditKind!, $first: Int, $after: String) {\n  movie(id: $id) {\n    id\n    credits(kind: $kind, first: $first, after: $after) {\n      ...Credits\n    }\n  }\n}"): typeof import('./graphql').CreditsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment Filmography on FilmographyConnection {\n  totalCount\n  nodes {\n    kind\n    character\n    job\n    movie {\n      id\n      title\n      year\n    }\n  }\n  pageInfo {\n    hasNextPage\n    endCursor\n  }\n}\n\nquery MoreFilmography($id: ID!, $first: Int, $after: String) {\n  person(id: $id) {\n    id\n    filmography(first: $first, after: $after) {\n      ...Filmography\n    }\n  }\n}"): typeof import('./graphql').FilmographyFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Genres {\n  genres {\n    genre\n    movieCount\n  }\n}"): typeof import('./graphql').GenresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment MovieTile on Movie {\n  id\n  title\n  year\n  genres\n  likeCount\n  viewerReaction\n}"): typeof import('./graphql').MovieTileFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Movie($id: ID!, $firstCredits: Int) {\n  movie(id: $id) {\n    id\n    title\n    originalTitle\n    year\n    releaseDate\n    runtimeMinutes\n    genres\n    plot\n    tagline\n    languages\n    countries\n    certification\n    externalIds {\n      source\n      id\n    }\n    rating\n    voteCount\n    likeCount\n    dislikeCount\n    viewerReaction\n    cast: credits(kind: CAST, first: $firstCredits) {\n      ...Credits\n    }\n    crew: credits(kind: CREW, first: $firstCredits) {\n      ...Credits\n    }\n  }\n}"): typeof import('./graphql').MovieDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Person($id: ID!, $firstFilms: Int) {\n  person(id: $id) {\n    id\n    name\n    alsoKnownAs\n    birthDate\n    deathDate\n    biography\n    knownFor(first: 6) {\n      ...MovieTile\n    }\n    filmography(first: $firstFilms) {\n      ...Filmography\n    }\n  }\n}"): typeof import('./graphql').PersonDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ReactionOutcome on ReactionResult {\n  __typename\n  ... on ReactionSaved {\n    reaction\n    movie {\n      id\n      likeCount\n      dislikeCount\n    }\n  }\n  ... on NotFound {\n    message\n  }\n}\n\nmutation LikeMovie($movieId: ID!, $operationId: ID!) {\n  result: likeMovie(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}\n\nmutation DislikeMovie($movieId: ID!, $operationId: ID!) {\n  result: dislikeMovie(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}\n\nmutation RemoveReaction($movieId: ID!, $operationId: ID!) {\n  result: removeReaction(movieId: $movieId, operationId: $operationId) {\n    ...ReactionOutcome\n  }\n}"): typeof import('./graphql').ReactionOutcomeFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query SearchMovies($query: String, $genres: [String!], $orderBy: MovieOrder, $first: Int, $after: String) {\n  movies(\n    query: $query\n    genres: $genres\n    orderBy: $orderBy\n    first: $first\n    after: $after\n  ) {\n    totalCount\n    nodes {\n      ...MovieTile\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): typeof import('./graphql').SearchMoviesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query SearchPeople($query: String!, $first: Int) {\n  people(query: $query, first: $first) {\n    nodes {\n      id\n      name\n    }\n    pageInfo {\n      hasNextPage\n    }\n  }\n}"): typeof import('./graphql').SearchPeopleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SignIn($handle: String!, $password: String!) {\n  signIn(handle: $handle, password: $password) {\n    token\n    expiresAt\n    viewer {\n      id\n      displayName\n      role\n    }\n  }\n}"): typeof import('./graphql').SignInDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
