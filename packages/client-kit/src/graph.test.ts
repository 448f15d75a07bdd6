import { createGraph, type TypedDocument } from './graph.ts';
import type { Session, SessionStore } from './session.ts';

const QUERY: TypedDocument<{ movie: { title: string } | null }, { id: string }> = {
  toString: () => 'query Movie($id: ID!) { movie(id: $id) { title } }',
};
const MUTATION: TypedDocument<{ done: boolean | null }, { operationId: string }> = {
  toString: () => 'mutation M($operationId: ID!) { done(operationId: $operationId) }',
};

const session: Session = {
  token: 'secret',
  expiresAt: '2030-01-01T00:00:00Z',
  viewer: { id: 'ada', displayName: 'Ada', role: 'USER' },
};

type Reply = (init: RequestInit) => Promise<Response>;

const json = (body: unknown, status = 200): Reply => {
  return async () => new Response(JSON.stringify(body), { status });
};

const setUp = (replies: Reply[], signedIn = true) => {
  const sent: RequestInit[] = [];
  const refused: string[] = [];
  const sessions = {
    current: () => (signedIn ? session : undefined),
    refuse: (token: string) => refused.push(token),
  } as unknown as SessionStore;
  const fetch = (async (_url: string, init: RequestInit) => {
    sent.push(init);
    const reply = replies[Math.min(sent.length, replies.length) - 1];
    if (!reply) throw new Error('The test has no reply.');
    return reply(init);
  }) as unknown as typeof globalThis.fetch;
  const bodies = () => sent.map(({ body }) => JSON.parse(body as string) as unknown);
  const headers = () => sent.map((init) => new Headers(init.headers));
  return { graph: createGraph({ url: '/graphql', fetch, sessions }), bodies, headers, refused };
};

const offline: Reply = async () => {
  throw new TypeError('Failed to fetch');
};

describe('asking the graph', () => {
  it('sends the document, its variables and the token', async () => {
    const { graph, bodies, headers } = setUp([json({ data: { movie: null } })]);
    expect(await graph.request(QUERY, { id: 'tt1' })).toEqual({
      data: { movie: null },
      problems: [],
    });
    expect(bodies()).toEqual([{ query: QUERY.toString(), variables: { id: 'tt1' } }]);
    expect(headers()[0]?.get('authorization')).toBe('Bearer secret');
  });

  it('sends no token where nobody is signed in, nor where none is wanted', async () => {
    const signedOut = setUp([json({ data: {} })], false);
    await signedOut.graph.request(QUERY, { id: 'tt1' });
    expect(signedOut.headers()[0]?.has('authorization')).toBe(false);
    const anonymous = setUp([json({ data: {} })]);
    await anonymous.graph.request(QUERY, { id: 'tt1' }, { anonymous: true });
    expect(anonymous.headers()[0]?.has('authorization')).toBe(false);
  });

  it('keeps the data that is there beside the problems that made holes in it', async () => {
    const errors = [
      {
        message: 'internal talk',
        path: ['movie', 'credits', 0],
        extensions: { code: 'SHARD_UNAVAILABLE' },
      },
      { message: 'x', extensions: { code: 'BAD_USER_INPUT', argument: 'first' } },
      { message: 'x', extensions: { code: 'SOMETHING_NEW' } },
    ];
    const { graph } = setUp([json({ data: { movie: { title: 'Heat' } }, errors })]);
    expect(await graph.request(QUERY, { id: 'tt1' })).toEqual({
      data: { movie: { title: 'Heat' } },
      problems: [
        { code: 'SHARD_UNAVAILABLE', path: 'movie.credits.0' },
        { code: 'BAD_USER_INPUT', path: '', argument: 'first' },
        { code: 'INTERNAL', path: '' },
      ],
    });
  });

  it('reads the errors of an answer whatever its HTTP status is', async () => {
    const body = { errors: [{ message: 'x', extensions: { code: 'RATE_LIMITED' } }] };
    const { graph } = setUp([json(body, 429)]);
    const { problems } = await graph.request(QUERY, { id: 'tt1' });
    expect(problems).toEqual([{ code: 'RATE_LIMITED', path: '' }]);
  });

  it.each([
    ['no network', offline],
    ['a page that is not JSON', async () => new Response('<html>Bad gateway</html>')],
    ['JSON that is not GraphQL', json({ status: 'starting' })],
  ] as const)('calls the graph unreachable for %s', async (_name, reply) => {
    const { graph } = setUp([reply]);
    expect(await graph.request(QUERY, { id: 'tt1' })).toEqual({
      data: null,
      problems: [{ code: 'UNREACHABLE', path: '' }],
    });
  });

  it('rejects for an aborted request, so that a stale answer is never taken for an answer', async () => {
    const controller = new AbortController();
    const { graph } = setUp([
      async ({ signal }) => {
        controller.abort();
        signal?.throwIfAborted();
        throw new Error('The signal was not handed on.');
      },
    ]);
    const answer = graph.request(QUERY, { id: 'tt1' }, { signal: controller.signal });
    await expect(answer).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('ends the session whose token the graph refuses, and only then', async () => {
    const unauthenticated = json({
      errors: [{ message: 'x', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    const signedIn = setUp([unauthenticated]);
    await signedIn.graph.request(QUERY, { id: 'tt1' });
    expect(signedIn.refused).toEqual(['secret']);
    const anonymous = setUp([unauthenticated]);
    await anonymous.graph.request(QUERY, { id: 'tt1' }, { anonymous: true });
    expect(anonymous.refused).toEqual([]);
  });
});

describe('changing the graph', () => {
  const variables = { operationId: '0190e2a4-0000-7000-8000-000000000000' };
  const unknown = json({
    data: { done: null },
    errors: [{ message: 'x', extensions: { code: 'WRITE_OUTCOME_UNKNOWN' } }],
  });

  it.each([
    ['lost', offline],
    ['unknown', unknown],
  ])('sends it once more under the same id when the outcome is %s', async (_name, first) => {
    const { graph, bodies } = setUp([first, json({ data: { done: true } })]);
    expect(await graph.mutate(MUTATION, variables)).toEqual({ data: { done: true }, problems: [] });
    expect(bodies().map((body) => (body as { variables: unknown }).variables)).toEqual([
      variables,
      variables,
    ]);
  });

  it('gives up after one more attempt', async () => {
    const { graph, bodies } = setUp([offline]);
    const { problems } = await graph.mutate(MUTATION, variables);
    expect(problems).toEqual([{ code: 'UNREACHABLE', path: '' }]);
    expect(bodies()).toHaveLength(2);
  });

  it('does not repeat what was refused', async () => {
    const { graph, bodies } = setUp([
      json({ data: null, errors: [{ message: 'x', extensions: { code: 'FORBIDDEN' } }] }),
    ]);
    await graph.mutate(MUTATION, variables);
    expect(bodies()).toHaveLength(1);
  });
});
