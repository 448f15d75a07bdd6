import { DEFAULT_LIMITS } from '../src/limits/limits.ts';
import { startFakeGraph, type FakeGraph } from './fake-graph.ts';

const nested = (depth: number): string =>
  depth === 0
    ? 'id'
    : `credits { nodes { person { filmography { nodes { movie { ${nested(depth - 1)} } } } } } }`;
const repeated = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('limits of an operation', () => {
  let graph: FakeGraph;
  beforeAll(async () => {
    graph = await startFakeGraph();
  });
  afterAll(() => graph.close());

  const refused = async (query: string, variables?: unknown) => {
    const { status, body } = await graph.query(query, { variables });
    expect({ status, data: body.data }).toEqual({ status: 400, data: undefined });
    return body.errors[0];
  };

  it('bound the tokens', async () => {
    const error = await refused(`{ ${repeated(DEFAULT_LIMITS.tokensMax, () => 'me')} }`);
    expect(error.extensions.code).toBe('GRAPHQL_PARSE_FAILED');
  });

  it('bound the depth, fragments included', async () => {
    const error = await refused(
      `query { movie(id: "tt1") { ...Deep } } fragment Deep on Movie { ${nested(3)} }`,
    );
    expect(error).toMatchObject({
      message: 'The operation has 20 levels of fields; at most 15 are allowed.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit: 15, actual: 20 },
    });
  });

  it('bound the aliases, wherever a fragment is spread', async () => {
    const error = await refused(`
      query { movie(id: "a") { ...Ten } b: movie(id: "b") { ...Ten } c: movie(id: "c") { ...Ten }
              d: movie(id: "d") { ...Ten } e: movie(id: "e") { ...Ten } }
      fragment Ten on Movie { ${repeated(10, (index) => `t${index}: title`)} }`);
    expect(error.message).toBe('The operation has 54 aliases; at most 50 are allowed.');
  });

  it('bound the root fields', async () => {
    const error = await refused(
      `{ ${repeated(21, (index) => `m${index}: movie(id: "a") { id }`)} }`,
    );
    expect(error.message).toBe('The operation has 21 root fields; at most 20 are allowed.');
  });

  it('bound what lists within lists may bring, by `first` as written or as a variable', async () => {
    const query = `query ($first: Int = 100) {
      movies(first: 100) { nodes { credits(first: $first) { nodes { job person { id name } } } } } }`;
    for (const variables of [undefined, { first: 100 }, { first: 1_000_000 }]) {
      const error = await refused(query, variables);
      expect(error.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', limit: 30_000 });
      expect(error.message).toContain('`first`');
    }
    const { body } = await graph.query(query, { variables: { first: 10 } });
    expect(body.errors).toBeUndefined();
    expect(body.data.movies.nodes).toHaveLength(20);
  });

  it('end in time for fragments that would unfold to millions', async () => {
    const fragments = repeated(
      24,
      (index) =>
        `fragment F${index} on Movie { ${index < 23 ? `...F${index + 1} ...F${index + 1}` : 'a: title'} }`,
    );
    const error = await refused(`{ movie(id: "tt1") { ...F0 } } ${fragments}`);
    expect(error.message).toContain('aliases');
  });

  it('refuse fragments in a circle', async () => {
    const error = await refused(
      `{ movie(id: "tt1") { ...A } } fragment A on Movie { ...B } fragment B on Movie { ...A }`,
    );
    expect(error.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('leave room for introspection, as GraphiQL does it', async () => {
    const ofType = repeated(9, () => 'ofType { kind name') + ' }'.repeat(9);
    const { body } = await graph.query(
      `{ __schema { types { name fields(includeDeprecated: true) { name args { name type { kind name ${ofType} } } } } } }`,
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.__schema.types.length).toBeGreaterThan(50);
  });
});

describe('an alias', () => {
  let graph: FakeGraph;
  beforeAll(async () => {
    graph = await startFakeGraph();
  });
  afterAll(() => graph.close());

  it.each([
    ['another field', `{ movie(id: "tt1") { id: title likeCount } }`, '`id: title`'],
    [
      'a field in a fragment',
      `{ movie(id: "tt1") { ...F } } fragment F on Movie { id: title }`,
      '`id: title`',
    ],
    [
      'a field of a member of a union',
      `mutation { likeMovie(movieId: "tt1") { ... on ReactionSaved { movie { id: year } } } }`,
      '`id: year`',
    ],
    [
      'the type’s name',
      `{ movie(id: "tt1") { __typename: title likeCount } }`,
      '`__typename: title`',
    ],
  ])('that puts %s in the place of a key is refused', async (_what, query, named) => {
    const { status, body } = await graph.query(query);
    expect(status).toBe(400);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining(named),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(graph.subgraphs.interactions.requests).toHaveLength(0);
  });

  it('of any other kind is fine, the key’s own included', async () => {
    const { body } = await graph.query(
      `{ film: movie(id: "tt1") { key: id id: id name: title likes: likeCount } }`,
    );
    expect(body).toEqual({
      data: { film: { key: 'tt1', id: 'tt1', name: 'Film 1', likes: 3 } },
    });
  });

  it('and a variable may not take the gateway’s own names', async () => {
    const { status } = await graph.query(
      `query ($representations: ID!) { movie(id: $representations) { likeCount } }`,
      { variables: { representations: 'tt1' } },
    );
    expect(status).toBe(400);
  });
});

describe('introspection', () => {
  it('can be switched off, suggestions with it', async () => {
    const graph = await startFakeGraph((config) => ({ ...config, introspection: false }));
    const { status } = await graph.query(`{ __schema { types { name } } }`);
    expect(status).toBe(400);
    const { body } = await graph.query(`{ movie(id: "tt1") { titel } }`);
    expect(body.errors[0].message).not.toContain('title');
    await graph.close();
  });
});
