import { createLogger } from '@marquee/service-kit';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import { readDeadline } from '@marquee/subgraph-kit';
import { movieDocument, userDocument } from '@marquee/subgraph-kit/documents';
import { loadDocuments, startTestSubgraph, type TestSubgraph } from '@marquee/subgraph-kit/testing';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import { createInteractionsSubgraph } from '../src/subgraph.ts';

const FILMS = Array.from({ length: 40 }, (_, i) => `film${i}`);
const FANS = Array.from({ length: 200 }, (_, i) => ({ handle: `fan${i}`, role: 'USER' }) as const);
const ADMIN = { handle: 'root', role: 'ADMIN' } as const;
const LIKE =
  'mutation ($movieId: ID!) { likeMovie(movieId: $movieId) { __typename ... on ReactionSaved { movie { likeCount viewerReaction } } } }';
const COUNTS =
  'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Movie { id likeCount viewerReaction } } }';

const representations = (ids: readonly string[]) => ids.map((id) => ({ __typename: 'Movie', id }));

jest.setTimeout(60_000);

describe('reactions on four clusters', () => {
  let deployment: TestDeployment;
  let router: ShardRouter;
  let subgraph: TestSubgraph;
  // Patient where no time is promised: tests share their machine.
  let readDeadlineMs = 30_000;

  beforeAll(async () => {
    deployment = await startTestDeployment();
    router = createShardRouter({
      nameNodeClient: deployment.nameNode,
      addresses: deployment.addresses,
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    const joinedAt = new Date(0);
    await loadDocuments(router, {
      users: [
        userDocument({ handle: 'root', displayName: 'Root', role: 'ADMIN', joinedAt }),
        ...FANS.map(({ handle }) => userDocument({ handle, displayName: handle, joinedAt })),
      ],
      movies: FILMS.map((id) => movieDocument({ id, title: id })),
    });
    subgraph = await startTestSubgraph(createInteractionsSubgraph(), {
      router,
      newReadDeadline: () => readDeadline(readDeadlineMs, () => performance.now()),
    });
  }, 120_000);
  afterAll(async () => {
    await subgraph.close();
    await router.close();
    await deployment.close();
  });

  it('are counted exactly under 200 concurrent likers, on owner and replica', async () => {
    const answers = await Promise.all(
      FANS.map((viewer) => subgraph.ask(LIKE, { variables: { movieId: 'film1' }, viewer })),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    // Each saw their own like at once, and a count of their own.
    for (const { data } of answers) {
      expect(data.likeMovie.movie.viewerReaction).toBe('LIKE');
      expect(data.likeMovie.movie.likeCount).toBeGreaterThan(0);
    }
    const { data } = await subgraph.ask(COUNTS, {
      variables: { r: representations(['film1']) },
      viewer: FANS[3],
    });
    expect(data._entities).toEqual([
      { id: 'film1', likeCount: FANS.length, viewerReaction: 'LIKE' },
    ]);
    const shard = deployment.map.slots.find(({ to }) => slotOf('film1') <= to)!.shard;
    for (const cluster of [`shard-${shard}`, `replica-${shard}`]) {
      const collection = deployment.mongo(cluster).db('marquee').collection('user_interactions');
      expect(await collection.findOne({ _id: 'film1' as never })).toMatchObject({
        likeCount: FANS.length,
      });
      expect(await collection.countDocuments({ movieId: 'film1', kind: 'interaction' })).toBe(
        FANS.length,
      );
    }
  });

  it('list, count and order over both shards', async () => {
    const likes = await Promise.all(
      FILMS.map((movieId) => subgraph.ask(LIKE, { variables: { movieId }, viewer: FANS[0] })),
    );
    expect(likes.flatMap(({ errors }) => errors)).toEqual([]);
    const list = await subgraph.ask(
      '{ interactions(filter: { userId: "fan0" }, first: 30) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }',
      { viewer: ADMIN },
    );
    expect(list.errors).toEqual([]);
    expect(list.data.interactions.totalCount).toBe(40);
    const next = await subgraph.ask(
      `{ interactions(filter: { userId: "fan0" }, first: 30, after: "${list.data.interactions.pageInfo.endCursor}") { nodes { id } pageInfo { hasNextPage } } }`,
      { viewer: ADMIN },
    );
    const ids = [...list.data.interactions.nodes, ...next.data.interactions.nodes].map(
      ({ id }: { id: string }) => id,
    );
    expect(new Set(ids).size).toBe(40);
    expect(next.data.interactions.pageInfo.hasNextPage).toBe(false);
    const liked = await subgraph.ask(
      '{ mostLikedMovies(first: 2) { nodes { likeCount movie { id } } } }',
    );
    expect(liked.data.mostLikedMovies.nodes[0]).toEqual({
      likeCount: FANS.length,
      movie: { id: 'film1' },
    });
  });

  it('answer within two seconds what the other shard has, while one shard is down', async () => {
    readDeadlineMs = 2_000;
    await deployment.clusters.stop('shard-b');
    await deployment.clusters.stop('replica-b');
    const beganMs = performance.now();
    const { data, errors } = await subgraph.ask(COUNTS, {
      variables: { r: representations(FILMS) },
    });
    const tookMs = performance.now() - beganMs;
    const down = new Set(
      errors.map(({ path, extensions }) => {
        expect(extensions).toMatchObject({
          code: 'SHARD_UNAVAILABLE',
          shard: 'b',
          retryable: true,
        });
        expect(path?.slice(0, 1)).toEqual(['_entities']);
        return FILMS[Number(path?.[1])];
      }),
    );
    const atB = FILMS.filter(
      (id) => deployment.map.slots.find(({ to }) => slotOf(id) <= to)!.shard === 'b',
    );
    expect([...down].toSorted()).toEqual(atB.toSorted());
    for (const film of data._entities) expect(film.likeCount === null).toBe(atB.includes(film.id));
    expect(tookMs).toBeLessThan(2_500);
    const list = await subgraph.ask('{ mostLikedMovies(first: 100) { nodes { movie { id } } } }');
    expect(list.data.mostLikedMovies.nodes).toHaveLength(FILMS.length - atB.length);
    expect(list.errors).toEqual([
      expect.objectContaining({
        path: ['mostLikedMovies'],
        extensions: { code: 'SHARD_UNAVAILABLE', shard: 'b', retryable: true },
      }),
    ]);
  });
});
