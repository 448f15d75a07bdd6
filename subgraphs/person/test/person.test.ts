import type { Viewer } from '@marquee/identity';
import { personDocument, userDocument } from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { createPersonSubgraph } from '../src/subgraph.ts';

const ADMIN = { handle: 'root', role: 'ADMIN' } as const;
const SAVE = `__typename ... on PersonSaved { person { id name revision alsoKnownAs birthDate deathDate biography photoUrl popularity } }
  ... on ValidationFailed { problems { path message } } ... on VersionConflict { currentRevision current { ... on Person { name } } } ... on NotFound { id }`;
const CREATE = `mutation ($input: CreatePersonInput!) { createPerson(input: $input) { ${SAVE} } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdatePersonInput!, $expectedRevision: Int) { updatePerson(id: $id, input: $input, expectedRevision: $expectedRevision) { ${SAVE} } }`;
const DELETE = `mutation ($id: ID!) { deletePerson(id: $id) { __typename ... on PersonDeleted { id } ... on NotFound { id } } }`;
const RESTORE = `mutation ($id: ID!) { restorePerson(id: $id) { ${SAVE} } }`;

describe('people in the graph', () => {
  let router: InMemoryShardRouter;
  let subgraph: TestSubgraph;

  beforeEach(async () => {
    router = createInMemoryShardRouter();
    const joinedAt = new Date(0);
    router.load('users', [
      userDocument({ handle: 'root', displayName: 'Root', role: 'ADMIN', joinedAt }),
      userDocument({ handle: 'ada', displayName: 'Ada', joinedAt }),
    ]);
    router.load('person', [
      personDocument({
        id: 'dicaprio',
        name: 'Leonardo DiCaprio',
        alsoKnownAs: ['Leo'],
        birthDate: '1974-11-11',
        popularity: 9,
      }),
      personDocument({ id: 'binoche', name: 'Juliette Binoche', popularity: 8 }),
      personDocument({
        id: 'leone',
        name: 'Sergio Leone',
        birthDate: '1929-01-03',
        deathDate: '1989-04-30',
        popularity: 7,
      }),
    ]);
    subgraph = await startTestSubgraph(createPersonSubgraph(), { router });
  });
  afterEach(() => subgraph.close());

  const run = (
    document: string,
    variables: Record<string, unknown>,
    viewer: Viewer | null = ADMIN,
  ) => subgraph.ask(document, { variables, viewer });

  it('answers a person, and null for an unknown id', async () => {
    const { data, errors } = await subgraph.ask(
      '{ person(id: "leone") { id revision name alsoKnownAs birthDate deathDate biography photoUrl popularity } other: person(id: "who") { id } }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      person: {
        id: 'leone',
        revision: 1,
        name: 'Sergio Leone',
        alsoKnownAs: [],
        birthDate: '1929-01-03',
        deathDate: '1989-04-30',
        biography: null,
        photoUrl: null,
        popularity: 7,
      },
      other: null,
    });
  });

  it.each([
    ['leo', ['dicaprio', 'leone']],
    ['DICAP', ['dicaprio']],
    ['leonarod', ['dicaprio']],
    ['binoche', ['binoche']],
    ['zzz', []],
  ])('finds people by %s', async (query, expected) => {
    const { data } = await subgraph.ask(
      'query ($query: String) { people(query: $query) { totalCount nodes { id } } }',
      { variables: { query } },
    );
    expect(data.people.nodes.map(({ id }: { id: string }) => id)).toEqual(expected);
    expect(data.people.totalCount).toBe(expected.length);
  });

  it('reads the people of a page in one batch', async () => {
    router.calls.length = 0;
    const representations = ['dicaprio', 'leone', 'who', 'dicaprio', 'not an id'].map((id) => ({
      __typename: 'Person',
      id,
    }));
    const { data } = await subgraph.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { name } } }',
      { variables: { r: representations } },
    );
    expect(data._entities).toEqual([
      { name: 'Leonardo DiCaprio' },
      { name: 'Sergio Leone' },
      null,
      { name: 'Leonardo DiCaprio' },
      null,
    ]);
    expect(router.calls).toEqual([{ method: 'findByIds', collection: 'person', size: 3 }]);
  });

  it.each<[string, Record<string, unknown>]>([
    [CREATE, { input: { name: 'X' } }],
    [UPDATE, { id: 'leone', input: { name: 'X' } }],
    [DELETE, { id: 'leone' }],
    [RESTORE, { id: 'leone' }],
  ])('lets nobody but admins change people: %.40s', async (document, variables) => {
    const before = router.snapshot();
    expect((await run(document, variables, { handle: 'ada', role: 'USER' })).code).toBe(
      'FORBIDDEN',
    );
    expect((await run(document, variables, null)).code).toBe('UNAUTHENTICATED');
    expect(router.snapshot()).toBe(before);
  });

  it('creates, changes, deletes and restores', async () => {
    const created = (await run(CREATE, { input: { name: 'Agnès Varda', birthDate: '1928-05-30' } }))
      .result.person;
    expect(created).toMatchObject({ name: 'Agnès Varda', revision: 1 });
    const { result } = await run(UPDATE, {
      id: created.id,
      input: { deathDate: '2019-03-29' },
      expectedRevision: 1,
    });
    expect(result.person).toMatchObject({
      birthDate: '1928-05-30',
      deathDate: '2019-03-29',
      revision: 2,
    });
    expect((await run(UPDATE, { id: created.id, input: {}, expectedRevision: 1 })).result).toEqual({
      __typename: 'VersionConflict',
      currentRevision: 2,
      current: { name: 'Agnès Varda' },
    });
    expect((await run(DELETE, { id: created.id })).result.__typename).toBe('PersonDeleted');
    expect((await run(DELETE, { id: created.id })).result.__typename).toBe('NotFound');
    expect((await run(RESTORE, { id: created.id })).result.person.revision).toBe(4);
  });

  it('orders people by the popularity that admins give them', async () => {
    const named = async () => {
      const { data } = await subgraph.ask('{ people { nodes { name } } }');
      return data.people.nodes.map(({ name }: { name: string }) => name);
    };
    await run(UPDATE, { id: 'leone', input: { popularity: 99.5 } });
    expect((await named())[0]).toBe('Sergio Leone');
    const { result } = await run(UPDATE, { id: 'leone', input: { popularity: null } });
    expect(result.person.popularity).toBe(0);
    expect((await named()).at(-1)).toBe('Sergio Leone');
    expect(
      (await run(UPDATE, { id: 'leone', input: { popularity: -1 } })).result.problems,
    ).toMatchObject([{ path: 'input.popularity' }]);
  });

  it('judges what does not fit together on the whole person', async () => {
    const expected = [{ path: 'input.deathDate', message: 'expected a day not before birth' }];
    expect(
      (
        await run(CREATE, {
          input: { name: 'X', birthDate: '2000-01-01', deathDate: '1999-12-31' },
        })
      ).result.problems,
    ).toEqual(expected);
    expect(
      (await run(UPDATE, { id: 'leone', input: { birthDate: '1990-01-01' } })).result.problems,
    ).toEqual(expected);
    expect(router.stored('person', 'leone')).toMatchObject({
      birthDate: '1929-01-03',
      revision: 1,
    });
  });
});
