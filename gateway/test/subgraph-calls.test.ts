import { startFakeGraph, type FakeGraph } from './fake-graph.ts';
import type { Interceptor } from './fake-subgraph.ts';

const PAGE = `{ movies(first: 3) { nodes { title likeCount dislikeCount } } }`;
const LIKE = `mutation { likeMovie(movieId: "tt1") { ... on ReactionSaved { reaction } } }`;

const reset: Interceptor = (_request, response) => {
  response.socket?.destroy();
  return true;
};
const once = (interceptor: Interceptor): Interceptor => {
  let done = false;
  return (request, response) => {
    if (done) return false;
    done = true;
    return interceptor(request, response);
  };
};
const answer =
  (status: number, body: string): Interceptor =>
  (_request, response) => {
    response.statusCode = status;
    response.end(body);
    return true;
  };

describe('calls to subgraphs', () => {
  let graph: FakeGraph;
  beforeEach(async () => {
    graph = await startFakeGraph((config) => ({
      ...config,
      subgraphLimits: { ...config.subgraphLimits, queryTimeoutMs: 300, mutationTimeoutMs: 300 },
    }));
  });
  afterEach(() => graph.close());

  it('reuse a connection, and open no more than their bound at once', async () => {
    for (let round = 0; round < 10; round += 1) await graph.query(PAGE);
    expect(graph.subgraphs.movies.connectionCount).toBe(1);
    await Promise.all(Array.from({ length: 30 }, () => graph.query(PAGE)));
    expect(graph.subgraphs.movies.connectionCount).toBeLessThanOrEqual(4);
    expect(graph.subgraphs.movies.requests).toHaveLength(40);
  });

  it('ask for all entities of a page in one request', async () => {
    await graph.query(PAGE);
    expect(graph.subgraphs.interactions.requests).toHaveLength(1);
  });

  it('tell each subgraph how long a query may still read, less each time, and a mutation nothing', async () => {
    await graph.query(PAGE);
    await graph.query(LIKE);
    const budgetsOf = (name: 'movies' | 'interactions') =>
      graph.subgraphs[name].requests.map(({ headers }) => headers['x-marquee-read-budget-ms']);
    const [first] = budgetsOf('movies');
    const [second, write] = budgetsOf('interactions');
    expect(Number(first)).toBeGreaterThan(0);
    expect(Number(second)).toBeGreaterThan(0);
    expect(Number(second)).toBeLessThanOrEqual(Number(first));
    expect(Number(first) + Number(second)).toBeLessThan(2 * 1_800);
    expect(write).toBeUndefined();
  });

  it('give up on a subgraph that hangs, with the paths it leaves empty, and answer the rest', async () => {
    graph.subgraphs.interactions.intercept = () => true;
    const { status, body } = await graph.query(PAGE);
    expect(status).toBe(200);
    expect(body.data.movies.nodes[0]).toEqual({
      title: 'Film 0',
      likeCount: null,
      dislikeCount: null,
    });
    expect(body.errors).toHaveLength(6);
    expect(body.errors[0]).toEqual({
      message: expect.any(String),
      path: ['movies', 'nodes', 0, 'likeCount'],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
    });
    expect(body.errors[5].path).toEqual(['movies', 'nodes', 2, 'dislikeCount']);
  });

  it('name the path of a root field under its alias when nothing listens', async () => {
    await graph.subgraphs.movies.stop();
    const { body } = await graph.query(`{ film: movie(id: "tt1") { title } me { id } }`);
    expect(body.data).toEqual({ film: null, me: null });
    expect(body.errors).toEqual([
      {
        message: expect.any(String),
        path: ['film'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|"movies"/);
  });

  it('send a query again when its connection is lost, once', async () => {
    graph.subgraphs.movies.intercept = once(reset);
    const { body } = await graph.query(`{ movie(id: "tt1") { title } }`);
    expect(body).toEqual({ data: { movie: { title: 'Film 1' } } });
    expect(graph.subgraphs.movies.requests).toHaveLength(2);

    graph.subgraphs.movies.intercept = reset;
    const second = await graph.query(`{ movie(id: "tt1") { title } }`);
    expect(second.body.errors[0].extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
    expect(graph.subgraphs.movies.requests).toHaveLength(4);
  });

  it('never send a mutation again: its outcome is unknown', async () => {
    graph.subgraphs.interactions.intercept = reset;
    const { body } = await graph.query(LIKE);
    expect(body.errors[0]).toMatchObject({
      path: ['likeMovie'],
      extensions: { code: 'WRITE_OUTCOME_UNKNOWN', retryable: true },
    });
    expect(graph.subgraphs.interactions.requests).toHaveLength(1);

    graph.subgraphs.interactions.intercept = () => true;
    const hung = await graph.query(LIKE);
    expect(hung.body.errors[0].extensions.code).toBe('WRITE_OUTCOME_UNKNOWN');
  });

  it('know that a mutation that was never sent did nothing', async () => {
    await graph.subgraphs.interactions.stop();
    const { body } = await graph.query(LIKE);
    expect(body.errors[0].extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
  });

  it.each([
    [503, '{"type":"urn:x","code":"NOT_READY"}', 'SUBGRAPH_UNAVAILABLE'],
    [502, '<html>Bad gateway</html>', 'SUBGRAPH_UNAVAILABLE'],
    [401, '{"code":"UNAUTHENTICATED","detail":"service token"}', 'INTERNAL'],
    [200, 'not JSON', 'INTERNAL'],
    [
      200,
      '{"data":null,"errors":[{"message":"x","extensions":{"code":"OVERLOADED"}}]}',
      'OVERLOADED',
    ],
  ])('take status %i with %s for %s, with its path', async (status, text, code) => {
    graph.subgraphs.movies.intercept = answer(status, text);
    const { body } = await graph.query(`{ movie(id: "tt1") { title } }`);
    expect(body.data).toEqual({ movie: null });
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0]).toMatchObject({ path: ['movie'], extensions: { code } });
    expect(JSON.stringify(body)).not.toContain('service token');
  });
});

describe('drain', () => {
  it('finishes the requests under way', async () => {
    const graph = await startFakeGraph();
    let release: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      graph.subgraphs.movies.intercept = (_request, response) => {
        release = () => response.end('{"data":{"movie":{"title":"late"}}}');
        resolve();
        return true;
      };
    });
    const answered = graph.query(`{ movie(id: "tt1") { title } }`);
    await arrived;
    const closed = graph.close();
    release();
    await expect(answered).resolves.toMatchObject({ body: { data: { movie: { title: 'late' } } } });
    await closed;
  });
});
