import {
  movieDocument,
  summaryDocument,
  userDocument,
  interactionDocument,
  type Film,
} from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type Json,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { createMoviesSubgraph } from '../src/subgraph.ts';

const FILMS: Film[] = [
  {
    id: 'matrix',
    title: 'The Matrix',
    year: 1999,
    popularity: 90,
    rating: 8.7,
    genres: ['Sci-Fi', 'Action'],
    runtimeMinutes: 136,
    languages: ['en'],
    countries: ['US'],
  },
  {
    id: 'matrix2',
    title: 'The Matrix Reloaded',
    year: 2003,
    popularity: 95,
    rating: 7.2,
    genres: ['Sci-Fi', 'Action'],
  },
  {
    id: 'amelie',
    title: 'Amélie',
    originalTitle: "Le fabuleux destin d'Amélie Poulain",
    year: 2001,
    popularity: 80,
    genres: ['Romance'],
    languages: ['fr'],
    countries: ['FR'],
  },
  {
    id: 'buono',
    title: 'The Good, the Bad and the Ugly',
    originalTitle: 'Il buono, il brutto, il cattivo',
    year: 1966,
    popularity: 70,
    genres: ['Western'],
  },
  {
    id: 'heat',
    title: 'Heat',
    year: 1995,
    popularity: 60,
    genres: ['Action'],
    credits: [
      { kind: 'CAST', personId: 'pacino', name: 'Al Pacino', character: 'Vincent Hanna' },
      { kind: 'CAST', personId: 'deniro', name: 'Robert De Niro', character: 'Neil McCauley' },
      { kind: 'CREW', personId: 'mann', name: 'Michael Mann', job: 'Director' },
      { kind: 'CREW', personId: 'mann', name: 'Michael Mann', job: 'Writer' },
    ],
  },
  {
    id: 'insider',
    title: 'The Insider',
    year: 1999,
    popularity: 50,
    genres: ['Drama'],
    credits: [
      { kind: 'CAST', personId: 'pacino', name: 'Al Pacino', character: 'Lowell Bergman' },
      { kind: 'CREW', personId: 'mann', name: 'Michael Mann', job: 'Director' },
    ],
  },
  {
    id: 'taxi',
    title: 'Taxi Driver',
    year: 1976,
    popularity: 40,
    genres: ['Crime'],
    credits: [{ kind: 'CAST', personId: 'deniro', name: 'Robert De Niro', character: 'Travis' }],
  },
  ...Array.from({ length: 30 }, (_, i): Film => ({
    id: `up${i}`,
    title: `Up ${i}`,
    year: 1950 + i,
    popularity: 30 - i,
    genres: ['Drama'],
  })),
  { id: 'up', title: 'Up', year: 2009, popularity: 1, genres: ['Animation'] },
];

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

  it('gives the cast in billing order, then the crew, in pages', async () => {
    const { data } = await subgraph.ask(`{ movie(id: "heat") {
      credits { totalCount nodes { kind name character billing job person { id } } }
      crew: credits(kind: CREW, first: 1) { totalCount edges { cursor node { job } } pageInfo { hasNextPage endCursor } } } }`);
    expect(data.movie.credits.totalCount).toBe(4);
    expect(data.movie.credits.nodes.map((node: Json) => node.person.id)).toEqual([
      'pacino',
      'deniro',
      'mann',
      'mann',
    ]);
    expect(data.movie.credits.nodes[1]).toEqual({
      kind: 'CAST',
      // Told by the film itself: it stays when the person is deleted.
      name: 'Robert De Niro',
      character: 'Neil McCauley',
      billing: 2,
      job: null,
      person: { id: 'deniro' },
    });
    const { endCursor } = data.movie.crew.pageInfo;
    expect(data.movie.crew.edges).toEqual([{ cursor: endCursor, node: { job: 'Director' } }]);
    const next = await subgraph.ask(
      `{ movie(id: "heat") { credits(kind: CREW, first: 1, after: "${endCursor}") { nodes { job } pageInfo { hasNextPage } } } }`,
    );
    expect(next.data.movie.credits).toEqual({
      nodes: [{ job: 'Writer' }],
      pageInfo: { hasNextPage: false },
    });
  });

  const person = (id: string, selection: string) =>
    subgraph.ask(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { ${selection} } } }`,
      { variables: { r: [{ __typename: 'Person', id }] } },
    );

  it('gives a filmography with one entry for each credit, the newest film first', async () => {
    const { data, errors } = await person(
      'mann',
      'filmography { totalCount nodes { movie { id } kind job } edges { cursor node { job } } pageInfo { endCursor } }',
    );
    expect(errors).toEqual([]);
    const { edges, pageInfo, ...listed } = data._entities[0].filmography;
    expect(edges.map(({ node }: Json) => node.job)).toEqual(['Director', 'Director', 'Writer']);
    expect(edges[2].cursor).toBe(pageInfo.endCursor);
    expect(listed).toEqual({
      totalCount: 3,
      nodes: [
        { movie: { id: 'insider' }, kind: 'CREW', job: 'Director' },
        { movie: { id: 'heat' }, kind: 'CREW', job: 'Director' },
        { movie: { id: 'heat' }, kind: 'CREW', job: 'Writer' },
      ],
    });
  });

  it('pages a filmography even between two credits of one film', async () => {
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 3; page += 1) {
      const { data } = await person(
        'mann',
        `filmography(first: 1${after}) { nodes { movie { id } job } pageInfo { hasNextPage endCursor } }`,
      );
      const { nodes, pageInfo } = data._entities[0].filmography;
      seen.push(`${nodes[0].movie.id} ${nodes[0].job}`);
      expect(pageInfo.hasNextPage).toBe(page < 2);
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(['insider Director', 'heat Director', 'heat Writer']);
  });

  it('filters a filmography by job', async () => {
    const { data } = await person(
      'mann',
      'filmography(job: "Writer") { totalCount nodes { movie { id } } }',
    );
    expect(data._entities[0].filmography).toEqual({
      totalCount: 1,
      nodes: [{ movie: { id: 'heat' } }],
    });
  });

  it('asks once what many people are known for', async () => {
    router.calls.length = 0;
    const ids = ['pacino', 'mann', 'deniro', 'nobody'];
    const { data } = await subgraph.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id knownFor(first: 2) { id } } } }',
      { variables: { r: ids.map((id) => ({ __typename: 'Person', id })) } },
    );
    expect(
      data._entities.map((entity: Json) => entity.knownFor.map((film: Json) => film.id)),
    ).toEqual([['heat', 'insider'], ['heat', 'insider'], ['heat', 'taxi'], []]);
    expect(router.calls.map(({ method }) => method)).toEqual(['list', 'findByIds']);
  });

  it('reads the entities of a page in one batch', async () => {
    router.calls.length = 0;
    const { data } = await subgraph.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Movie { id title } } }',
      { variables: { r: FILMS.slice(0, 20).map(({ id }) => ({ __typename: 'Movie', id })) } },
    );
    expect(data._entities).toHaveLength(20);
    expect(router.calls).toEqual([{ method: 'findByIds', collection: 'movies', size: 20 }]);
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

  it('filters by the reaction of the viewer, who must be signed in', async () => {
    const viewer = { handle: 'ada', role: 'USER' } as const;
    const at = new Date(0);
    router.load('users', [userDocument({ handle: 'ada', displayName: 'Ada', joinedAt: at })]);
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
