/* global document, React, ReactDOM, GraphiQL */

// Each example opens in a tab of its own the first time that somebody is here; afterwards GraphiQL
// keeps the tabs itself. It does not keep headers: a token is gone when the page is closed.
const EXAMPLES = [
  `# Welcome to Marquee. Run this with Ctrl-Enter: films with their cast and their likes,
# put together from several clusters.
query PopularFilms {
  movies(first: 20) {
    nodes {
      id
      title
      year
      likeCount
      dislikeCount
      credits(kind: CAST, first: 3) {
        nodes {
          character
          person {
            id
            name
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  `# Search as you type: each word is taken as the beginning of a word.
query SearchFilms {
  movies(query: "matr", first: 5) {
    nodes {
      id
      title
      genres
    }
    totalCount
  }
  people(query: "kea", first: 5) {
    nodes {
      id
      name
      knownFor {
        title
      }
    }
  }
}
`,
  `# Run this, copy the token of the answer, and set it in the editor "Headers" below,
# in each tab that should run as this person:
#
#   { "authorization": "Bearer THE-TOKEN" }
#
# The logins are in the table that \`npm start\` ends with.
mutation SignIn($handle: String!, $password: String!) {
  signIn(handle: $handle, password: $password) {
    token
    expiresAt
    viewer {
      id
      role
    }
  }
}
`,
  `# Needs a token in "Headers"; an admin may add "x-marquee-routing": "1" to see
# which cluster answered for which key.
mutation LikeAFilm {
  likeMovie(movieId: "tt0133093") {
    __typename
    ... on ReactionSaved {
      reaction
      movie {
        title
        likeCount
      }
    }
    ... on NotFound {
      message
    }
  }
}
`,
];

const VARIABLES = [undefined, undefined, '{\n  "handle": "",\n  "password": ""\n}\n', undefined];

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultTabs: EXAMPLES.map((query, index) => ({ query, variables: VARIABLES[index] })),
    defaultEditorToolsVisibility: 'headers',
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
