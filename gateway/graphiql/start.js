/* global document, location, URLSearchParams, React, ReactDOM, GraphiQL */

// The gallery is chosen from above the editor. The first time that somebody is here some of it opens in
// tabs; afterwards GraphiQL keeps the tabs itself. It does not keep headers: a token is gone when the page
// is closed.
const FIRST_TABS = ['popular-films', 'search-films', 'sign-in', 'like-a-film'];

const GROUPS = [
  { signedInAs: 'nobody', label: 'For everybody' },
  { signedInAs: 'user', label: 'Signed in' },
  { signedInAs: 'admin', label: 'Admins' },
];

const element = React.createElement;

const Gallery = ({ examples, chosen }) =>
  element(
    'nav',
    { className: 'gallery' },
    element('label', { htmlFor: 'example' }, 'Examples'),
    element(
      'select',
      {
        id: 'example',
        value: chosen?.name ?? '',
        onChange: ({ target }) => {
          location.search = `?example=${encodeURIComponent(target.value)}`;
        },
      },
      element('option', { value: '', disabled: true }, 'Choose one …'),
      GROUPS.map(({ signedInAs, label }) =>
        element(
          'optgroup',
          { key: signedInAs, label },
          examples
            .filter((example) => example.signedInAs === signedInAs)
            .map(({ name }) =>
              element('option', { key: name, value: name }, name.replaceAll('-', ' ')),
            ),
        ),
      ),
    ),
    element('p', null, chosen ? about(chosen) : 'Ctrl-Enter runs the tab that is open.'),
  );

const about = ({ about: purpose, signedInAs }) =>
  signedInAs === 'nobody'
    ? purpose
    : `${purpose} Needs a token: run “sign in”, then set {"authorization": "Bearer TOKEN"} under Headers.`;

const show = (examples) => {
  const name = new URLSearchParams(location.search).get('example');
  const chosen = examples.find((example) => example.name === name);
  const tabs = FIRST_TABS.map((tab) => examples.find((example) => example.name === tab));
  const graphiql = {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultTabs: [...(chosen ? [chosen] : []), ...tabs.filter((tab) => tab !== chosen)].map(
      ({ query }) => ({ query }),
    ),
    defaultEditorToolsVisibility: 'headers',
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  };
  if (chosen) graphiql.query = chosen.query;
  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    element(
      React.Fragment,
      null,
      element(Gallery, { examples, chosen }),
      element('div', { className: 'editor' }, element(GraphiQL, graphiql)),
    ),
  );
};

fetch('/graphiql/examples.json')
  .then((answer) => answer.json())
  .then(show);
