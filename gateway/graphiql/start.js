/* global document, React, ReactDOM, GraphiQL */

// Each example opens in a tab of its own the first time that somebody is here; afterwards GraphiQL
// keeps the tabs itself. It does not keep headers: a token is gone when the page is closed.
const EXAMPLES = [
  `# Welcome to Marquee. Ctrl-Enter runs this: films
# with their cast and their likes, joined from
# several clusters.
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
  `# Each word is taken as the beginning of a word.
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
  `# Fill in the variables below; the logins are in the
# table that \`npm start\` ends with. Then set the
# token of the answer under "Headers", in each tab
# that should run as this person:
#
#   { "authorization": "Bearer THE-TOKEN" }
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
  `# Needs a token under "Headers". With an admin's and
# "x-marquee-routing": "1", the answer says which
# cluster served which key.
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
