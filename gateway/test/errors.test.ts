import { startFakeGraph, type FakeGraph, type GraphAnswer } from './fake-graph.ts';

describe('errors that leave the gateway', () => {
  let graph: FakeGraph;
  beforeAll(async () => {
    graph = await startFakeGraph();
  });
  afterAll(() => graph.close());

  const post = async (body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${graph.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, body: (await response.json()) as GraphAnswer['body'] };
  };

  it('keep code and facts of a subgraph, and neither its words nor its addresses', async () => {
    const { body } = await graph.query(`{ movies(first: 5) { nodes { id likeCount } } }`);
    expect(body.data.movies.nodes[3]).toEqual({ id: 'tt3', likeCount: null });
    expect(body.data.movies.nodes[4]).toEqual({ id: 'tt4', likeCount: 3 });
    expect(body.errors).toEqual([
      {
        message: 'No cluster of the shard that holds the data can be reached.',
        path: ['movies', 'nodes', 3, 'likeCount'],
        extensions: { code: 'SHARD_UNAVAILABLE', retryable: true, shard: 'b' },
      },
    ]);
  });

  it('say what is wrong with an argument in the subgraph’s words', async () => {
    const { status, body } = await graph.query(`{ movies(first: 101) { nodes { id } } }`);
    expect(status).toBe(200);
    expect(body.errors[0]).toMatchObject({
      message: '`first`: expected 1 to 100',
      extensions: { code: 'BAD_USER_INPUT', retryable: false, argument: 'first' },
    });
    expect(JSON.stringify(body)).not.toContain('127.0.0.1');
  });

  it('say nothing of what nobody foresaw, but the id under which the log has it', async () => {
    const { body } = await graph.query(`{ user(id: "x") { id } }`);
    expect(body.errors[0]).toEqual({
      message: expect.stringContaining('bug'),
      path: ['user'],
      extensions: { code: 'INTERNAL', retryable: false, requestId: expect.any(String) },
    });
  });

  it('tell a variable of the wrong type by its own name and that of its argument', async () => {
    const { status, body } = await graph.query(
      `query ($howMany: Int!) { movies(first: $howMany) { nodes { id } } }`,
      { variables: { howMany: 'many' } },
    );
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toEqual({
      code: 'BAD_USER_INPUT',
      retryable: false,
      argument: 'first',
      variable: 'howMany',
    });
    const nested = await graph.query(
      `mutation ($change: UpdateMovieInput!) { updateMovie(id: "tt1", input: $change) { __typename } }`,
      { variables: { change: { credits: [{ kind: 7, personId: 'p1' }] } } },
    );
    expect(nested.body.errors[0].extensions.argument).toBe('input.credits.0.kind');
    const missing = await graph.query(`query ($id: ID!) { movie(id: $id) { id } }`);
    expect(missing.status).toBe(400);
    expect(missing.body.errors[0].extensions.argument).toBe('id');
  });

  it.each([
    ['{ movie(id: "x") {', 400, 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['{ movie { id } }', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['', 400, 'BAD_USER_INPUT'],
  ])('answer %j with %i %s', async (query, status, code) => {
    const result = await graph.query(query);
    expect(result.status).toBe(status);
    expect(result.body.errors[0].extensions.code).toBe(code);
    expect(result.body.errors[0].extensions.stacktrace).toBeUndefined();
  });

  it.each([
    ['no JSON', '{', 400, 'BAD_USER_INPUT'],
    ['an array of requests', '[{"query":"{ me { id } }"}]', 400, 'BAD_USER_INPUT'],
    [
      'variables that are no object',
      '{"query":"{ me { id } }","variables":[1]}',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'an unknown operation name',
      '{"query":"query A { me { id } }","operationName":"B"}',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a body of two megabytes',
      JSON.stringify({ query: '#'.repeat(2_000_000) }),
      413,
      'DOCUMENT_TOO_LARGE',
    ],
  ])('refuse %s in GraphQL’s form', async (_what, text, status, code) => {
    const result = await post(text);
    expect(result.status).toBe(status);
    expect(result.body.errors[0].extensions.code).toBe(code);
  });

  it('refuse what a form on another site could send', async () => {
    const simple = await post('{"query":"{ me { id } }"}', { 'content-type': 'text/plain' });
    expect(simple.status).toBe(400);
    const response = await fetch(`${graph.origin}/graphql?query={me{id}}`);
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain('BAD_USER_INPUT');
  });

  it('answer a reference to what is gone with null and no error', async () => {
    const { body } = await graph.query(`{ interactions { nodes { id movie { title } } } }`);
    expect(body).toEqual({
      data: { interactions: { nodes: [{ id: 'gone:ada', movie: null }] } },
    });
  });

  it('do not keep from whoever wrote that it is saved, though the film is gone', async () => {
    const { body } = await graph.query(
      `mutation { likeMovie(movieId: "gone") { __typename ... on ReactionSaved { reaction movie { title } } } }`,
    );
    expect(body).toEqual({
      data: { likeMovie: { __typename: 'ReactionSaved', reaction: 'LIKE', movie: null } },
    });
  });

  it('leave what can be read of a list beside what is gone from it', async () => {
    const { body } = await graph.query(`{ movie(id: "tt1") { alsoLiked { title } } }`);
    expect(body).toEqual({
      data: { movie: { alsoLiked: [{ title: 'Film 2' }, null, { title: 'Film 4' }] } },
    });
  });

  it('do not hide that a null had to travel up', async () => {
    // What no subgraph of ours answers: null where its own schema promises a value.
    graph.subgraphs.movies.intercept = (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { movies: { nodes: [{ title: null }] } } }));
      return true;
    };
    const { body } = await graph.query(`{ movies { nodes { title } } }`);
    graph.subgraphs.movies.intercept = undefined;
    expect(body.data).toEqual({ movies: null });
    expect(body.errors).toEqual([
      {
        message: expect.any(String),
        path: ['movies'],
        extensions: { code: 'INTERNAL', retryable: false, requestId: expect.any(String) },
      },
    ]);
    expect(body.extensions).toBeUndefined();
  });

  it('answer null and no error for an unknown key', async () => {
    const { body } = await graph.query(`{ movie(id: "unknown") { title likeCount } }`);
    expect(body).toEqual({ data: { movie: null } });
  });

  it('do not reveal the query plan', async () => {
    const { body } = await graph.query(`{ movie(id: "tt1") { title } }`, {
      headers: { 'apollo-query-plan-experimental': '1' },
    });
    expect(body.extensions).toBeUndefined();
  });
});
