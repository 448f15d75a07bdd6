// urql: sign in, read a page, like a film exactly once.
//
//   node docs/recipes/urql.mjs http://127.0.0.1:4000/graphql alice marquee-demo

import { Client, cacheExchange, fetchExchange, gql } from '@urql/core';
import { v7 as uuidv7 } from 'uuid';

const [url, handle, password] = process.argv.slice(2);

let token;

const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: () => ({ headers: token ? { authorization: `Bearer ${token}` } : {} }),
});

/** The data of an answer; `code` of the first error is what to branch on. */
const dataOf = ({ data, error }) => {
  if (error === undefined) return data;
  const [first] = error.graphQLErrors;
  throw new Error(first ? `${first.extensions.code}: ${first.message}` : error.message);
};

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
  query Films {
    movies(first: 3) {
      nodes {
        id
        title
        likeCount
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

const { signIn } = dataOf(await client.mutation(SIGN_IN, { handle, password }));
token = signIn.token;

const { movies } = dataOf(await client.query(FILMS, {}));
const [film] = movies.nodes;

// One id for each intent; a retry sends it again.
const { likeMovie } = dataOf(
  await client.mutation(LIKE, { movieId: film.id, operationId: uuidv7() }),
);

switch (likeMovie.__typename) {
  case 'ReactionSaved':
    console.log(`${signIn.viewer.displayName} likes ${likeMovie.movie.title}.`);
    break;
  case 'NotFound':
    console.log(`Somebody has deleted it: ${likeMovie.message}`);
    break;
}
