import {
  interactionDocument,
  movieDocument,
  summaryDocument,
  userDocument,
} from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type Json,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { createMoviesSubgraph } from '../src/subgraph.ts';
import { FILMS } from './films.ts';

describe('the filter by the reaction of the viewer', () => {
  let router: InMemoryShardRouter;
  let subgraph: TestSubgraph;

  beforeAll(async () => {
    router = createInMemoryShardRouter();
    router.load('movies', FILMS.map(movieDocument));
    router.load(
      'users',
      ['ada', 'bob', 'eve', 'fan'].map((handle) =>
        userDocument({ handle, displayName: handle, joinedAt: new Date(0) }),
      ),
    );
    subgraph = await startTestSubgraph(createMoviesSubgraph(), { router });
  });
  afterAll(() => subgraph.close());
  afterEach(() => router.setShardDown(undefined));
  const titles = async (args: string, options: Parameters<TestSubgraph['ask']>[1] = {}) => {
    const { data } = await subgraph.ask(`{ movies${args} { nodes { title } } }`, options);
    return data.movies.nodes.map(({ title }: Json) => title);
  };

  it('finds the films, for who is signed in', async () => {
    const viewer = { handle: 'ada', role: 'USER' } as const;
    const at = new Date(0);
    router.load('user_interactions', [
      summaryDocument('heat', { likeCount: 1, dislikeCount: 0 }),
      interactionDocument({ movieId: 'heat', handle: 'ada', reaction: 'LIKE', createdAt: at }),
      interactionDocument({ movieId: 'up', handle: 'ada', reaction: 'DISLIKE', createdAt: at }),
    ]);
    expect(await titles('(filter: { viewerReaction: LIKE })', { viewer })).toEqual(['Heat']);
    const { errors } = await subgraph.ask(
      '{ movies(filter: { viewerReaction: LIKE }) { nodes { id } } }',
    );
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['of a user who was deleted', { handle: 'gone', role: 'USER' }],
    ['that a new password has ended', { handle: 'eve', role: 'USER', tokenGeneration: 7 }],
  ] as const)('is refused to a token %s', async (_, viewer) => {
    const { code } = await subgraph.ask(
      '{ movies(filter: { viewerReaction: LIKE }) { nodes { id } } }',
      { viewer },
    );
    expect(code).toBe('UNAUTHENTICATED');
  });

  it('goes on behind its cursor when the viewer likes another film between two pages', async () => {
    const viewer = { handle: 'eve', role: 'USER' } as const;
    const at = new Date(0);
    const like = (...ids: string[]) =>
      router.load(
        'user_interactions',
        ids.map((movieId) =>
          interactionDocument({ movieId, handle: 'eve', reaction: 'LIKE', createdAt: at }),
        ),
      );
    const page = async (after: string | null, reaction = 'LIKE', as = viewer) => {
      const { data, code } = await subgraph.ask(
        `query ($after: String) { movies(filter: { viewerReaction: ${reaction} }, first: 2, after: $after) {
          totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`,
        { variables: { after }, viewer: as },
      );
      return { code, ...data?.movies, ids: data?.movies?.nodes.map(({ id }: Json) => id) };
    };
    like('matrix2', 'amelie', 'heat');
    const first = await page(null);
    expect(first.ids).toEqual(['matrix2', 'amelie']);
    like('matrix', 'taxi');
    const second = await page(first.pageInfo.endCursor);
    expect(second).toMatchObject({ ids: ['heat', 'taxi'], totalCount: 5 });
    const bob = { ...viewer, handle: 'bob' } as never;
    for (const other of [
      page(first.pageInfo.endCursor, 'DISLIKE'),
      page(first.pageInfo.endCursor, 'LIKE', bob),
    ]) {
      expect((await other).code).toBe('INVALID_CURSOR');
    }
  });

  it('refuses to filter by more reactions than can be looked up, instead of showing a part', async () => {
    const viewer = { handle: 'fan', role: 'USER' } as const;
    const like = (from: number, to: number) =>
      router.load(
        'user_interactions',
        Array.from({ length: to - from }, (_, i) =>
          interactionDocument({
            movieId: `liked${from + i}`,
            handle: 'fan',
            reaction: 'LIKE',
            createdAt: new Date(0),
          }),
        ),
      );
    const asked = () =>
      subgraph.ask('{ movies(filter: { viewerReaction: LIKE }) { totalCount } }', { viewer });
    like(0, 2_000);
    expect((await asked()).errors).toEqual([]);
    like(2_000, 2_001);
    expect((await asked()).errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'filter.viewerReaction',
    });
  });
});
