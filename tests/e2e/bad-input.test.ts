import { anonymous, signedIn, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

describe('bad input', () => {
  let endpoints: Endpoints;
  let client: GraphClient;
  let admin: GraphClient;
  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    client = anonymous(endpoints);
    admin = await signedIn(endpoints, { role: 'ADMIN' });
  }, START_TIMEOUT_MS);

  it.each(['movie', 'person', 'user'])('of an unknown key is answered null: %s', async (field) => {
    expect(await client.ask(`{ it: ${field}(id: "no-such-key") { id } }`)).toEqual({ it: null });
  });

  it.each([
    ['movies(first: 0) { nodes { id } }', 'BAD_USER_INPUT', 'first'],
    ['movies(first: 101) { nodes { id } }', 'BAD_USER_INPUT', 'first'],
    ['people(first: -1) { nodes { id } }', 'BAD_USER_INPUT', 'first'],
    ['movies(after: "forged") { nodes { id } }', 'INVALID_CURSOR', 'after'],
    [`movies(query: "${'x'.repeat(10_000)}") { nodes { id } }`, 'BAD_USER_INPUT', 'query'],
  ])('in %.40s is refused by its argument', async (query, code, argument) => {
    const { data, errors } = await client.send(`{ ${query} }`);
    expect(Object.values(data)).toEqual([null]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      path: [query.slice(0, 6)],
      extensions: { code, argument },
    });
  });

  it('of a cursor of another list is refused', async () => {
    const { movies } = await client.ask(`{ movies(first: 1) { pageInfo { endCursor } } }`);
    const { errors } = await client.send(
      `query ($after: String) { people(first: 1, after: $after) { nodes { id } } }`,
      { after: movies.pageInfo.endCursor },
    );
    expect(errors[0]!.extensions.code).toBe('INVALID_CURSOR');
  });

  it('of a variable of the wrong type names the argument', async () => {
    const { status, errors } = await client.send(
      `query ($n: Int!) { movies(first: $n) { nodes { id } } }`,
      { n: 'many' },
    );
    expect(status).toBe(400);
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
  });

  it.each([
    ['an operation id that is no UUIDv7', { operationId: '1', input: {} }, 'operationId'],
    ['a date that is none', { input: { releaseDate: 'yesterday' } }, 'input.releaseDate'],
    ['a number that is none', { input: { year: 'last' } }, 'input.year'],
  ])('of %s is refused by its name', async (_what, { input, ...rest }, argument) => {
    const { errors } = await admin.send(
      `mutation ($input: CreateMovieInput!, $operationId: ID) {
        createMovie(input: $input, operationId: $operationId) { __typename } }`,
      { input: { title: 'x', ...input }, ...rest },
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });

  it('that is well-formed but not acceptable is an outcome, not an error', async () => {
    const { createMovie } = await admin.ask(
      `mutation { createMovie(input: { title: "  ", year: 1200 }) {
        __typename ... on ValidationFailed { problems { path } } } }`,
    );
    expect(createMovie.__typename).toBe('ValidationFailed');
    expect(createMovie.problems).toEqual(
      expect.arrayContaining([{ path: 'input.title' }, { path: 'input.year' }]),
    );
  });

  it.each(['😀', '.*', '$where', '{"$gt":""}', 'שלום', '\u0000', '   ', "'; drop"])(
    'in a search for %j is answered with a page',
    async (query) => {
      const { data, errors } = await client.send(
        `query ($query: String) { movies(query: $query, first: 5) { nodes { id } } people(query: $query, first: 5) { nodes { id } } }`,
        { query },
      );
      const codes = errors.map(({ extensions }) => extensions.code);
      expect(codes.filter((code) => code !== 'BAD_USER_INPUT')).toEqual([]);
      if (codes.length === 0) expect(data.movies.nodes.length).toBeLessThanOrEqual(5);
    },
  );

  it('never makes an internal address visible', async () => {
    const answers = await Promise.all(
      [
        '{ movie(id: "\\u0000") { id } }',
        '{ person(id: "") { id } }',
        '{ user(id: "A B") { id } }',
      ].map((query) => client.send(query)),
    );
    const text = JSON.stringify(answers);
    expect(text).not.toMatch(/127\.0\.0\.1|mongodb|ECONN|INTERNAL|node_modules/);
  });
});
