import type { Viewer } from '@marquee/identity';
import { createLogger } from '@marquee/service-kit';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import { readDeadline } from '@marquee/subgraph-kit';
import {
  movieDocument,
  personDocument,
  userDocument,
  type Film,
} from '@marquee/subgraph-kit/documents';
import {
  countCommands,
  loadDocuments,
  startTestSubgraph,
  type CommandCounter,
  type Json,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { createMoviesSubgraph } from '../src/subgraph.ts';

jest.setTimeout(60_000);

const ADMIN: Viewer = { handle: 'root', role: 'ADMIN' };
const USER: Viewer = { handle: 'ada', role: 'USER' };
const CLUSTERS = ['shard-a', 'replica-a', 'shard-b', 'replica-b'];

const films: Film[] = Array.from({ length: 120 }, (_, i) => ({
  id: `film${i}`,
  title: i % 3 === 0 ? `The Matrix ${i}` : `Amélie ${i}`,
  // Some films have no year, some no rating: they are in every order all the same.
  year: i % 7 === 0 ? null : 1950 + (i % 60),
  rating: i % 5 === 0 ? null : (i % 100) / 10,
  popularity: i % 10,
  genres: [i % 2 ? 'Drama' : 'Comedy'],
  credits: [
    { kind: 'CAST', personId: `person${i % 12}`, name: 'Somebody' },
    { kind: 'CREW', personId: 'director', name: 'Director', job: 'Director' },
  ],
}));

describe('films on four clusters', () => {
  let deployment: TestDeployment;
  let counters: CommandCounter[];
  let router: ShardRouter;
  let subgraph: TestSubgraph;
  // Patient where no time is promised: tests share their machine.
  let readDeadlineMs = 30_000;

  beforeAll(async () => {
    deployment = await startTestDeployment();
    counters = await Promise.all(
      CLUSTERS.map((name) => countCommands(deployment.clusters.uriOf(name))),
    );
    router = createShardRouter({
      nameNodeClient: deployment.nameNode,
      addresses: async () => ({
        clusters: CLUSTERS.map((name, i) => ({ name, uri: counters[i]!.uri })),
      }),
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    const joinedAt = new Date(0);
    await loadDocuments(router, {
      users: [
        userDocument({ handle: 'root', displayName: 'Root', role: 'ADMIN', joinedAt }),
        userDocument({ handle: 'ada', displayName: 'Ada', joinedAt }),
      ],
      person: [personDocument({ id: 'keanu', name: 'Keanu Reeves' })],
      movies: films.map(movieDocument),
    });
    subgraph = await startTestSubgraph(createMoviesSubgraph(), {
      router,
      newReadDeadline: () => readDeadline(readDeadlineMs, () => performance.now()),
    });
  }, 180_000);
  afterAll(async () => {
    await subgraph.close();
    await router.close();
    await Promise.all(counters.map((counter) => counter.close()));
    await deployment.close();
  });

  const commands = async (work: () => Promise<unknown>): Promise<number> => {
    for (const counter of counters) counter.take();
    await work();
    return counters
      .flatMap((counter) => Object.values(counter.take()))
      .reduce((total, count) => total + count, 0);
  };
  const stored = () =>
    Promise.all(
      CLUSTERS.map(async (name) =>
        JSON.stringify(
          await deployment
            .mongo(name)
            .db('marquee')
            .collection('movies')
            .find()
            .sort({ _id: 1 })
            .toArray(),
        ),
      ),
    );

  it('are paged through whatever their titles are', async () => {
    // What these become for sorting: 900 letters, and eighteen characters for each one.
    const titles = ['각', 'ﷺ'].flatMap((letter) => [letter.repeat(300), letter.repeat(299)]);
    const ids: string[] = [];
    for (const title of titles) {
      const { result } = await subgraph.ask(
        `mutation ($title: String!) { createMovie(input: { title: $title }) { ... on MovieSaved { movie { id } } } }`,
        { variables: { title }, viewer: ADMIN },
      );
      ids.push(result.movie.id);
    }
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < titles.length; page += 1) {
      const { data, errors }: Json = await subgraph.ask(
        `query ($after: String) { movies(orderBy: { field: TITLE, direction: DESC }, first: 1, after: $after) {
          nodes { id } pageInfo { endCursor } } }`,
        { variables: { after } },
      );
      expect(errors).toEqual([]);
      seen.push(data.movies.nodes[0].id);
      after = data.movies.pageInfo.endCursor;
    }
    expect(seen.sort()).toEqual(ids.toSorted());
    for (const id of ids) {
      await subgraph.ask(`mutation ($id: ID!) { deleteMovie(id: $id) { __typename } }`, {
        variables: { id },
        viewer: ADMIN,
      });
    }
  });

  it.each([
    'field: YEAR',
    'field: YEAR, direction: ASC',
    'field: RATING',
    'field: TITLE',
    'field: POPULARITY',
  ])('are each on one page of the order %s', async (orderBy) => {
    const seen: Json[] = [];
    let after: string | null = null;
    do {
      const { data, errors }: Json = await subgraph.ask(
        `query ($after: String) { movies(orderBy: { ${orderBy} }, first: 50, after: $after) {
          nodes { id year rating title popularity } pageInfo { hasNextPage endCursor } } }`,
        { variables: { after } },
      );
      expect(errors).toEqual([]);
      seen.push(...data.movies.nodes);
      after = data.movies.pageInfo.hasNextPage ? data.movies.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(films.length);
    expect(seen).toHaveLength(films.length);
    if (orderBy === 'field: YEAR') {
      const years = seen.map(({ year }) => year ?? 0);
      expect(years).toEqual(years.toSorted((a, b) => b - a));
    }
  });

  it('are found and counted over both shards', async () => {
    const { data, errors } = await subgraph.ask(
      '{ movies(query: "AMELIE", first: 100) { totalCount nodes { title } } typo: movies(query: "amelei", first: 1) { totalCount } genres { genre movieCount } }',
    );
    expect(errors).toEqual([]);
    expect(data.movies.totalCount).toBe(80);
    expect(data.movies.nodes.every(({ title }: Json) => title.startsWith('Amélie'))).toBe(true);
    expect(data.typo.totalCount).toBe(80);
    expect(data.genres).toEqual([
      { genre: 'Comedy', movieCount: 60 },
      { genre: 'Drama', movieCount: 60 },
    ]);
  });

  it.each<[string, Json]>([
    ['emoji', '🎬🎬🎬'],
    ['right-to-left', 'שלום עולם'],
    ['null bytes', 'a\0b\0'],
    ['half a character', '\ud800'],
    ['a pattern', '(a+)+$'],
    ['an operator', '{"$where":"sleep(1000)"}'],
    ['much', 'x'.repeat(10_000)],
    ['nothing', ''],
    ['blank', ' \t\n '],
  ])('answer odd arguments clearly or not at all: %s', async (_, odd) => {
    const answers = await Promise.all([
      subgraph.ask('query ($odd: String!) { movies(query: $odd) { totalCount nodes { id } } }', {
        variables: { odd },
      }),
      subgraph.ask('query ($odd: ID!) { movie(id: $odd) { id } }', { variables: { odd } }),
      subgraph.ask('query ($odd: String!) { movies(after: $odd) { nodes { id } } }', {
        variables: { odd },
      }),
      subgraph.ask(
        'query ($odd: String!, $id: ID!) { movies(genres: [$odd], filter: { language: $odd, country: $odd, personId: $id, genres: { all: [$odd] } }) { totalCount } }',
        { variables: { odd, id: odd } },
      ),
      subgraph.ask(
        'query ($r: [_Any!]!, $odd: String!) { _entities(representations: $r) { ... on Person { filmography(job: $odd) { totalCount } } } }',
        {
          variables: { r: [{ __typename: 'Person', id: 'director' }], odd },
        },
      ),
    ]);
    for (const { code } of answers) {
      expect([undefined, 'BAD_USER_INPUT', 'INVALID_CURSOR']).toContain(code);
    }
  });

  it.each([
    'year: { from: 2147483647, to: -2147483648 }',
    'year: { to: 1200 }',
    'rating: { from: 1e308 }',
    'rating: { to: -1e308 }',
    'runtimeMinutes: { from: -1, to: 0 }',
    'genres: { any: [] }',
  ])('are none where none can be: %s', async (filter) => {
    const { data, errors } = await subgraph.ask(
      `{ movies(filter: { ${filter} }) { totalCount nodes { id } } }`,
    );
    expect({ data, errors }).toEqual({
      data: { movies: { totalCount: 0, nodes: [] } },
      errors: [],
    });
  });

  it('cost as many commands for a page of 5 as for one of 100', async () => {
    const page = (first: number) =>
      commands(() =>
        subgraph.ask(
          `{ movies(first: ${first}) { nodes { id credits { nodes { person { id } } } } } }`,
        ),
      );
    const entities = (count: number) =>
      commands(() =>
        subgraph.ask(
          'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Movie { title } } }',
          {
            variables: { r: films.slice(0, count).map(({ id }) => ({ __typename: 'Movie', id })) },
          },
        ),
      );
    const knownFor = (count: number) =>
      commands(() =>
        subgraph.ask(
          'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { knownFor { title } } } }',
          {
            variables: {
              r: Array.from({ length: count }, (_, i) => ({
                __typename: 'Person',
                id: `person${i}`,
              })),
            },
          },
        ),
      );
    // A slow answer is asked for once more elsewhere (the router's hedge): at most twice as many.
    const atMost = async (counted: Promise<number>, commandsMax: number) =>
      expect(await counted).toBeLessThanOrEqual(commandsMax);
    // One for each shard.
    for (const size of [5, 20, 100]) await atMost(page(size), 2 * 2);
    for (const size of [10, 40, 100]) await atMost(entities(size), 2 * 2);
    // One to find the films, one to read them, for each shard.
    for (const size of [3, 12]) await atMost(knownFor(size), 2 * 4);
  });

  it('are changed on owner and replica, once', async () => {
    const operationId = '0192f0c0-0000-7000-8000-000000000001';
    const create = () =>
      subgraph.ask(
        `mutation ($operationId: ID) { createMovie(operationId: $operationId, input: { title: "Speed", credits: [{ kind: CAST, personId: "keanu" }] }) {
          ... on MovieSaved { movie { id revision title } } } }`,
        { variables: { operationId }, viewer: ADMIN },
      );
    const [first, second] = await Promise.all([create(), create()]);
    expect(first.errors).toEqual([]);
    expect(second.result).toEqual(first.result);
    const { id } = first.result.movie;
    const copies = await Promise.all(
      CLUSTERS.map((name) =>
        deployment.mongo(name).db('marquee').collection('movies').findOne({ _id: id }),
      ),
    );
    const held = copies.filter((copy) => copy !== null);
    expect(held).toHaveLength(2);
    expect(held[0]).toEqual(held[1]);
    expect(held[0]).toMatchObject({ revision: 1, personIds: ['keanu'], deleted: false });
    await subgraph.ask(`mutation { deleteMovie(id: "${id}") { __typename } }`, { viewer: ADMIN });
    expect((await subgraph.ask(`{ movie(id: "${id}") { id } }`)).data.movie).toBeNull();
  });

  it.each([
    'createMovie(input: { title: "X" })',
    'updateMovie(id: "film1", input: { title: "X" })',
    'deleteMovie(id: "film1")',
    'restoreMovie(id: "film1")',
  ])('are not changed by users, nor by nobody: %s', async (mutation) => {
    const before = await stored();
    const byUser = await subgraph.ask(`mutation { ${mutation} { __typename } }`, { viewer: USER });
    const byNobody = await subgraph.ask(`mutation { ${mutation} { __typename } }`);
    expect([byUser.code, byNobody.code]).toEqual(['FORBIDDEN', 'UNAUTHENTICATED']);
    expect(await stored()).toEqual(before);
  });

  it('are answered by their replica while the owner is down, and by the other shard while both are', async () => {
    readDeadlineMs = 2_000;
    await deployment.clusters.stop('shard-b');
    const all = '{ movies(first: 100, orderBy: { field: TITLE }) { nodes { id } } }';
    const withReplica = await subgraph.ask(all);
    expect(withReplica.errors).toEqual([]);
    expect(withReplica.data.movies.nodes).toHaveLength(100);
    await deployment.clusters.stop('replica-b');
    const beganMs = performance.now();
    const withoutShard = await subgraph.ask(all);
    expect(performance.now() - beganMs).toBeLessThan(2_500);
    expect(withoutShard.data.movies.nodes.length).toBeGreaterThan(20);
    expect(withoutShard.data.movies.nodes.length).toBeLessThan(100);
    expect(withoutShard.errors).toEqual([
      expect.objectContaining({
        path: ['movies'],
        extensions: { code: 'SHARD_UNAVAILABLE', shard: 'b', retryable: true },
      }),
    ]);
  });
});
