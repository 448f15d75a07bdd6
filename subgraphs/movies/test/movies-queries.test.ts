import { movieDocument } from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type Json,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { createMoviesSubgraph } from '../src/subgraph.ts';
import { FILMS } from './films.ts';

describe('films in the graph', () => {
  let router: InMemoryShardRouter;
  let subgraph: TestSubgraph;

  beforeAll(async () => {
    router = createInMemoryShardRouter();
    router.load('movies', FILMS.map(movieDocument));
    subgraph = await startTestSubgraph(createMoviesSubgraph(), { router });
  });
  afterAll(() => subgraph.close());
  afterEach(() => router.setShardDown(undefined));

  const titles = async (args: string, options: Parameters<TestSubgraph['ask']>[1] = {}) => {
    const { data, errors } = await subgraph.ask(`{ movies${args} { nodes { title } } }`, options);
    expect(errors).toEqual([]);
    return data.movies.nodes.map(({ title }: { title: string }) => title);
  };

  it('answers a film with all that is known of it', async () => {
    const { data, errors } = await subgraph.ask(
      '{ movie(id: "matrix") { id revision title originalTitle year genres languages countries rating runtimeMinutes popularity plot externalIds { source id } } }',
    );
    expect(errors).toEqual([]);
    expect(data.movie).toEqual({
      id: 'matrix',
      revision: 1,
      title: 'The Matrix',
      originalTitle: null,
      year: 1999,
      genres: ['Sci-Fi', 'Action'],
      languages: ['en'],
      countries: ['US'],
      rating: 8.7,
      runtimeMinutes: 136,
      popularity: 90,
      plot: null,
      externalIds: [],
    });
  });

  it('answers null, and no error, for an unknown id', async () => {
    const { data, errors } = await subgraph.ask('{ movie(id: "nothing") { id } }');
    expect({ data, errors }).toEqual({ data: { movie: null }, errors: [] });
  });

  it.each([
    ['movie(id: "")', 'id'],
    ['movie(id: "a b")', 'id'],
    ['movie(id: "🎬")', 'id'],
    ['movies(first: 0)', 'first', '{ nodes { id } }'],
    ['movies(first: 101)', 'first', '{ nodes { id } }'],
    ['movies(first: -1)', 'first', '{ nodes { id } }'],
    [`movies(query: "${'x'.repeat(201)}")`, 'query', '{ nodes { id } }'],
    [
      'movies(orderBy: { field: RELEVANCE, direction: ASC })',
      'orderBy.direction',
      '{ nodes { id } }',
    ],
  ])('refuses %s and names the argument', async (field, argument, selection = '{ id }') => {
    const { errors } = await subgraph.ask(`{ ${field} ${selection} }`);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument,
      retryable: false,
    });
  });

  it.each(['', 'nonsense', 'MC4xLmZvcmdlZA', '💣', '9'.repeat(5000)])(
    'refuses the forged cursor %#',
    async (after) => {
      const { errors } = await subgraph.ask(
        'query ($after: String) { movies(after: $after) { nodes { id } } }',
        { variables: { after } },
      );
      expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_CURSOR', argument: 'after' });
    },
  );

  it.each([
    ['amelie', ['Amélie']],
    ['AMÉLIE', ['Amélie']],
    ['brutto', ['The Good, the Bad and the Ugly']],
    ['mat', ['The Matrix Reloaded', 'The Matrix']],
    ['rel matr', ['The Matrix Reloaded']],
    ['🎬', []],
    ['$where: {}', []],
    ['.*', []],
    ['\u0000', []],
    ['שלום', []],
    ['xylophone', []],
  ])('finds by the beginnings of words: %j', async (query, expected) => {
    expect(await titles('(query: $query)'.replace('$query', JSON.stringify(query)))).toEqual(
      expected,
    );
  });

  it('puts the exact title first, whatever its popularity', async () => {
    const found = await titles('(query: "the matrix")');
    expect(found).toEqual(['The Matrix', 'The Matrix Reloaded']);
  });

  it('finds beginnings of titles only for one or two letters, in their order', async () => {
    expect(await titles('(query: "up", first: 3)')).toEqual(['Up', 'Up 0', 'Up 1']);
    expect(await titles('(query: "h")')).toEqual(['Heat']);
  });

  it.each(['matrux', 'matirx', 'the matrux', 'mattrix', 'matrx'])(
    'forgives one typo in a word of five letters or more: %s',
    async (query) => {
      expect(await titles(`(query: "${query}")`)).toContain('The Matrix');
    },
  );

  it.each(['haet', 'metrux'])('does not forgive %s', async (query) => {
    expect(await titles(`(query: "${query}")`)).toEqual([]);
  });

  it('takes an empty search for none', async () => {
    expect(await titles('(query: "  ", first: 1)')).toEqual(['The Matrix Reloaded']);
  });

  it.each([
    [
      '(filter: { year: { from: 1999, to: 2001 } }, orderBy: { field: YEAR })',
      ['Amélie', 'The Insider', 'The Matrix'],
    ],
    [
      '(filter: { genres: { all: ["Action", "Sci-Fi"] } }, orderBy: { field: TITLE })',
      ['The Matrix', 'The Matrix Reloaded'],
    ],
    ['(genres: ["Western", "Romance"])', ['Amélie', 'The Good, the Bad and the Ugly']],
    ['(filter: { rating: { from: 8 } })', ['The Matrix']],
    ['(filter: { runtimeMinutes: { to: 140 } })', ['The Matrix']],
    ['(filter: { language: "fr", country: "FR" })', ['Amélie']],
    [
      '(filter: { personId: "mann" }, orderBy: { field: YEAR, direction: ASC })',
      ['Heat', 'The Insider'],
    ],
    ['(filter: { year: { from: 1200, to: 1300 } })', []],
    ['(filter: { genres: { any: ["$ne"] } })', []],
  ])('filters and orders: %s', async (args, expected) => {
    const found = await titles(args);
    expect([...found].sort()).toEqual([...expected].sort());
    if (args.includes('ASC') || args.includes('TITLE')) expect(found).toEqual(expected);
  });

  it('pages through everything once, in one order, and counts it', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data, errors } = await subgraph.ask(
        `query ($after: String) { movies(query: "up ", first: 7, after: $after) {
          totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor hasPreviousPage } } }`,
        { variables: { after } },
      );
      expect(errors).toEqual([]);
      expect(data.movies.totalCount).toBe(31);
      expect(data.movies.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...data.movies.edges.map((edge: Json) => edge.node.id));
      after = data.movies.pageInfo.hasNextPage ? data.movies.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toHaveLength(31);
    expect(new Set(seen).size).toBe(31);
  });

  it('crosses from the exact titles to the others between two pages', async () => {
    const ask = (after: string | null) =>
      subgraph.ask(
        'query ($after: String) { movies(query: "the matrix", first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
        { variables: { after } },
      );
    const first = await ask(null);
    expect(first.data.movies).toMatchObject({
      nodes: [{ id: 'matrix' }],
      pageInfo: { hasNextPage: true },
    });
    const second = await ask(first.data.movies.pageInfo.endCursor);
    expect(second.data.movies).toMatchObject({
      nodes: [{ id: 'matrix2' }],
      pageInfo: { hasNextPage: false },
    });
  });

  it('counts only when asked to', async () => {
    router.calls.length = 0;
    await titles('');
    expect(router.calls.map(({ method }) => method)).toEqual(['list']);
  });

  it('counts films by genre', async () => {
    const { data } = await subgraph.ask('{ genres { genre movieCount } }');
    expect(data.genres[0]).toEqual({ genre: 'Drama', movieCount: 31 });
    expect(data.genres).toContainEqual({ genre: 'Action', movieCount: 3 });
  });

  it('counts them once a minute at most, and renews them before anybody waits', async () => {
    let nowMs = 0;
    const fresh = createInMemoryShardRouter();
    fresh.load('movies', FILMS.map(movieDocument));
    const other = await startTestSubgraph(createMoviesSubgraph(), {
      router: fresh,
      now: () => nowMs,
    });
    const drama = async () =>
      (await other.ask('{ genres { genre movieCount } }')).data.genres[0].movieCount as number;
    expect(await drama()).toBe(31);
    fresh.load('movies', [movieDocument({ id: 'new', title: 'New', genres: ['Drama'] })]);
    nowMs = 19_999;
    expect(await drama()).toBe(31);
    nowMs = 20_000;
    expect(await drama()).toBe(31);
    expect(await drama()).toBe(32);
    fresh.load('movies', [movieDocument({ id: 'newer', title: 'Newer', genres: ['Drama'] })]);
    nowMs = 80_000;
    expect(await drama()).toBe(33);
    await other.close();
  });

  it('answers the other shard, and names the one that is missing, at the path', async () => {
    router.setShardDown('a');
    const { data, errors } = await subgraph.ask(
      '{ films: movies(first: 100) { nodes { id } totalCount } }',
    );
    expect(data.films.nodes.length).toBeGreaterThan(0);
    expect(data.films.nodes.length).toBeLessThan(FILMS.length);
    expect(data.films.totalCount).toBeNull();
    expect(errors.map(({ path, extensions }) => [path, extensions])).toEqual(
      expect.arrayContaining([
        [['films'], { code: 'SHARD_UNAVAILABLE', shard: 'a', retryable: true }],
        [['films', 'totalCount'], { code: 'SHARD_UNAVAILABLE', shard: 'a', retryable: true }],
      ]),
    );
  });

  it('lists films without what only indexes need', async () => {
    const projections: unknown[] = [];
    const watched = await startTestSubgraph(createMoviesSubgraph(), {
      router: {
        ...router,
        list: (collection, query) => {
          projections.push(query.projection);
          return router.list(collection, query);
        },
      },
    });
    await watched.ask('{ movies(query: "matrix") { nodes { id } } }');
    await watched.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { filmography { nodes { job } } } } }',
      { variables: { r: [{ __typename: 'Person', id: 'mann' }] } },
    );
    await watched.close();
    expect(projections.length).toBeGreaterThan(2);
    for (const projection of projections) {
      expect(projection).toMatchObject({ search: 0, typos: 0 });
    }
  });
});
