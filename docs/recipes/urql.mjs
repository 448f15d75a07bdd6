// urql: sign in, read a page, like a film exactly once. Sessions that run out are refreshed, and what may
// have been lost on the way is sent again; @urql/exchange-auth and @urql/exchange-retry do the same.
//
//   node docs/recipes/urql.mjs http://127.0.0.1:4000/graphql alice marquee-demo

import { Client, cacheExchange, fetchExchange, gql } from '@urql/core';
import { v7 as uuidv7 } from 'uuid';

const [url, handle, password] = process.argv.slice(2);

/** @type {{ token: string, refreshToken: string } | undefined} */
let session;

const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: () => ({ headers: session ? { authorization: `Bearer ${session.token}` } : {} }),
});

/** What may be gone at the next attempt; the first is ours, for a connection that broke. */
const PASSING = ['CONNECTION_LOST', 'WRITE_OUTCOME_UNKNOWN', 'SHARD_UNAVAILABLE', 'OVERLOADED'];

/** The data of an answer; `code` of the first error is what to branch on. */
const ask = async (send, attempts = 3) => {
  const { data, error } = await send();
  if (error === undefined) return data;
  const code = error.graphQLErrors[0]?.extensions.code ?? 'CONNECTION_LOST';
  const mayWorkNow =
    // The same operation id goes along, so that a write whose outcome is unknown still counts once.
    PASSING.includes(code) || (code === 'UNAUTHENTICATED' && session && (await refresh()));
  if (attempts > 1 && mayWorkNow) return ask(send, attempts - 1);
  throw new Error(`${code}: ${error.message}`);
};

const refresh = async () => {
  const { refreshToken } = session;
  session = undefined;
  const { data } = await client.mutation(REFRESH, { refreshToken });
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

const { signIn } = await ask(() => client.mutation(SIGN_IN, { handle, password }));
session = signIn;

const { movies } = await ask(() => client.query(FILMS, {}));
const [film] = movies.nodes;

// One id for each intent, made before the first attempt.
const intent = { movieId: film.id, operationId: uuidv7() };
const { likeMovie } = await ask(() => client.mutation(LIKE, intent));

switch (likeMovie.__typename) {
  case 'ReactionSaved':
    console.log(`${signIn.viewer.displayName} likes ${film.title}.`);
    break;
  case 'NotFound':
    console.log(`Somebody has deleted it: ${likeMovie.message}`);
    break;
}
