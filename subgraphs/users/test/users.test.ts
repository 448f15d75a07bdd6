import {
  createKeyPair,
  createUserTokenVerifier,
  hashPassword,
  type Viewer,
} from '@marquee/identity';
import { userDocument } from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type Json,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { slotOf } from '@marquee/topology';
import { createErasures } from '../src/accounts/erasures.ts';
import { createUsersSubgraph } from '../src/subgraph.ts';

const ADMIN = { handle: 'root', role: 'ADMIN' } as const;
const ADA = { handle: 'ada', role: 'USER' } as const;
const PASSWORD = 'correct horse battery';
const OPERATION = '0192f0c0-0000-7000-8000-000000000001';

const SIGN_IN = `mutation ($handle: String!, $password: String!) {
  signIn(handle: $handle, password: $password) { token expiresAt viewer { id handle role email } } }`;
const SAVE = `__typename ... on UserSaved { user { id displayName role email revision } }
  ... on ValidationFailed { problems { path message } } ... on VersionConflict { currentRevision } ... on NotFound { id }`;
const CREATE = `mutation ($input: CreateUserInput!, $operationId: ID) { createUser(input: $input, operationId: $operationId) { ${SAVE} } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateUserInput!, $operationId: ID) { updateUser(id: $id, input: $input, operationId: $operationId) { ${SAVE} } }`;
const DELETE = `mutation ($id: ID!) { deleteUser(id: $id) { __typename ... on UserDeleted { id } ... on NotFound { id } } }`;
const ERASE = `mutation ($id: ID!, $expectedRevision: Int) { eraseUser(id: $id, expectedRevision: $expectedRevision) { __typename ... on UserDeleted { id } } }`;
const RESTORE = `mutation ($id: ID!) { restoreUser(id: $id) { ${SAVE} } }`;

describe('users in the graph', () => {
  let router: InMemoryShardRouter;
  let subgraph: TestSubgraph;
  let keys: Awaited<ReturnType<typeof createKeyPair>>;
  let passwordHash: string;
  let nowMs: number;

  beforeAll(async () => {
    keys = await createKeyPair();
    passwordHash = await hashPassword(PASSWORD);
  });
  beforeEach(async () => {
    nowMs = Date.now();
    router = createInMemoryShardRouter();
    const joinedAt = new Date('2020-01-02T03:04:05Z');
    router.load('users', [
      userDocument({
        handle: 'root',
        displayName: 'Root',
        role: 'ADMIN',
        joinedAt,
        passwordHash,
        email: 'root@example.org',
      }),
      userDocument({
        handle: 'ada',
        displayName: 'Ada Lovelace',
        joinedAt,
        passwordHash,
        email: 'ada@example.org',
      }),
      userDocument({ handle: 'bob', displayName: 'Bob', joinedAt, email: 'bob@example.org' }),
    ]);
    const erasures = createErasures({ sweepEveryMs: 60_000, settleMs: 60_000 });
    subgraph = await startTestSubgraph(
      createUsersSubgraph({ tokenPrivateKey: keys.privateKey, erasures }),
      { router, now: () => nowMs },
    );
  });
  afterEach(() => subgraph.close());

  const run = (document: string, variables: Record<string, unknown>, viewer?: Viewer) =>
    subgraph.ask(document, { variables, viewer });

  describe('signing in', () => {
    it('answers a session whose token the gateway can verify', async () => {
      const { result } = await run(SIGN_IN, { handle: ' ADA ', password: PASSWORD });
      expect(result.viewer).toEqual({
        id: 'ada',
        handle: 'ada',
        role: 'USER',
        email: 'ada@example.org',
      });
      const viewer = await createUserTokenVerifier(keys.publicKey).verify(result.token, nowMs);
      expect(viewer).toMatchObject({ handle: 'ada', role: 'USER' });
      expect(new Date(result.expiresAt).getTime()).toBeGreaterThan(nowMs);
    });

    it('answers the same for an unknown handle, a wrong password, and a login without one', async () => {
      const answers = await Promise.all([
        run(SIGN_IN, { handle: 'nobody', password: PASSWORD }),
        run(SIGN_IN, { handle: 'not a handle', password: PASSWORD }),
        run(SIGN_IN, { handle: 'ada', password: 'wrong' }),
        run(SIGN_IN, { handle: 'ada', password: '' }),
        run(SIGN_IN, { handle: 'ada', password: 'x'.repeat(10_000) }),
        run(SIGN_IN, { handle: 'bob', password: PASSWORD }),
      ]);
      for (const { errors, data } of answers) {
        expect(data.signIn).toBeNull();
        expect(errors).toEqual(answers[0].errors);
      }
      expect(answers[0].code).toBe('UNAUTHENTICATED');
    });

    it('makes whoever guesses wait, and lets the person in afterwards', async () => {
      for (let i = 0; i < 5; i += 1) await run(SIGN_IN, { handle: 'ada', password: `guess ${i}` });
      const limited = await run(SIGN_IN, { handle: 'ada', password: PASSWORD });
      expect(limited.errors[0]?.extensions).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: 1,
        retryable: true,
      });
      expect(
        (await run(SIGN_IN, { handle: 'root', password: PASSWORD })).result.token,
      ).toBeTruthy();
      nowMs += 1_000;
      expect((await run(SIGN_IN, { handle: 'ada', password: PASSWORD })).result.token).toBeTruthy();
    });

    it('does not make anybody wait for what was not their fault', async () => {
      router.setShardDown(slotOf('ada') < 512 ? 'a' : 'b');
      for (let i = 0; i < 10; i += 1) {
        const { code } = await run(SIGN_IN, { handle: 'ada', password: PASSWORD });
        expect(code).toBe('SHARD_UNAVAILABLE');
      }
      router.setShardDown(undefined);
      expect((await run(SIGN_IN, { handle: 'ada', password: PASSWORD })).code).toBeUndefined();
    });

    it('ends with the account', async () => {
      await run(DELETE, { id: 'ada' }, ADMIN);
      expect((await run(SIGN_IN, { handle: 'ada', password: PASSWORD })).code).toBe(
        'UNAUTHENTICATED',
      );
    });

    it('never answers a hash', async () => {
      const { data, errors } = await subgraph.ask(
        '{ user(id: "ada") { id displayName role joinedAt } me { id } }',
        { viewer: ADA },
      );
      expect(errors).toEqual([]);
      expect(data).toEqual({
        user: {
          id: 'ada',
          displayName: 'Ada Lovelace',
          role: 'USER',
          joinedAt: '2020-01-02T03:04:05.000Z',
        },
        me: { id: 'ada' },
      });
    });
  });

  it('shows an e-mail address to its owner and to admins only', async () => {
    const emails = async (viewer?: Viewer) =>
      (
        await subgraph.ask('{ ada: user(id: "ada") { email } bob: user(id: "bob") { email } }', {
          viewer,
        })
      ).data;
    expect(await emails(undefined)).toEqual({ ada: { email: null }, bob: { email: null } });
    expect(await emails(ADA)).toEqual({ ada: { email: 'ada@example.org' }, bob: { email: null } });
    expect(await emails(ADMIN)).toEqual({
      ada: { email: 'ada@example.org' },
      bob: { email: 'bob@example.org' },
    });
    expect(await emails({ handle: 'bob', role: 'ADMIN' })).toEqual({
      ada: { email: null },
      bob: { email: 'bob@example.org' },
    });
  });

  it('answers null for me, nobody, and whoever was deleted since', async () => {
    expect((await subgraph.ask('{ me { id } }')).data).toEqual({ me: null });
    expect(
      (await subgraph.ask('{ me { id } }', { viewer: { handle: 'gone', role: 'USER' } })).data,
    ).toEqual({ me: null });
    expect((await subgraph.ask('{ user(id: "nobody") { id } }')).data).toEqual({ user: null });
  });

  it('lists users to admins only, found by handle or name', async () => {
    const list = (viewer?: Viewer | null) =>
      subgraph.ask('{ users(query: "lov") { totalCount nodes { id } } }', { viewer });
    expect((await list(ADMIN)).data.users).toEqual({ totalCount: 1, nodes: [{ id: 'ada' }] });
    expect((await list(ADA)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await list()).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const all = await subgraph.ask(
      '{ users(first: 2) { nodes { id } pageInfo { hasNextPage } } }',
      { viewer: ADMIN },
    );
    expect(all.data.users).toEqual({
      nodes: [{ id: 'ada' }, { id: 'bob' }],
      pageInfo: { hasNextPage: true },
    });
  });

  const input = {
    handle: 'Carol',
    displayName: 'Carol',
    password: 'carols long password',
    email: 'carol@example.org',
  };
  const attempts: [string, string, Record<string, unknown>][] = [
    ['createUser', CREATE, { input }],
    ['updateUser', UPDATE, { id: 'ada', input: { role: 'ADMIN' } }],
    ['deleteUser', DELETE, { id: 'bob' }],
    ['eraseUser', ERASE, { id: 'bob' }],
    ['restoreUser', RESTORE, { id: 'bob' }],
  ];
  it.each(attempts)('%s is for admins by token AND store', async (_, document, variables) => {
    const before = router.snapshot();
    expect((await run(document, variables)).code).toBe('UNAUTHENTICATED');
    expect((await run(document, variables, ADA)).code).toBe('FORBIDDEN');
    expect((await run(document, variables, { ...ADA, role: 'ADMIN' })).code).toBe('FORBIDDEN');
    expect((await run(document, variables, { handle: 'gone', role: 'ADMIN' })).code).toBe(
      'UNAUTHENTICATED',
    );
    expect(router.snapshot()).toBe(before);
  });

  it('creates a user who can sign in, once', async () => {
    const variables = { input, operationId: OPERATION };
    const first = await run(CREATE, variables, ADMIN);
    expect(first.result).toEqual({
      __typename: 'UserSaved',
      user: {
        id: 'carol',
        displayName: 'Carol',
        role: 'USER',
        email: 'carol@example.org',
        revision: 1,
      },
    });
    expect((await run(CREATE, variables, ADMIN)).result).toEqual(first.result);
    expect(
      (await run(SIGN_IN, { handle: 'carol', password: input.password })).result.viewer.id,
    ).toBe('carol');
  });

  it('keeps no password in what it stores', async () => {
    await run(CREATE, { input }, ADMIN);
    expect(router.snapshot()).not.toContain(input.password);
    expect(router.stored('users', 'carol')).toMatchObject({
      passwordHash: expect.stringContaining('$argon2id$'),
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a handle that is taken', { ...input, handle: 'ada' }, 'input.handle'],
    ['a handle that is none', { ...input, handle: 'a' }, 'input.handle'],
    ['a handle with a separator', { ...input, handle: 'a:b' }, 'input.handle'],
    ['a short password', { ...input, password: 'short' }, 'input.password'],
    ['an endless password', { ...input, password: 'x'.repeat(257) }, 'input.password'],
    ['no name', { ...input, displayName: ' ' }, 'input.displayName'],
  ])('answers ValidationFailed for %s', async (_, bad, path) => {
    const { result } = await run(CREATE, { input: bad }, ADMIN);
    expect(result.problems.map((problem: Json) => problem.path)).toEqual([path]);
  });

  it('does not give a deleted handle to somebody else', async () => {
    await run(DELETE, { id: 'bob' }, ADMIN);
    const { result } = await run(CREATE, { input: { ...input, handle: 'bob' } }, ADMIN);
    expect(result.__typename).toBe('ValidationFailed');
    expect((await run(RESTORE, { id: 'bob' }, ADMIN)).result.user.displayName).toBe('Bob');
  });

  it('erases a user for good, and one who was deleted before', async () => {
    await run(DELETE, { id: 'bob' }, ADMIN);
    expect((await run(ERASE, { id: 'bob', expectedRevision: 1 }, ADMIN)).result.__typename).toBe(
      'VersionConflict',
    );
    for (const id of ['ada', 'bob', 'bob']) {
      expect((await run(ERASE, { id }, ADMIN)).result).toEqual({ __typename: 'UserDeleted', id });
      expect(router.stored('users', id)).toMatchObject({
        deleted: true,
        displayName: '',
        erasure: { state: 'pending' },
      });
      for (const field of ['email', 'passwordHash', 'sessions']) {
        expect(router.stored('users', id)).not.toHaveProperty(field);
      }
      expect((await run(RESTORE, { id }, ADMIN)).result.__typename).toBe('NotFound');
      const taken = await run(CREATE, { input: { ...input, handle: id } }, ADMIN);
      expect(taken.result.__typename).toBe('ValidationFailed');
    }
    expect((await run(ERASE, { id: 'nobody' }, ADMIN)).result.__typename).toBe('NotFound');
    expect((await run(ERASE, { id: 'root' }, ADMIN)).code).toBe('FORBIDDEN');
  });

  it('changes what is given: a password, a role, an address', async () => {
    await run(
      UPDATE,
      { id: 'ada', input: { password: 'another password', email: null, role: 'ADMIN' } },
      ADMIN,
    );
    expect((await run(SIGN_IN, { handle: 'ada', password: PASSWORD })).code).toBe(
      'UNAUTHENTICATED',
    );
    const { result } = await run(SIGN_IN, { handle: 'ada', password: 'another password' });
    expect(result.viewer).toEqual({ id: 'ada', handle: 'ada', role: 'ADMIN', email: null });
    expect(router.stored('users', 'ada')).toMatchObject({
      displayName: 'Ada Lovelace',
      search: ['ada', 'lovelace'],
    });
    await run(UPDATE, { id: 'ada', input: { password: null } }, ADMIN);
    expect(router.stored('users', 'ada')).not.toHaveProperty('passwordHash');
  });

  it('does not let admins take their own rights away', async () => {
    const demoted = await run(UPDATE, { id: 'root', input: { role: 'USER' } }, ADMIN);
    expect(demoted.result.problems[0].path).toBe('input.role');
    expect((await run(DELETE, { id: 'root' }, ADMIN)).code).toBe('FORBIDDEN');
  });

  it('refuses an address that is none, naming the argument', async () => {
    const { errors } = await run(CREATE, { input: { ...input, email: 'nonsense' } }, ADMIN);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'input.email',
    });
  });
});
