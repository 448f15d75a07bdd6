// Plain fetch: sign in, read a page, like a film exactly once. Sessions that run out are refreshed, and
// what may have been lost on the way is sent again.
//
//   node docs/recipes/fetch.mjs http://127.0.0.1:4000/graphql alice marquee-demo

import { v7 as uuidv7 } from 'uuid';

const [url, handle, password] = process.argv.slice(2);

/** @type {{ token: string, refreshToken: string } | undefined} */
let session;

const post = async (query, variables) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(session && { authorization: `Bearer ${session.token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
};

const refresh = async () => {
  const { refreshToken } = session;
  session = undefined;
  const { data } = await post(
    'mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { token refreshToken } }',
    { refreshToken },
  );
  session = data?.refreshSession ?? undefined;
  return session !== undefined;
};

/** What may be gone at the next attempt; the first is ours, for a connection that broke. */
const PASSING = ['CONNECTION_LOST', 'WRITE_OUTCOME_UNKNOWN', 'SHARD_UNAVAILABLE', 'OVERLOADED'];

const lost = ({ message }) => ({
  errors: [{ message, extensions: { code: 'CONNECTION_LOST' } }],
});

/** The data of an answer. Errors come with stable codes: this is the place to handle them all. */
const ask = async (query, variables, attempts = 3) => {
  const { data, errors = [] } = await post(query, variables).catch(lost);
  const [error] = errors;
  if (error === undefined) return data;
  const { code } = error.extensions;
  const mayWorkNow =
    // The same operation id goes along, so that a write whose outcome is unknown still counts once.
    PASSING.includes(code) || (code === 'UNAUTHENTICATED' && session && (await refresh()));
  if (attempts > 1 && mayWorkNow) return ask(query, variables, attempts - 1);
  throw new Error(`${code}: ${error.message}`);
};

const { signIn } = await ask(
  `mutation ($handle: String!, $password: String!) {
    signIn(handle: $handle, password: $password) { token refreshToken viewer { displayName } }
  }`,
  { handle, password },
);
session = signIn;

const { movies } = await ask('{ movies(first: 3) { nodes { id title likeCount } } }');
const [film] = movies.nodes;

// One id for each intent, made before the first attempt.
const { likeMovie } = await ask(
  `mutation ($movieId: ID!, $operationId: ID) {
    likeMovie(movieId: $movieId, operationId: $operationId) {
      __typename
      ... on ReactionSaved { reaction movie { title likeCount } }
      ... on NotFound { message }
    }
  }`,
  { movieId: film.id, operationId: uuidv7() },
);

switch (likeMovie.__typename) {
  case 'ReactionSaved':
    console.log(`${signIn.viewer.displayName} likes ${film.title}.`);
    break;
  case 'NotFound':
    console.log(`Somebody has deleted it: ${likeMovie.message}`);
    break;
}
