// Apollo Client: sign in, read pages that grow together, like a film exactly once. Sessions that run out
// are refreshed, and what may have been lost on the way is sent again.
//
//   node docs/recipes/apollo-client.mjs http://127.0.0.1:4000/graphql alice marquee-demo

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { RetryLink } from '@apollo/client/link/retry';
import { relayStylePagination } from '@apollo/client/utilities';
import { from, switchMap, throwError } from 'rxjs';
import { v7 as uuidv7 } from 'uuid';

const [uri, handle, password] = process.argv.slice(2);

/** @type {{ token: string, refreshToken: string } | undefined} */
let session;

/** What may be gone at the next attempt. */
const PASSING = ['WRITE_OUTCOME_UNKNOWN', 'SHARD_UNAVAILABLE', 'OVERLOADED'];

const client = new ApolloClient({
  link: ApolloLink.from([
    // A connection that broke: the same operation id goes along, so that a write counts once.
    new RetryLink({ attempts: { max: 3 } }),
    // An error with a code: once more, where that may help.
    new ErrorLink(({ error, operation, forward }) => {
      if (!CombinedGraphQLErrors.is(error)) return undefined;
      const { code } = error.errors[0].extensions;
      if (PASSING.includes(code)) return forward(operation);
      if (code !== 'UNAUTHENTICATED' || session === undefined) return undefined;
      return from(refresh()).pipe(
        switchMap((refreshed) => (refreshed ? forward(operation) : throwError(() => error))),
      );
    }),
    new SetContextLink(({ headers }) => ({
      headers: { ...headers, ...(session && { authorization: `Bearer ${session.token}` }) },
    })),
    new HttpLink({ uri }),
  ]),
  cache: new InMemoryCache({
    typePolicies: {
      // Lists are Relay connections: pages of one query are kept as one list. Named is all that makes
      // another list of it, which is every argument but `first` and `after`.
      Query: {
        fields: {
          movies: relayStylePagination(['query', 'genres', 'filter', 'orderBy']),
          people: relayStylePagination(['query']),
        },
      },
      Movie: { fields: { credits: relayStylePagination(['kind']) } },
      Person: { fields: { filmography: relayStylePagination(['kind', 'job']) } },
    },
  }),
});

const refresh = async () => {
  const { refreshToken } = session;
  session = undefined;
  const { data } = await client.mutate({
    mutation: REFRESH,
    variables: { refreshToken },
    errorPolicy: 'all',
  });
  session = data?.refreshSession ?? undefined;
  return session !== undefined;
};

const SIGN_IN = gql`
  mutation SignIn($handle: String!, $password: String!) {
    signIn(handle: $handle, password: $password) {
      token
      refreshToken
      viewer {
        id
        displayName
      }
    }
  }
`;
const REFRESH = gql`
  mutation Refresh($refreshToken: String!) {
    refreshSession(refreshToken: $refreshToken) {
      token
      refreshToken
    }
  }
`;
const FILMS = gql`
  query Films($after: String) {
    movies(first: 3, after: $after) {
      edges {
        cursor
        node {
          id
          title
          likeCount
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
const LIKE = gql`
  mutation Like($movieId: ID!, $operationId: ID) {
    likeMovie(movieId: $movieId, operationId: $operationId) {
      __typename
      ... on ReactionSaved {
        reaction
        movie {
          id
          title
          likeCount
        }
      }
      ... on NotFound {
        message
      }
    }
  }
`;

const { data: signedIn } = await client.mutate({
  mutation: SIGN_IN,
  variables: { handle, password },
});
const { viewer } = signedIn.signIn;
session = signedIn.signIn;

const { data } = await client.query({ query: FILMS });
const films = client.watchQuery({ query: FILMS });
const shown = films.subscribe(() => {}); // here a page would draw itself anew
await films.fetchMore({ variables: { after: data.movies.pageInfo.endCursor } });
const { edges } = client.readQuery({ query: FILMS }).movies;
shown.unsubscribe();
if (edges.length !== 6)
  throw new Error(`expected two pages in the cache, not ${edges.length} films`);

// One id for each intent, made before the first attempt. The cache takes the new count from the answer.
const { data: liked } = await client.mutate({
  mutation: LIKE,
  variables: { movieId: edges[0].node.id, operationId: uuidv7() },
});

switch (liked.likeMovie.__typename) {
  case 'ReactionSaved':
    console.log(`${viewer.displayName} likes ${edges[0].node.title}.`);
    break;
  case 'NotFound':
    console.log(`Somebody has deleted it: ${liked.likeMovie.message}`);
    break;
}
