// Apollo Client: sign in, read pages that grow together, like a film exactly once.
//
//   node docs/recipes/apollo-client.mjs http://127.0.0.1:4000/graphql alice marquee-demo

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { relayStylePagination } from '@apollo/client/utilities';
import { v7 as uuidv7 } from 'uuid';

const [uri, handle, password] = process.argv.slice(2);

let token;

const client = new ApolloClient({
  link: ApolloLink.from([
    new SetContextLink(({ headers }) => ({
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    })),
    new HttpLink({ uri }),
  ]),
  cache: new InMemoryCache({
    typePolicies: {
      // Lists are Relay connections: pages of one query are kept as one list.
      Query: { fields: { movies: relayStylePagination(['query', 'filter', 'orderBy']) } },
    },
  }),
});

const SIGN_IN = gql`
  mutation SignIn($handle: String!, $password: String!) {
    signIn(handle: $handle, password: $password) {
      token
      viewer {
        id
        displayName
      }
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

const { data: session } = await client.mutate({
  mutation: SIGN_IN,
  variables: { handle, password },
});
token = session.signIn.token;

const { data } = await client.query({ query: FILMS });
const films = client.watchQuery({ query: FILMS });
const shown = films.subscribe(() => {}); // here a page would draw itself anew
await films.fetchMore({ variables: { after: data.movies.pageInfo.endCursor } });
const { edges } = client.readQuery({ query: FILMS }).movies;
shown.unsubscribe();
if (edges.length !== 6)
  throw new Error(`expected two pages in the cache, not ${edges.length} films`);

// One id for each intent; a retry sends it again. The cache takes the new count from the answer.
const { data: liked } = await client.mutate({
  mutation: LIKE,
  variables: { movieId: edges[0].node.id, operationId: uuidv7() },
});

switch (liked.likeMovie.__typename) {
  case 'ReactionSaved':
    console.log(`${session.signIn.viewer.displayName} likes ${liked.likeMovie.movie.title}.`);
    break;
  case 'NotFound':
    console.log(`Somebody has deleted it: ${liked.likeMovie.message}`);
    break;
}
