import { createKeyPair, createUserTokenSigner, USER_TOKEN_TTL_SECONDS } from '@marquee/identity';
import { startFakeGraph, type FakeGraph } from './fake-graph.ts';

const FILM = `{ movie(id: "tt1") { title } }`;
const TRACE = { collection: 'movies', key: 'tt1', slot: 7, shard: 'a', cluster: 'replica-a' };

describe('the viewer', () => {
  let graph: FakeGraph;
  beforeEach(async () => {
    graph = await startFakeGraph();
  });
  afterEach(() => graph.close());

  const lastRequest = () => graph.subgraphs.movies.requests.at(-1)!;

  it('is nobody without a token; subgraphs still learn which service calls', async () => {
    await graph.query(FILM);
    await expect(graph.identityOf(lastRequest())).resolves.toEqual({
      viewer: null,
      service: 'gateway',
    });
  });

  it('is handed on signed, and the token of the person is not', async () => {
    const headers = await graph.signedIn('ada', 'USER');
    await graph.query(FILM, { headers });
    const { viewer } = await graph.identityOf(lastRequest());
    expect(viewer).toMatchObject({ handle: 'ada', role: 'USER' });
    expect(JSON.stringify(lastRequest().headers)).not.toContain(headers.authorization);
  });

  it('is handed on with what may have ended the token, for the store to say', async () => {
    const viewer = { tokenGeneration: 2, sessionId: 'abcdefghijkl' };
    const headers = await graph.signedIn('ada', 'USER', viewer);
    await graph.query(FILM, { headers });
    const identity = await graph.identityOf(lastRequest());
    expect(identity.viewer).toMatchObject({ handle: 'ada', ...viewer });
  });

  it('is signed once for many requests, and anew before it runs out', async () => {
    const headers = await graph.signedIn('ada', 'USER');
    const handedOn = async () => {
      await graph.query(FILM, { headers });
      return lastRequest().headers['x-marquee-viewer'];
    };
    const first = await handedOn();
    graph.advance(30_000);
    expect(await handedOn()).toBe(first);
    graph.advance(60_000);
    expect(await handedOn()).not.toBe(first);
    await expect(graph.identityOf(lastRequest())).resolves.toMatchObject({
      viewer: { handle: 'ada' },
    });
  });

  it('cannot be claimed by a header of the client', async () => {
    await graph.query(FILM, { headers: { 'x-marquee-viewer': 'forged' } });
    expect(lastRequest().headers['x-marquee-viewer']).toBeUndefined();
  });

  it('is refused, not forgotten, with a token that is wrong or has run out', async () => {
    const stranger = createUserTokenSigner((await createKeyPair()).privateKey);
    const { token } = await stranger.sign({ handle: 'eve', role: 'ADMIN' }, Date.now());
    const outOfDate = await graph.signedIn('ada', 'USER');
    expect((await graph.query(FILM, { headers: outOfDate })).status).toBe(200);
    graph.advance((USER_TOKEN_TTL_SECONDS + 10) * 1000);

    const served = graph.subgraphs.movies.requests.length;
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: 'Bearer nonsense' },
      { authorization: 'Basic YWRhOmFkYQ==' },
      outOfDate,
    ]) {
      const { status, body, headers: answered } = await graph.query(FILM, { headers });
      expect(status).toBe(401);
      expect(answered.get('www-authenticate')).toBe('Bearer');
      expect(body.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', retryable: false });
      expect(body.data).toBeUndefined();
    }
    expect(graph.subgraphs.movies.requests).toHaveLength(served);
  });
});

describe('signing in and out from one address', () => {
  let graph: FakeGraph;
  beforeEach(async () => {
    graph = await startFakeGraph((config) => ({
      ...config,
      openMutationsLimits: { burstMax: 4, perMinute: 1 },
      trustedProxies: ['127.0.0.1'],
    }));
  });
  afterEach(() => graph.close());

  const OUT = 'mutation { signOut(refreshToken: "x") }';
  const THREE = `mutation { a: signOut(refreshToken: "x") ...More }
    fragment More on Mutation { b: signOut(refreshToken: "y") ... { signOut(refreshToken: "z") } }`;
  const from = (address: string, query: string) =>
    graph.query(query, { headers: { 'x-forwarded-for': address } });

  it('is limited, each field of a request counted, and everything else goes on', async () => {
    expect((await from('192.0.2.1', THREE)).body.errors).toBeUndefined();
    const { status, body, headers } = await from('192.0.2.1', THREE);
    expect(status).toBe(429);
    expect(body.data).toBeUndefined();
    const { retryAfterSeconds, ...others } = body.errors[0].extensions;
    expect(others).toEqual({ code: 'RATE_LIMITED', retryable: true });
    expect(headers.get('retry-after')).toBe(String(retryAfterSeconds));
    expect((await from('192.0.2.1', FILM)).status).toBe(200);
    expect((await from('192.0.2.2', THREE)).status).toBe(200);
    graph.advance(retryAfterSeconds * 1_000);
    expect((await from('192.0.2.1', THREE)).status).toBe(200);
  });

  it('believes nobody who is no trusted proxy about the address', async () => {
    const open = await startFakeGraph((config) => ({
      ...config,
      openMutationsLimits: { burstMax: 2, perMinute: 1 },
    }));
    const statuses = [];
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      const headers = { 'x-forwarded-for': address };
      statuses.push((await open.query(OUT, { headers })).status);
    }
    await open.close();
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('the routing trace', () => {
  let graph: FakeGraph;
  beforeEach(async () => {
    graph = await startFakeGraph();
    graph.subgraphs.movies.extensions = { routing: [TRACE] };
    graph.subgraphs.interactions.extensions = { routing: [{ ...TRACE, shard: 'b' }] };
  });
  afterEach(() => graph.close());

  const COUNTED = `{ movie(id: "tt1") { title likeCount } }`;
  const ask = async (role: 'USER' | 'ADMIN', header?: string) =>
    graph.query(COUNTED, {
      headers: {
        ...(await graph.signedIn('ada', role)),
        ...(header ? { 'x-marquee-routing': header } : {}),
      },
    });

  it('is asked of the subgraphs and merged for an admin who wants it', async () => {
    const { body } = await ask('ADMIN', '1');
    expect(body.extensions).toEqual({
      routing: [
        { subgraph: 'movies', ...TRACE },
        { subgraph: 'interactions', ...TRACE, shard: 'b' },
      ],
    });
    expect(graph.subgraphs.movies.requests[0]!.headers['x-marquee-routing']).toBe('1');
  });

  it('is for nobody else, and only on demand', async () => {
    const answers = [
      await ask('USER', '1'),
      await ask('ADMIN'),
      await ask('ADMIN', '0'),
      await graph.query(COUNTED, { headers: { 'x-marquee-routing': '1' } }),
    ];
    for (const { body } of answers) expect(body.extensions).toBeUndefined();
    for (const { headers } of graph.subgraphs.movies.requests) {
      expect(headers['x-marquee-routing']).toBeUndefined();
    }
  });
});
