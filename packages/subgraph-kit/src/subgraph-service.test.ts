import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type TestSubgraph,
} from './testing/index.ts';
import { MarqueeError } from '@marquee/errors';
import { VIEWER_HEADER } from '@marquee/identity';
import type { SubgraphContext } from './subgraph-service.ts';

const definition = {
  name: 'test',
  typeDefs: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { fine: String broken: String known: String who: String thing(id: ID!): Thing }
    type Thing @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: {
      fine: () => 'fine',
      broken: () => {
        throw new Error('mongodb://user:secret@host/ is down');
      },
      known: () => {
        throw new MarqueeError('SHARD_UNAVAILABLE', { shard: 'a' });
      },
      who: (_: unknown, _args: unknown, { scope }: SubgraphContext<object>) =>
        scope.viewer?.handle ?? null,
      thing: async (_: unknown, { id }: { id: string }, { scope }: SubgraphContext<object>) => {
        await scope.router.findByIds('movies', [id], scope.readOptions);
        return { id };
      },
    },
  },
  createSources: () => ({}),
};

describe('a subgraph over HTTP', () => {
  let subgraph: TestSubgraph;
  beforeAll(async () => {
    subgraph = await startTestSubgraph(definition, { router: createInMemoryShardRouter() });
  });
  afterAll(() => subgraph.close());

  const post = (headers: Record<string, string>, body = '{"query":"{ fine }"}') =>
    fetch(subgraph.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it.each([{}, { authorization: 'Bearer x.y.z' }, { authorization: 'Basic eDp5' }])(
    'answers 401 without the service token: %j',
    async (headers) => {
      const response = await post(headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );

  it('knows the viewer from the token of the gateway only', async () => {
    const viewer = { handle: 'ada', role: 'USER' } as const;
    expect((await subgraph.ask('{ who }', { viewer })).data).toEqual({ who: 'ada' });
    expect((await subgraph.ask('{ who }')).data).toEqual({ who: null });
    const forged = await subgraph.ask('{ who }', { headers: { [VIEWER_HEADER]: 'ada' } });
    expect(forged.status).toBe(401);
  });

  it('says INTERNAL of what it did not expect, and no more', async () => {
    const { errors, data } = await subgraph.ask('{ fine broken }');
    expect(data).toEqual({ fine: 'fine', broken: null });
    expect(errors[0]).toMatchObject({
      path: ['broken'],
      extensions: { code: 'INTERNAL', retryable: false },
    });
    expect(errors[0]?.extensions.requestId).toEqual(expect.any(String));
    expect(JSON.stringify(errors)).not.toMatch(/secret|mongodb|stack/);
  });

  it('says what it knows: the code, its facts, whether to retry', async () => {
    const { errors } = await subgraph.ask('{ known }');
    expect(errors[0]?.extensions).toEqual({
      code: 'SHARD_UNAVAILABLE',
      shard: 'a',
      retryable: true,
    });
  });

  it('hides what its schema is called', async () => {
    const { errors } = await subgraph.ask('{ fin }');
    expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(errors[0]?.message).not.toContain('fine');
    const types = await subgraph.ask('{ __schema { types { name } } }');
    expect(types.errors).not.toEqual([]);
    const sdl = await subgraph.ask('{ _service { sdl } }');
    expect(sdl.data._service.sdl).toContain('type Thing');
  });

  it.each([
    ['a document that is not GraphQL', '{ fine', 'GRAPHQL_PARSE_FAILED'],
    ['a document of too many tokens', `{ ${'fine '.repeat(20_001)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['an argument of the wrong type', '{ thing(id: {}) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an operation that is not there', 'query A { fine } query B { fine }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, document, code) => {
    const { errors } = await subgraph.ask(document);
    expect(errors[0]?.extensions.code).toBe(code);
  });

  it('refuses batches and bodies that are no requests', async () => {
    const authorization = `Bearer ${await subgraph.serviceToken()}`;
    for (const body of ['[{"query":"{ fine }"}]', '{}', '42']) {
      const response = await post({ authorization }, body);
      expect(response.status).toBe(400);
    }
  });

  it('shows where it read to an admin who asks for it, and to nobody else', async () => {
    const headers = { 'x-marquee-routing': '1' };
    const ask = (role: 'USER' | 'ADMIN', asked = headers) =>
      subgraph.ask('{ thing(id: "matrix") { id } }', {
        viewer: { handle: 'x', role },
        headers: asked,
      });
    expect((await ask('ADMIN')).extensions?.routing).toEqual([
      {
        collection: 'movies',
        key: 'matrix',
        slot: expect.any(Number),
        shard: expect.any(String),
        cluster: expect.any(String),
        statement: 1,
        readFrom: 'in-sync',
      },
    ]);
    expect((await ask('USER')).extensions).toBeUndefined();
    expect((await ask('ADMIN', {} as typeof headers)).extensions).toBeUndefined();
  });
});
