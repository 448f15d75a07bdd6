import type { Viewer } from '@marquee/identity';
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
import { slotOf } from '@marquee/topology';
import { createInteractionsSubgraph } from '../src/subgraph.ts';

const ADMIN = { handle: 'root', role: 'ADMIN' } as const;
const ADA = { handle: 'ada', role: 'USER' } as const;
const OPERATION = '0192f0c0-0000-7000-8000-000000000001';
const FILMS = Array.from({ length: 25 }, (_, i) => `film${i}`);

const reaction = (name: string) => `mutation ($movieId: ID!, $operationId: ID) {
  ${name}(movieId: $movieId, operationId: $operationId) { __typename
    ... on ReactionSaved { reaction movie { id likeCount dislikeCount viewerReaction } } ... on NotFound { id } } }`;
const SET = `mutation ($input: SetInteractionInput!) { setInteraction(input: $input) { __typename
  ... on InteractionSaved { interaction { id reaction movie { id } user { id } createdAt updatedAt } }
  ... on ValidationFailed { problems { path } } ... on NotFound { id } } }`;
const SET_ONCE = SET.replace('!)', '!, $operationId: ID)').replace(
  'input)',
  'input, operationId: $operationId)',
);
const DELETE = `mutation ($movieId: ID!, $userId: ID!) { deleteInteraction(movieId: $movieId, userId: $userId) { __typename
  ... on InteractionDeleted { id } ... on NotFound { id } } }`;

describe('reactions to films', () => {
  let router: InMemoryShardRouter;
  let subgraph: TestSubgraph;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.parse('2026-01-01T00:00:00Z');
    router = createInMemoryShardRouter();
    const joinedAt = new Date(0);
    router.load('users', [
      userDocument({ handle: 'root', displayName: 'Root', role: 'ADMIN', joinedAt }),
      ...['ada', 'bob'].map((handle) => userDocument({ handle, displayName: handle, joinedAt })),
      ...Array.from({ length: 50 }, (_, i) =>
        userDocument({ handle: `fan${i}`, displayName: 'Fan', joinedAt }),
      ),
    ]);
    router.load(
      'movies',
      FILMS.map((id) => movieDocument({ id, title: id })),
    );
    subgraph = await startTestSubgraph(createInteractionsSubgraph(), { router, now: () => nowMs });
  });
  afterEach(() => subgraph.close());

  const run = (document: string, variables: Record<string, unknown>, viewer: Viewer | null = ADA) =>
    subgraph.ask(document, { variables, viewer });
  const hide = (movieId: string) => {
    router.load('movies', [{ ...movieDocument({ id: movieId, title: movieId }), deleted: true }]);
    const summary = router.stored('user_interactions', movieId);
    if (summary !== undefined) router.load('user_interactions', [{ ...summary, hidden: true }]);
  };

  it('change with the counts, and are seen at once', async () => {
    const saved = (reaction: string | null, likeCount: number, dislikeCount: number) => ({
      __typename: 'ReactionSaved',
      reaction,
      movie: { id: 'film1', likeCount, dislikeCount, viewerReaction: reaction },
    });
    const variables = { movieId: 'film1' };
    expect((await run(reaction('likeMovie'), variables)).result).toEqual(saved('LIKE', 1, 0));
    expect((await run(reaction('likeMovie'), variables)).result).toEqual(saved('LIKE', 1, 0));
    expect((await run(reaction('dislikeMovie'), variables)).result).toEqual(saved('DISLIKE', 0, 1));
    expect((await run(reaction('removeReaction'), variables)).result).toEqual(saved(null, 0, 0));
    expect((await run(reaction('removeReaction'), variables)).result).toEqual(saved(null, 0, 0));
    expect(router.stored('movies', 'film1')?.revision).toBe(1);
  });

  it('are counted exactly under many likers at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        run(
          reaction(i % 5 === 0 ? 'dislikeMovie' : 'likeMovie'),
          { movieId: 'film2' },
          { handle: `fan${i}`, role: 'USER' },
        ),
      ),
    );
    expect(answers.every(({ result }) => result.__typename === 'ReactionSaved')).toBe(true);
    expect(router.stored('user_interactions', 'film2')).toMatchObject({
      likeCount: 40,
      dislikeCount: 10,
    });
  });

  it('happen once for one operation id', async () => {
    const variables = { movieId: 'film3', operationId: OPERATION };
    await run(reaction('likeMovie'), variables);
    await run(reaction('removeReaction'), { movieId: 'film3' });
    const again = await run(reaction('likeMovie'), variables);
    expect(again.result).toMatchObject({
      __typename: 'ReactionSaved',
      reaction: null,
      movie: { likeCount: 0 },
    });
    expect((await run(reaction('dislikeMovie'), variables)).code).toBe('OPERATION_ID_REUSED');
    hide('film3');
    expect((await run(reaction('likeMovie'), variables)).result.__typename).toBe('ReactionSaved');
  });

  it('need a film that is there, and somebody signed in who still exists', async () => {
    hide('film4');
    expect((await run(reaction('likeMovie'), { movieId: 'film4' })).result).toEqual({
      __typename: 'NotFound',
      id: 'film4',
    });
    expect((await run(reaction('likeMovie'), { movieId: 'nothing' })).result).toEqual({
      __typename: 'NotFound',
      id: 'nothing',
    });
    const before = router.snapshot();
    expect((await run(reaction('likeMovie'), { movieId: 'film5' }, null)).code).toBe(
      'UNAUTHENTICATED',
    );
    expect(
      (await run(reaction('likeMovie'), { movieId: 'film5' }, { handle: 'gone', role: 'USER' }))
        .code,
    ).toBe('UNAUTHENTICATED');
    expect(
      (await run(reaction('likeMovie'), { movieId: '$where:' })).errors[0]?.extensions,
    ).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'movieId' });
    expect(router.snapshot()).toBe(before);
  });

  it('of a page of films cost one batch, with the viewer’s own', async () => {
    await run(reaction('likeMovie'), { movieId: 'film7' });
    router.calls.length = 0;
    const { data } = await subgraph.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Movie { id likeCount dislikeCount viewerReaction } } }',
      {
        variables: { r: FILMS.slice(0, 20).map((id) => ({ __typename: 'Movie', id })) },
        viewer: ADA,
      },
    );
    expect(data._entities[7]).toEqual({
      id: 'film7',
      likeCount: 1,
      dislikeCount: 0,
      viewerReaction: 'LIKE',
    });
    expect(data._entities[8]).toEqual({
      id: 'film8',
      likeCount: 0,
      dislikeCount: 0,
      viewerReaction: null,
    });
    expect(router.calls).toEqual([
      { method: 'findByIds', collection: 'users', size: 1 },
      { method: 'findByIds', collection: 'user_interactions', size: 40 },
    ]);
  });

  it('of a viewer are not told to a token that was ended', async () => {
    await run(reaction('likeMovie'), { movieId: 'film9' });
    const { data, errors } = await subgraph.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Movie { likeCount viewerReaction } } }',
      {
        variables: { r: [{ __typename: 'Movie', id: 'film9' }] },
        viewer: { ...ADA, tokenGeneration: 7 },
      },
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([{ likeCount: 1, viewerReaction: null }]);
  });

  describe('of a user', () => {
    const load = (handle: string, films: readonly string[]) => {
      router.load(
        'user_interactions',
        films.flatMap((movieId, i) => [
          interactionDocument({
            movieId,
            handle,
            reaction: i % 2 ? 'DISLIKE' : 'LIKE',
            createdAt: new Date(i * 1000),
          }),
          summaryDocument(movieId, { likeCount: i % 2 ? 0 : 1, dislikeCount: i % 2 }),
        ]),
      );
    };
    const list = async (args: string, viewer: Viewer | null = ADA, id = 'ada') => {
      const { data, errors } = await subgraph.ask(
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { interactions${args} { totalCount nodes { id movie { id } reaction } pageInfo { hasNextPage endCursor } } } } }`,
        { variables: { r: [{ __typename: 'User', id }] }, viewer },
      );
      expect(errors).toEqual([]);
      return data._entities[0].interactions;
    };

    it('are listed to themselves and admins, the newest first', async () => {
      load('ada', FILMS.slice(0, 5));
      const found = await list('(first: 2)');
      expect(found.totalCount).toBe(5);
      expect(found.nodes.map(({ id }: Json) => id)).toEqual(['film4:ada', 'film3:ada']);
      expect((await list('(reaction: DISLIKE)', ADMIN)).totalCount).toBe(2);
      expect(await list('', { handle: 'bob', role: 'USER' })).toBeNull();
      expect(await list('', ADA, 'ada')).toMatchObject({ totalCount: 5 });
      expect(await list('', null)).toBeNull();
    });

    it('are hidden with their film, from pages and counts', async () => {
      load('ada', FILMS.slice(0, 9));
      ['film8', 'film7', 'film5', 'film0'].forEach(hide);
      const first = await list('(first: 3)');
      expect(first.nodes.map(({ id }: Json) => id)).toEqual([
        'film6:ada',
        'film4:ada',
        'film3:ada',
      ]);
      expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
      const second = await list(`(first: 3, after: "${first.pageInfo.endCursor}")`);
      expect(second.nodes.map(({ id }: Json) => id)).toEqual(['film2:ada', 'film1:ada']);
      expect(second.pageInfo.hasNextPage).toBe(false);
    });

    it('are found behind however many of deleted films', async () => {
      const gone = Array.from({ length: 12_000 }, (_, i) => `gone${i}`);
      router.load(
        'user_interactions',
        [...FILMS.slice(0, 3), ...gone].map((movieId, i) =>
          interactionDocument({
            movieId,
            handle: 'ada',
            reaction: 'LIKE',
            createdAt: new Date(i * 1_000),
          }),
        ),
      );
      const found: string[] = [];
      let pages = 0;
      for (let after = ''; ; pages += 1) {
        const { data, errors } = await run(
          `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User {
            interactions(first: 2${after}) { nodes { id } pageInfo { hasNextPage endCursor } } } } }`,
          { r: [{ __typename: 'User', id: 'ada' }] },
        );
        expect(errors).toEqual([]);
        const { nodes, pageInfo } = data._entities[0].interactions;
        found.push(...nodes.map(({ id }: Json) => id));
        if (!pageInfo.hasNextPage) break;
        expect(pages).toBeLessThan(5);
        after = `, after: "${pageInfo.endCursor}"`;
      }
      expect(found).toEqual(['film2:ada', 'film1:ada', 'film0:ada']);
    });
  });

  it('of a deleted film are none at once, whatever their number', async () => {
    for (const handle of ['ada', 'bob']) {
      await run(reaction('likeMovie'), { movieId: 'film9' }, { handle, role: 'USER' });
    }
    hide('film9');
    router.calls.length = 0;
    const { data, errors } = await run(
      '{ interactions(filter: { movieId: "film9" }) { totalCount nodes { id } pageInfo { hasNextPage } } }',
      {},
      ADMIN,
    );
    expect({ errors, ...data.interactions }).toEqual({
      errors: [],
      totalCount: 0,
      nodes: [],
      pageInfo: { hasNextPage: false },
    });
    expect(router.calls.filter(({ collection }) => collection === 'user_interactions')).toEqual([]);
  });

  it('are listed to admins, by film, user and reaction', async () => {
    for (const movieId of ['film1', 'film2']) await run(reaction('likeMovie'), { movieId });
    await run(reaction('dislikeMovie'), { movieId: 'film1' }, { handle: 'bob', role: 'USER' });
    const list = (filter: string, viewer: Viewer | null = ADMIN) =>
      subgraph.ask(`{ interactions${filter} { totalCount nodes { id user { id } } } }`, { viewer });
    expect((await list('')).data.interactions.totalCount).toBe(3);
    expect((await list('(filter: { movieId: "film1" })')).data.interactions.totalCount).toBe(2);
    expect(
      (await list('(filter: { movieId: "film1", reaction: LIKE })')).data.interactions.nodes,
    ).toEqual([{ id: 'film1:ada', user: { id: 'ada' } }]);
    expect((await list('(filter: { userId: "bob" })')).data.interactions.nodes).toEqual([
      { id: 'film1:bob', user: { id: 'bob' } },
    ]);
    expect((await list('', ADA)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    for (const [field, value] of [
      ['userId', 'B B'],
      ['userId', ''],
      ['movieId', ''],
    ]) {
      const { errors } = await list(`(filter: { ${field}: "${value}" })`);
      expect(errors[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: `filter.${field}`,
      });
    }
  });

  it('order the films that are liked most', async () => {
    router.load('user_interactions', [
      summaryDocument('film1', { likeCount: 5, dislikeCount: 9 }),
      summaryDocument('film2', { likeCount: 7, dislikeCount: 0 }),
      summaryDocument('film3', { likeCount: 0, dislikeCount: 1 }),
      { ...summaryDocument('film4', { likeCount: 99, dislikeCount: 0 }), hidden: true },
    ]);
    const list = async (args: string) => {
      const { data } = await subgraph.ask(
        `{ mostLikedMovies${args} { totalCount nodes { likeCount movie { id } } edges { cursor node { likeCount } } pageInfo { hasNextPage endCursor } } }`,
      );
      return data.mostLikedMovies;
    };
    const all = await list('');
    expect(all).toMatchObject({
      totalCount: 2,
      nodes: [
        { likeCount: 7, movie: { id: 'film2' } },
        { likeCount: 5, movie: { id: 'film1' } },
      ],
      pageInfo: { hasNextPage: false },
    });
    expect(all.edges.map(({ node }: Json) => node.likeCount)).toEqual([7, 5]);
    expect(all.edges[1].cursor).toBe(all.pageInfo.endCursor);
    const rest = await list(`(after: "${all.edges[0].cursor}")`);
    expect(rest.nodes.map(({ movie }: Json) => movie.id)).toEqual(['film1']);
  });

  describe('suggest what others like as well', () => {
    const like = (handle: string, films: readonly string[]) =>
      router.load(
        'user_interactions',
        films.map((movieId, i) =>
          interactionDocument({ movieId, handle, reaction: 'LIKE', createdAt: new Date(i) }),
        ),
      );
    const suggestions = async (first = 10) => {
      const { data, errors } = await subgraph.ask(
        'query ($r: [_Any!]!, $first: Int) { _entities(representations: $r) { ... on Movie { alsoLiked(first: $first) { id } } } }',
        { variables: { r: [{ __typename: 'Movie', id: 'film1' }], first } },
      );
      return { errors, ids: data._entities[0].alsoLiked?.map(({ id }: Json) => id) };
    };

    it('the most shared first, without the film itself and without deleted ones', async () => {
      like('ada', ['film1', 'film2', 'film3', 'film4']);
      like('bob', ['film1', 'film3', 'film4']);
      like('fan1', ['film1', 'film4']);
      like('fan2', ['film5', 'film6']);
      hide('film3');
      like('fan3', ['film1', 'film2']);
      expect(await suggestions()).toEqual({ errors: [], ids: ['film4', 'film2'] });
      expect((await suggestions(1)).ids).toEqual(['film4']);
      expect((await suggestions(21)).errors[0]?.extensions).toMatchObject({ argument: 'first' });
    });

    it('nothing for a film that nobody likes', async () => {
      expect(await suggestions()).toEqual({ errors: [], ids: [] });
    });

    it('nothing that would tell what one person likes', async () => {
      like('ada', ['film1', 'film2', 'film3']);
      expect((await suggestions()).ids).toEqual([]);
      nowMs += 60_000;
      like('bob', ['film1', 'film3', 'film4']);
      expect((await suggestions()).ids).toEqual(['film3']);
    });

    it('for a page of films, whose suggestions are looked for together', async () => {
      like('ada', ['film1', 'film2', 'film3', 'film4']);
      like('bob', ['film1', 'film2', 'film3', 'film4']);
      hide('film3');
      router.calls.length = 0;
      const { data, errors } = await run(
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Movie { alsoLiked { id } } } }',
        { r: ['film1', 'film2', 'film9'].map((id) => ({ __typename: 'Movie', id })) },
      );
      expect(errors).toEqual([]);
      expect(
        data._entities.map(({ alsoLiked }: Json) => alsoLiked.map(({ id }: Json) => id)),
      ).toEqual([['film2', 'film4'], ['film1', 'film4'], []]);
      expect(router.calls.filter(({ method }) => method === 'findByIds')).toEqual([
        { method: 'findByIds', collection: 'movies', size: 4 },
      ]);
    });

    it('for a minute the same, and what lacks a shard only once', async () => {
      for (const handle of ['ada', 'bob']) like(handle, ['film1', 'film2']);
      router.setShardDown(slotOf('film1') < 512 ? 'b' : 'a');
      expect((await suggestions()).errors[0]).toMatchObject({
        path: ['_entities', 0, 'alsoLiked'],
      });
      router.setShardDown(undefined);
      expect((await suggestions()).ids).toEqual(['film2']);
      for (const handle of ['ada', 'bob']) like(handle, ['film3']);
      expect((await suggestions()).ids).toEqual(['film2']);
      nowMs += 60_000;
      expect((await suggestions()).ids).toEqual(['film2', 'film3']);
    });
  });

  describe('set by an admin', () => {
    const input = { movieId: 'film6', userId: 'bob', reaction: 'LIKE' };

    it('count as if the user had reacted, and can be deleted', async () => {
      const { result } = await run(SET, { input }, ADMIN);
      expect(result).toMatchObject({
        __typename: 'InteractionSaved',
        interaction: {
          id: 'film6:bob',
          reaction: 'LIKE',
          movie: { id: 'film6' },
          user: { id: 'bob' },
          createdAt: '2026-01-01T00:00:00.000Z',
        },
      });
      expect(router.stored('user_interactions', 'film6')).toMatchObject({ likeCount: 1 });
      expect((await run(DELETE, input, ADMIN)).result).toEqual({
        __typename: 'InteractionDeleted',
        id: 'film6:bob',
      });
      expect(router.stored('user_interactions', 'film6')).toMatchObject({ likeCount: 0 });
      expect((await run(DELETE, input, ADMIN)).result).toEqual({
        __typename: 'NotFound',
        id: 'film6:bob',
      });
    });

    it('need a user and a film', async () => {
      const before = router.snapshot();
      expect(
        (await run(SET, { input: { ...input, userId: 'nobody' } }, ADMIN)).result.problems,
      ).toEqual([{ path: 'input.userId' }]);
      expect(
        (await run(SET, { input: { ...input, userId: 'No Handle' } }, ADMIN)).result.problems,
      ).toEqual([{ path: 'input.userId' }]);
      expect((await run(SET, { input: { ...input, movieId: 'nothing' } }, ADMIN)).result).toEqual({
        __typename: 'NotFound',
        id: 'nothing',
      });
      expect(router.snapshot()).toBe(before);
    });

    it('answer their first result when they are sent again, whatever became of the user', async () => {
      const variables = { input, operationId: OPERATION };
      const bob = userDocument({ handle: 'bob', displayName: 'Bob', joinedAt: new Date(0) });
      const first = await run(SET_ONCE, variables, ADMIN);
      expect(first.result.__typename).toBe('InteractionSaved');
      router.load('users', [{ ...bob, deleted: true }]);
      expect((await run(SET_ONCE, variables, ADMIN)).result).toEqual(first.result);
      const refused = {
        input: { ...input, movieId: 'film7' },
        operationId: OPERATION.replace(/1$/, '2'),
      };
      const problems = [{ path: 'input.userId' }];
      expect((await run(SET_ONCE, refused, ADMIN)).result).toMatchObject({ problems });
      router.load('users', [bob]);
      expect((await run(SET_ONCE, refused, ADMIN)).result).toMatchObject({ problems });
    });

    it('are FORBIDDEN to users and UNAUTHENTICATED to nobody', async () => {
      const before = router.snapshot();
      for (const document of [SET, DELETE]) {
        const variables = { input, ...input };
        expect((await run(document, variables, ADA)).code).toBe('FORBIDDEN');
        expect((await run(document, variables, null)).code).toBe('UNAUTHENTICATED');
      }
      expect(router.snapshot()).toBe(before);
    });
  });
});
