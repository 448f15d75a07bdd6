import type { Viewer } from '@marquee/identity';
import {
  movieDocument,
  personDocument,
  summaryDocument,
  userDocument,
} from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { createMoviesSubgraph } from '../src/subgraph.ts';

const ADMIN = { handle: 'root', role: 'ADMIN' } as const;
const USER = { handle: 'ada', role: 'USER' } as const;
const OPERATION = '0192f0c0-0000-7000-8000-000000000001';

const SAVE = `__typename
  ... on MovieSaved { movie { id revision title year plot posterUrl releaseDate genres rating voteCount popularity externalIds { source id } credits { nodes { kind billing character job person { id } } } } }
  ... on ValidationFailed { message problems { path message } }
  ... on VersionConflict { currentRevision current { ... on Movie { id title revision } } }
  ... on NotFound { id }`;
const CREATE = `mutation ($input: CreateMovieInput!, $operationId: ID) { createMovie(input: $input, operationId: $operationId) { ${SAVE} } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateMovieInput!, $expectedRevision: Int, $operationId: ID) {
  updateMovie(id: $id, input: $input, expectedRevision: $expectedRevision, operationId: $operationId) { ${SAVE} } }`;
const DELETE = `mutation ($id: ID!, $expectedRevision: Int, $operationId: ID) {
  deleteMovie(id: $id, expectedRevision: $expectedRevision, operationId: $operationId) {
    __typename ... on MovieDeleted { id } ... on VersionConflict { currentRevision } ... on NotFound { id } } }`;
const RESTORE = `mutation ($id: ID!) { restoreMovie(id: $id) { ${SAVE} } }`;

describe('what admins do to films', () => {
  let router: InMemoryShardRouter;
  let subgraph: TestSubgraph;

  beforeEach(async () => {
    router = createInMemoryShardRouter();
    const joinedAt = new Date(0);
    router.load('users', [
      userDocument({ handle: 'root', displayName: 'Root', role: 'ADMIN', joinedAt }),
      userDocument({ handle: 'ada', displayName: 'Ada', joinedAt }),
    ]);
    router.load('person', [personDocument({ id: 'keanu', name: 'Keanu Reeves' })]);
    router.load('movies', [
      movieDocument({ id: 'heat', title: 'Heat', year: 1995, plot: 'A heist.' }),
    ]);
    subgraph = await startTestSubgraph(createMoviesSubgraph(), { router });
  });
  afterEach(() => subgraph.close());

  const run = (
    document: string,
    variables: Record<string, unknown>,
    viewer: Viewer | null = ADMIN,
  ) => subgraph.ask(document, { variables, viewer });

  describe('roles', () => {
    const attempts: [string, string, Record<string, unknown>][] = [
      ['createMovie', CREATE, { input: { title: 'X' } }],
      ['updateMovie', UPDATE, { id: 'heat', input: { title: 'X' } }],
      ['deleteMovie', DELETE, { id: 'heat' }],
      ['restoreMovie', RESTORE, { id: 'heat' }],
    ];

    it.each(attempts)('%s is FORBIDDEN to a user', async (_, document, variables) => {
      const before = router.snapshot();
      const { errors, result } = await run(document, variables, USER);
      expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
      expect(result).toBeNull();
      expect(router.snapshot()).toBe(before);
    });

    it.each(attempts)('%s is UNAUTHENTICATED to nobody', async (_, document, variables) => {
      const before = router.snapshot();
      const { errors } = await subgraph.ask(document, { variables });
      expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect(router.snapshot()).toBe(before);
    });

    it('are those of the store, not of an old token', async () => {
      const demoted = { handle: 'ada', role: 'ADMIN' } as const;
      const deleted = { handle: 'gone', role: 'ADMIN' } as const;
      const before = router.snapshot();
      expect((await run(DELETE, { id: 'heat' }, demoted)).errors[0]?.extensions.code).toBe(
        'FORBIDDEN',
      );
      expect((await run(DELETE, { id: 'heat' }, deleted)).errors[0]?.extensions.code).toBe(
        'UNAUTHENTICATED',
      );
      expect(router.snapshot()).toBe(before);
    });
  });

  it('creates a film that is found at once', async () => {
    const input = {
      title: '  The   Matrix ',
      year: 1999,
      posterUrl: 'https://example.org/m.jpg',
      releaseDate: '1999-03-31',
      genres: ['Sci-Fi'],
      credits: [
        { kind: 'CAST', personId: 'keanu', character: 'Neo' },
        { kind: 'CREW', personId: 'keanu', job: 'Stunts' },
      ],
    };
    const { result, errors } = await run(CREATE, { input });
    expect(errors).toEqual([]);
    expect(result).toMatchObject({
      __typename: 'MovieSaved',
      movie: {
        revision: 1,
        title: 'The   Matrix',
        year: 1999,
        plot: null,
        posterUrl: 'https://example.org/m.jpg',
        releaseDate: '1999-03-31',
        credits: {
          nodes: [
            { kind: 'CAST', billing: 1, character: 'Neo', person: { id: 'keanu' } },
            { kind: 'CREW', job: 'Stunts' },
          ],
        },
      },
    });
    const found = await subgraph.ask('{ movies(query: "matrix") { nodes { id } } }');
    expect(found.data.movies.nodes).toEqual([{ id: result.movie.id }]);
    expect(router.stored('movies', result.movie.id)).toMatchObject({
      search: ['the', 'matrix'],
      personIds: ['keanu'],
    });
  });

  it('saves what rates a film and where else it is known, and empties it again', async () => {
    const input = {
      title: 'Rated',
      rating: 7.5,
      voteCount: 12,
      popularity: 3.25,
      externalIds: [
        { source: 'imdb', id: 'tt1' },
        { source: 'wikidata', id: 'Q1' },
      ],
    };
    const created = (await run(CREATE, { input })).result.movie;
    const { title, ...rated } = input;
    expect(created).toMatchObject({ title, ...rated });
    expect(router.stored('movies', created.id)).toMatchObject({
      externalIds: { imdb: 'tt1', wikidata: 'Q1' },
      popularity: 3.25,
    });
    const other = { externalIds: [{ source: 'imdb', id: 'tt2' }] };
    expect((await run(UPDATE, { id: created.id, input: other })).result.movie).toMatchObject({
      ...rated,
      ...other,
    });
    const nothing = { rating: null, voteCount: null, popularity: null, externalIds: null };
    expect((await run(UPDATE, { id: created.id, input: nothing })).result.movie).toMatchObject({
      rating: null,
      voteCount: null,
      popularity: 0,
      externalIds: [],
    });
  });

  it('creates once, however often the operation is sent', async () => {
    const variables = { input: { title: 'Once' }, operationId: OPERATION };
    const first = await run(CREATE, variables);
    const again = await run(CREATE, variables);
    expect(again.result).toEqual(first.result);
    const { data } = await subgraph.ask('{ movies(query: "once") { totalCount } }');
    expect(data.movies.totalCount).toBe(1);
  });

  it('updates once, however often the operation is sent, and answers the film as it is now', async () => {
    const variables = { id: 'heat', input: { title: 'Heat 2' }, operationId: OPERATION };
    expect((await run(UPDATE, variables)).result.movie.revision).toBe(2);
    await run(UPDATE, { id: 'heat', input: { title: 'Heat 3' } });
    expect((await run(UPDATE, variables)).result.movie).toMatchObject({
      revision: 3,
      title: 'Heat 3',
    });
  });

  it('refuses an operation id with another payload, and one that is no UUIDv7', async () => {
    await run(UPDATE, { id: 'heat', input: { title: 'A' }, operationId: OPERATION });
    const reused = await run(UPDATE, { id: 'heat', input: { title: 'B' }, operationId: OPERATION });
    expect(reused.errors[0]?.extensions.code).toBe('OPERATION_ID_REUSED');
    for (const operationId of [
      '',
      'x',
      '0192f0c0-0000-4000-8000-000000000001',
      'ffffffff-ffff-7fff-bfff-ffffffffffff',
    ]) {
      const { errors } = await run(UPDATE, { id: 'heat', input: { title: 'B' }, operationId });
      expect(errors[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: 'operationId',
      });
    }
  });

  it('keeps the operations of two admins apart', async () => {
    router.load('users', [
      userDocument({ handle: 'eve', displayName: 'Eve', role: 'ADMIN', joinedAt: new Date(0) }),
    ]);
    const variables = { input: { title: 'Twice' }, operationId: OPERATION };
    const first = await run(CREATE, variables);
    const second = await run(CREATE, variables, { handle: 'eve', role: 'ADMIN' });
    expect(second.result.movie.id).not.toBe(first.result.movie.id);
  });

  it('changes the fields given, empties those that are null, and leaves the others', async () => {
    const { result } = await run(UPDATE, { id: 'heat', input: { plot: null, genres: ['Crime'] } });
    expect(result.movie).toMatchObject({
      title: 'Heat',
      year: 1995,
      plot: null,
      genres: ['Crime'],
      revision: 2,
    });
    expect(router.stored('movies', 'heat')).not.toHaveProperty('plot');
  });

  it('refuses an update of another revision, and shows the film as it is', async () => {
    const { result } = await run(UPDATE, {
      id: 'heat',
      input: { title: 'X' },
      expectedRevision: 7,
    });
    expect(result).toEqual({
      __typename: 'VersionConflict',
      currentRevision: 1,
      current: { id: 'heat', title: 'Heat', revision: 1 },
    });
    expect((await run(DELETE, { id: 'heat', expectedRevision: 0 })).result).toEqual({
      __typename: 'VersionConflict',
      currentRevision: 1,
    });
    expect(
      (await run(UPDATE, { id: 'heat', input: { title: 'X' }, expectedRevision: 1 })).result
        .__typename,
    ).toBe('MovieSaved');
  });

  it('lets one of many updates of the same revision win', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        run(UPDATE, { id: 'heat', input: { title: `Heat ${i}` }, expectedRevision: 1 }),
      ),
    );
    expect(results.filter(({ result }) => result.__typename === 'MovieSaved')).toHaveLength(1);
    expect(results.filter(({ result }) => result.__typename === 'VersionConflict')).toHaveLength(9);
  });

  it('deletes and restores, and hides the interactions of the film meanwhile', async () => {
    router.load('user_interactions', [summaryDocument('heat', { likeCount: 3, dislikeCount: 1 })]);
    expect((await run(DELETE, { id: 'heat' })).result).toEqual({
      __typename: 'MovieDeleted',
      id: 'heat',
    });
    expect(
      (await subgraph.ask('{ movie(id: "heat") { id } movies(query: "heat") { totalCount } }'))
        .data,
    ).toEqual({ movie: null, movies: { totalCount: 0 } });
    expect(router.stored('user_interactions', 'heat')).toMatchObject({
      hidden: true,
      likeCount: 3,
    });
    expect((await run(DELETE, { id: 'heat' })).result).toEqual({
      __typename: 'NotFound',
      id: 'heat',
    });
    expect((await run(UPDATE, { id: 'heat', input: { title: 'X' } })).result.__typename).toBe(
      'NotFound',
    );
    expect((await run(RESTORE, { id: 'heat' })).result.movie).toMatchObject({
      title: 'Heat',
      revision: 3,
    });
    expect(router.stored('user_interactions', 'heat')).toMatchObject({
      hidden: false,
      likeCount: 3,
    });
    expect((await run(RESTORE, { id: 'nothing' })).result).toEqual({
      __typename: 'NotFound',
      id: 'nothing',
    });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['blank title', { title: '   ' }, ['input.title']],
    ['title of 301 characters', { title: 'x'.repeat(301) }, ['input.title']],
    ['null byte', { title: 'a\0b' }, ['input.title']],
    [
      'several problems',
      { title: '', year: 1700, runtimeMinutes: -1 },
      ['input.title', 'input.year', 'input.runtimeMinutes'],
    ],
    ['year before film', { title: 'x', year: 1887 }, ['input.year']],
    ['year far ahead', { title: 'x', year: 2999 }, ['input.year']],
    ['release before film', { title: 'x', releaseDate: '1200-01-01' }, ['input.releaseDate']],
    ['insecure poster', { title: 'x', posterUrl: 'http://example.org/x.jpg' }, ['input.posterUrl']],
    ['language in words', { title: 'x', languages: ['en', 'english'] }, ['input.languages.1']],
    [
      'crew without job',
      { title: 'x', credits: [{ kind: 'CREW', personId: 'keanu' }] },
      ['input.credits.0.job'],
    ],
    [
      'unknown person',
      {
        title: 'x',
        credits: [
          { kind: 'CAST', personId: 'keanu' },
          { kind: 'CAST', personId: 'who' },
        ],
      },
      ['input.credits.1.personId'],
    ],
    [
      'numbers out of range',
      { title: 'x', rating: 10.1, voteCount: -1, popularity: -0.1 },
      ['input.rating', 'input.voteCount', 'input.popularity'],
    ],
    [
      'source that is no name',
      { title: 'x', externalIds: [{ source: '$where', id: 'x' }] },
      ['input.externalIds.0.source'],
    ],
    [
      'two ids of one source',
      {
        title: 'x',
        externalIds: [
          { source: 'imdb', id: 'a' },
          { source: 'imdb', id: 'b' },
        ],
      },
      ['input.externalIds.1.source'],
    ],
    [
      'too many genres',
      { title: 'x', genres: Array.from({ length: 21 }, (_, i) => `g${i}`) },
      ['input.genres'],
    ],
  ])('answers ValidationFailed with the paths: %s', async (_, input, paths) => {
    const before = router.snapshot();
    const { result, errors } = await run(CREATE, { input });
    expect(errors).toEqual([]);
    expect(result.__typename).toBe('ValidationFailed');
    expect(result.problems.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(router.snapshot()).toBe(before);
  });

  it('does not empty a title', async () => {
    const { result } = await run(UPDATE, { id: 'heat', input: { title: null } });
    expect(result.problems).toEqual([
      { path: 'input.title', message: 'expected 1 to 300 characters of text' },
    ]);
  });

  it.each(['javascript:alert(1)', 'ftp://x/y', 'nonsense', ''])(
    'refuses %j as URL, naming the argument',
    async (posterUrl) => {
      const { errors } = await run(CREATE, { input: { title: 'x', posterUrl } });
      expect(errors[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: 'input.posterUrl',
      });
    },
  );

  it('names an item of a list as it does in problems', async () => {
    const input = { title: 'x', credits: [{ kind: 'EXTRA', personId: 'keanu' }] };
    const { errors } = await run(CREATE, { input });
    expect(errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'input.credits.0.kind',
    });
  });

  it('refuses a malformed literal as BAD_USER_INPUT', async () => {
    const { errors } = await subgraph.ask(
      'mutation { createMovie(input: { title: "x", releaseDate: "31.3.1999" }) { __typename } }',
      { viewer: ADMIN },
    );
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors[0]?.message).not.toContain('at ');
  });

  it('keeps emoji and right-to-left text as they are', async () => {
    const { result } = await run(CREATE, { input: { title: '🎬 שלום', plot: 'One\nTwo' } });
    expect(result.movie).toMatchObject({ title: '🎬 שלום', plot: 'One\nTwo' });
  });

  describe('sent again with its operation id', () => {
    const credits = [{ kind: 'CAST', personId: 'keanu' }];
    const keanu = (deleted: boolean) =>
      router.load('person', [{ ...personDocument({ id: 'keanu', name: 'Keanu' }), deleted }]);

    it.each([
      ['createMovie', CREATE, { input: { title: 'Speed', credits }, operationId: OPERATION }],
      ['updateMovie', UPDATE, { id: 'heat', input: { credits }, operationId: OPERATION }],
    ])(
      '%s answers its first result, whatever became of the people',
      async (_, document, variables) => {
        const first = await run(document, variables);
        expect(first.result.__typename).toBe('MovieSaved');
        keanu(true);
        expect((await run(document, variables)).result).toEqual(first.result);
      },
    );

    it.each([
      ['createMovie', CREATE, { input: { title: 'Speed', credits }, operationId: OPERATION }],
      ['updateMovie', UPDATE, { id: 'heat', input: { credits }, operationId: OPERATION }],
    ])('%s stays refused, and changes nothing', async (_, document, variables) => {
      keanu(true);
      const before = router.snapshot();
      const first = await run(document, variables);
      expect(first.result.problems).toMatchObject([{ path: 'input.credits.0.personId' }]);
      expect(router.snapshot()).toBe(before);
      keanu(false);
      expect((await run(document, variables)).result).toEqual(first.result);
    });
  });
});
