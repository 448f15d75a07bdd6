import {
  createKeyPair,
  createUserTokenVerifier,
  hashPassword,
  type TokenViewer,
  type Viewer,
} from '@marquee/identity';
import {
  interactionDocument,
  movieDocument,
  summaryDocument,
  userDocument,
  type UserContent,
} from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { slotOf } from '@marquee/topology';
import { createErasures } from '../src/accounts/erasures.ts';
import { FREE_ATTEMPTS } from '../src/passwords/sign-in-attempts.ts';
import { ENDED_SESSIONS_MAX } from '../src/sessions/ended-sessions.ts';
import { REFRESH_GRACE_MS, REFRESH_TTL_MS, SESSIONS_MAX } from '../src/sessions/refresh-token.ts';
import { createUsersSubgraph } from '../src/subgraph.ts';

const ADA: Viewer = { handle: 'ada', role: 'USER' };
const ROOT: Viewer = { handle: 'root', role: 'ADMIN' };
const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'another long password';
const OPERATION = '0192f0c0-0000-7000-8000-000000000001';
const SESSION = 'token refreshToken expiresAt viewer { id email role }';

const SIGN_IN = `mutation ($handle: String!, $password: String!) { signIn(handle: $handle, password: $password) { ${SESSION} } }`;
const SIGN_UP = `mutation ($input: SignUpInput!, $operationId: ID) { signUp(input: $input, operationId: $operationId) { __typename
  ... on SignedUp { session { ${SESSION} } } ... on ValidationFailed { problems { path message } } } }`;
const REFRESH = `mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { ${SESSION} } }`;
const SIGN_OUT = 'mutation ($refreshToken: String!) { signOut(refreshToken: $refreshToken) }';
const PROFILE = `mutation ($input: UpdateProfileInput!, $expectedRevision: Int) { updateProfile(input: $input, expectedRevision: $expectedRevision) { __typename
  ... on UserSaved { user { id displayName email role revision } } ... on ValidationFailed { problems { path } } ... on VersionConflict { currentRevision } } }`;
const CHANGE = `mutation ($currentPassword: String!, $newPassword: String!) { changePassword(currentPassword: $currentPassword, newPassword: $newPassword) { __typename
  ... on PasswordChanged { session { ${SESSION} } } ... on ValidationFailed { problems { path } } } }`;
const DELETE = `mutation ($password: String!) { deleteAccount(password: $password) { __typename
  ... on AccountDeleted { id } ... on ValidationFailed { problems { path } } } }`;

describe('accounts', () => {
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
    const joinedAt = new Date(0);
    router.load('users', [
      userDocument({
        handle: 'ada',
        displayName: 'Ada',
        email: 'ada@example.org',
        passwordHash,
        joinedAt,
      }),
      userDocument({ handle: 'root', displayName: 'Root', role: 'ADMIN', passwordHash, joinedAt }),
    ]);
    subgraph = await startTestSubgraph(
      createUsersSubgraph({
        tokenPrivateKey: keys.privateKey,
        erasures: createErasures({ sweepEveryMs: 5, settleMs: 1_000 }),
      }),
      { router, now: () => nowMs },
    );
  });
  afterEach(() => subgraph.close());

  const run = (document: string, variables: Record<string, unknown>, viewer?: TokenViewer) =>
    subgraph.ask(document, { variables, viewer });
  const signIn = async (password = PASSWORD) =>
    (await run(SIGN_IN, { handle: 'ada', password })).result;
  const refresh = (refreshToken: string) => run(REFRESH, { refreshToken });
  const writes = () => router.calls.filter(({ method }) => method === 'write').length;
  // As the gateway hands them on.
  const viewerOf = (token: string): Promise<TokenViewer> =>
    createUserTokenVerifier(keys.publicKey).verify(token, nowMs);
  const isOver = async (viewer: TokenViewer): Promise<boolean> => {
    const seen = await subgraph.ask(`{ me { id } user(id: "${viewer.handle}") { email } }`, {
      viewer,
    });
    const { code } = await run(PROFILE, { input: {} }, viewer);
    expect([seen.data.me === null, seen.data.user?.email == null]).toEqual(
      code === 'UNAUTHENTICATED' ? [true, true] : [false, false],
    );
    return code === 'UNAUTHENTICATED';
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  describe('signing up', () => {
    const input = {
      handle: 'Grace',
      displayName: 'Grace',
      email: 'grace@example.org',
      password: PASSWORD,
    };

    it('makes a user, never an admin, and signs them in', async () => {
      const { result, errors } = await run(SIGN_UP, { input });
      expect(errors).toEqual([]);
      expect(result.session.viewer).toEqual({
        id: 'grace',
        email: 'grace@example.org',
        role: 'USER',
      });
      expect((await refresh(result.session.refreshToken)).result.viewer.id).toBe('grace');
      const admin = await run(SIGN_UP, { input: { ...input, role: 'ADMIN' } });
      expect(admin.code).toBe('BAD_USER_INPUT');
    });

    it('refuses a handle that is taken, also by a retry that does not know the password', async () => {
      const variables = { input, operationId: OPERATION };
      await run(SIGN_UP, variables);
      expect((await run(SIGN_UP, variables)).result.__typename).toBe('SignedUp');
      const guess = await run(SIGN_UP, {
        input: { ...input, password: NEW_PASSWORD },
        operationId: OPERATION,
      });
      expect(guess.result.problems[0].path).toBe('input.handle');
      const other = await run(SIGN_UP, { input });
      expect(other.result.problems[0].path).toBe('input.handle');
    });

    it('writes nothing for a handle that is taken, and lets nobody guess by it', async () => {
      await run('mutation { deleteUser(id: "ada") { __typename } }', {}, ROOT);
      const before = writes();
      for (const handle of ['ada', 'root']) {
        const { result } = await run(SIGN_UP, { input: { ...input, handle } });
        expect(result.problems[0].path).toBe('input.handle');
      }
      const guess = (i: number) =>
        run(SIGN_UP, {
          input: { ...input, handle: 'root', password: `${i}`.repeat(10) },
          operationId: OPERATION,
        });
      for (let i = 0; i < FREE_ATTEMPTS; i += 1) {
        expect((await guess(i)).result.problems[0].path).toBe('input.handle');
      }
      expect((await guess(9)).code).toBe('RATE_LIMITED');
      expect(writes()).toBe(before);
    });

    it.each([
      ['input.handle', { handle: 'x' }],
      ['input.password', { password: 'short' }],
      ['input.displayName', { displayName: '' }],
    ])('names %s if it is not acceptable', async (path, bad) => {
      const { result } = await run(SIGN_UP, { input: { ...input, ...bad } });
      expect(result.problems.map((problem: { path: string }) => problem.path)).toEqual([path]);
    });
  });

  describe('a session', () => {
    it('is refreshed by its newest token', async () => {
      const first = await signIn();
      const second = (await refresh(first.refreshToken)).result;
      nowMs += REFRESH_GRACE_MS + 1;
      const third = (await refresh(second.refreshToken)).result;
      expect(third.viewer).toEqual({ id: 'ada', email: 'ada@example.org', role: 'USER' });
      expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    });

    it('ends when a used token comes back late: it was stolen, or its successor was', async () => {
      const first = await signIn();
      const second = (await refresh(first.refreshToken)).result;
      nowMs += REFRESH_GRACE_MS + 1;
      expect((await refresh(first.refreshToken)).code).toBe('UNAUTHENTICATED');
      expect((await refresh(second.refreshToken)).code).toBe('UNAUTHENTICATED');
    });

    it('is written once for a token that is sent many times, and not for one that has ended', async () => {
      const { refreshToken } = await signIn();
      const before = writes();
      for (let i = 0; i < 5; i += 1) await refresh(refreshToken);
      expect(writes()).toBe(before + 1);
      nowMs += REFRESH_GRACE_MS + 1;
      for (let i = 0; i < 5; i += 1) await refresh(refreshToken);
      expect(writes()).toBe(before + 2);
      for (let i = 0; i < 5; i += 1) await run(SIGN_OUT, { refreshToken });
      expect(writes()).toBe(before + 2);
    });

    it('survives an answer that got lost, and answers the same token again', async () => {
      const { refreshToken } = await signIn();
      const lost = (await refresh(refreshToken)).result;
      const again = (await refresh(refreshToken)).result;
      expect(again.viewer.id).toBe('ada');
      expect(again.refreshToken).toBe(lost.refreshToken);
      expect((await refresh(again.refreshToken)).code).toBeUndefined();
    });

    it('is not kept alive by a used token that comes again and again', async () => {
      const first = await signIn();
      const second = (await refresh(first.refreshToken)).result;
      nowMs += REFRESH_GRACE_MS * 0.7;
      expect((await refresh(first.refreshToken)).result.refreshToken).toBe(second.refreshToken);
      nowMs += REFRESH_GRACE_MS * 0.7;
      expect((await refresh(first.refreshToken)).code).toBe('UNAUTHENTICATED');
      expect((await refresh(second.refreshToken)).code).toBe('UNAUTHENTICATED');
      expect(await isOver(await viewerOf(second.token))).toBe(true);
    });

    it('ends when a thief was faster by more than one token', async () => {
      const { refreshToken } = await signIn();
      const second = (await refresh(refreshToken)).result;
      const third = (await refresh(second.refreshToken)).result;
      expect((await refresh(refreshToken)).code).toBe('UNAUTHENTICATED');
      expect((await refresh(third.refreshToken)).code).toBe('UNAUTHENTICATED');
    });

    it('ends by signing out, and by itself after a while', async () => {
      const { refreshToken } = await signIn();
      expect((await run(SIGN_OUT, { refreshToken })).result).toBe(true);
      expect((await run(SIGN_OUT, { refreshToken })).result).toBe(true);
      expect((await refresh(refreshToken)).code).toBe('UNAUTHENTICATED');
      const other = await signIn();
      nowMs += REFRESH_TTL_MS;
      expect((await refresh(other.refreshToken)).code).toBe('UNAUTHENTICATED');
    });

    it('is one of few, and the others are not touched', async () => {
      const sessions = [];
      for (let i = 0; i <= SESSIONS_MAX; i += 1) {
        nowMs += 1;
        sessions.push(await signIn());
      }
      expect((await refresh(sessions[0].refreshToken)).code).toBe('UNAUTHENTICATED');
      expect((await refresh(sessions[1].refreshToken)).code).toBeUndefined();
      expect(router.stored('users', 'ada')).toMatchObject({ revision: 1 });
    });

    it.each([
      '',
      'x',
      'ada~x~y',
      `ada~${'a'.repeat(12)}~${'b'.repeat(43)}`,
      `nobody~${'a'.repeat(12)}~${'b'.repeat(43)}`,
      '~'.repeat(10_000),
    ])('is not begun by the forged token %#', async (refreshToken) => {
      const before = writes();
      expect((await refresh(refreshToken)).code).toBe('UNAUTHENTICATED');
      expect((await run(SIGN_OUT, { refreshToken })).result).toBe(true);
      expect(writes()).toBe(before);
    });

    it('has the role of the store, and ends with the account', async () => {
      const { refreshToken } = await signIn();
      await run(
        'mutation { updateUser(id: "ada", input: { role: ADMIN }) { __typename } }',
        {},
        ROOT,
      );
      const promoted = (await refresh(refreshToken)).result;
      expect(promoted.viewer.role).toBe('ADMIN');
      await run('mutation { deleteUser(id: "ada") { __typename } }', {}, ROOT);
      expect((await refresh(promoted.refreshToken)).code).toBe('UNAUTHENTICATED');
      await run('mutation { restoreUser(id: "ada") { __typename } }', {}, ROOT);
      expect((await refresh(promoted.refreshToken)).code).toBe('UNAUTHENTICATED');
      expect(await isOver(await viewerOf(promoted.token))).toBe(true);
      expect(router.stored('users', 'ada')).not.toHaveProperty('sessions');
      expect(await isOver(await viewerOf((await signIn()).token))).toBe(false);
    });

    it('is kept as hashes only', async () => {
      const { refreshToken } = await signIn();
      expect(router.snapshot()).not.toContain(refreshToken.split('~')[2]);
    });
  });

  it('show their owner’s changes, and nothing else', async () => {
    const { refreshToken } = await signIn();
    const { result } = await run(PROFILE, { input: { displayName: 'Ada L.', email: null } }, ADA);
    expect(result.user).toEqual({
      id: 'ada',
      displayName: 'Ada L.',
      email: null,
      role: 'USER',
      revision: 2,
    });
    expect((await refresh(refreshToken)).code).toBeUndefined();
    expect((await run(PROFILE, { input: {}, expectedRevision: 1 }, ADA)).result).toEqual({
      __typename: 'VersionConflict',
      currentRevision: 2,
    });
    expect((await run(PROFILE, { input: { role: 'ADMIN' } }, ADA)).code).toBe('BAD_USER_INPUT');
    expect((await run(PROFILE, { input: {} })).code).toBe('UNAUTHENTICATED');
  });

  describe('changing the password', () => {
    it('needs the old one, and signs everybody else out', async () => {
      const { refreshToken } = await signIn();
      const wrong = await run(CHANGE, { currentPassword: 'guess', newPassword: NEW_PASSWORD }, ADA);
      expect(wrong.result.problems).toEqual([{ path: 'currentPassword' }]);
      const short = await run(CHANGE, { currentPassword: PASSWORD, newPassword: 'short' }, ADA);
      expect(short.result.problems).toEqual([{ path: 'newPassword' }]);
      const { result } = await run(
        CHANGE,
        { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
        ADA,
      );
      expect(result.session.viewer.id).toBe('ada');
      expect((await refresh(refreshToken)).code).toBe('UNAUTHENTICATED');
      expect((await refresh(result.session.refreshToken)).code).toBeUndefined();
      expect(await signIn(PASSWORD)).toBeNull();
      expect((await signIn(NEW_PASSWORD)).viewer.id).toBe('ada');
    });

    it('cannot be used to guess', async () => {
      const codes = [];
      for (let i = 0; i < 6; i += 1) {
        codes.push(
          (await run(CHANGE, { currentPassword: `guess ${i}`, newPassword: NEW_PASSWORD }, ADA))
            .code,
        );
      }
      expect(codes.at(-1)).toBe('RATE_LIMITED');
    });
  });

  describe('a token', () => {
    const tokenOf = async () => viewerOf((await signIn()).token);

    it('ends with the password, whoever changes it, and the new one’s does not', async () => {
      const before = await tokenOf();
      expect(await isOver(before)).toBe(false);
      const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      const { result } = await run(CHANGE, change, before);
      const after = await viewerOf(result.session.token);
      expect([await isOver(before), await isOver(after)]).toEqual([true, false]);
      expect((await run(CHANGE, change, before)).code).toBe('UNAUTHENTICATED');

      const reset = `mutation { updateUser(id: "ada", input: { password: "${PASSWORD}" }) { __typename } }`;
      await run(reset, {}, ROOT);
      expect(await isOver(after)).toBe(true);
      const refreshed = (await refresh((await signIn()).refreshToken)).result;
      expect(await isOver(await viewerOf(refreshed.token))).toBe(false);
    });

    it('ends with its session, and those of other sessions do not', async () => {
      const { token, refreshToken } = await signIn();
      const other = await tokenOf();
      const refreshed = (await refresh(refreshToken)).result;
      await run(SIGN_OUT, { refreshToken: refreshed.refreshToken });
      expect(await isOver(await viewerOf(token))).toBe(true);
      expect(await isOver(await viewerOf(refreshed.token))).toBe(true);
      expect(await isOver(other)).toBe(false);
    });

    it('ends for everybody sooner than that a session’s end is forgotten', async () => {
      const first = await signIn();
      const stolen = await viewerOf(first.token);
      await run(SIGN_OUT, first);
      for (let i = 0; i < ENDED_SESSIONS_MAX; i += 1) await run(SIGN_OUT, await signIn());
      expect(await isOver(stolen)).toBe(true);
      const { endedSessions } = router.stored('users', 'ada') as unknown as UserContent;
      expect(endedSessions?.length).toBeLessThanOrEqual(ENDED_SESSIONS_MAX);
      expect(await isOver(await tokenOf())).toBe(false);
    }, 60_000);

    it('of an admin cannot become the account’s password', async () => {
      for (const password of [NEW_PASSWORD, null]) {
        const { result } = await run(
          `mutation ($input: UpdateUserInput!) { updateUser(id: "root", input: $input) { __typename
            ... on ValidationFailed { problems { path } } } }`,
          { input: { password } },
          ROOT,
        );
        expect(result.problems).toEqual([{ path: 'input.password' }]);
      }
    });
  });

  describe('deleting one’s account', () => {
    beforeEach(() => {
      const films = Array.from({ length: 7 }, (_, i) => `film${i}`);
      router.load(
        'movies',
        films.map((id) => ({ ...movieDocument({ id, title: id }), deleted: id === 'film6' })),
      );
      router.load(
        'user_interactions',
        films.flatMap((movieId, i) => [
          interactionDocument({
            movieId,
            handle: 'ada',
            reaction: i % 2 ? 'DISLIKE' : 'LIKE',
            createdAt: new Date(i),
          }),
          interactionDocument({
            movieId,
            handle: 'root',
            reaction: 'LIKE',
            createdAt: new Date(i),
          }),
          summaryDocument(movieId, {
            likeCount: i % 2 ? 1 : 2,
            dislikeCount: i % 2,
            hidden: movieId === 'film6',
          }),
        ]),
      );
    });
    const removed = () =>
      Array.from({ length: 7 }, (_, i) => router.stored('user_interactions', `film${i}:ada`)).every(
        (document) => document?.deleted,
      );

    it('removes every reaction, and its part in the counts, also of deleted films', async () => {
      const wrong = await run(DELETE, { password: 'guess' }, ADA);
      expect(wrong.result.problems).toEqual([{ path: 'password' }]);
      const { result } = await run(DELETE, { password: PASSWORD }, ADA);
      expect(result).toEqual({ __typename: 'AccountDeleted', id: 'ada' });
      await until(removed);
      for (let i = 0; i < 7; i += 1) {
        expect(router.stored('user_interactions', `film${i}`)).toMatchObject({
          likeCount: 1,
          dislikeCount: 0,
          hidden: i === 6,
        });
        expect(router.stored('user_interactions', `film${i}:root`)).toMatchObject({
          deleted: false,
        });
        for (const field of ['reaction', 'createdAt', 'updatedAt']) {
          expect(router.stored('user_interactions', `film${i}:ada`)).not.toHaveProperty(field);
        }
      }
    });

    it('is not for admins: the last one would be gone for good', async () => {
      const before = router.stored('users', 'root');
      expect((await run(DELETE, { password: PASSWORD }, ROOT)).code).toBe('FORBIDDEN');
      // Also where the token is of before a promotion.
      expect((await run(DELETE, { password: PASSWORD }, { ...ROOT, role: 'USER' })).code).toBe(
        'FORBIDDEN',
      );
      expect(router.stored('users', 'root')).toEqual(before);
    });

    it('leaves no personal data, and nothing to sign in to or to restore', async () => {
      const { refreshToken } = await signIn();
      await run(DELETE, { password: PASSWORD }, ADA);
      const { displayName, search, ...others } = router.stored('users', 'ada') as Record<
        string,
        unknown
      >;
      expect({ displayName, search }).toEqual({ displayName: '', search: [] });
      expect(Object.keys(others)).not.toEqual(expect.arrayContaining(['email']));
      expect(Object.keys(others)).not.toEqual(expect.arrayContaining(['passwordHash']));
      expect(Object.keys(others)).not.toEqual(expect.arrayContaining(['sessions']));
      expect(await signIn()).toBeNull();
      expect((await refresh(refreshToken)).code).toBe('UNAUTHENTICATED');
      expect((await run(PROFILE, { input: {} }, ADA)).code).toBe('UNAUTHENTICATED');
      const restored = await run('mutation { restoreUser(id: "ada") { __typename } }', {}, ROOT);
      expect(restored.result.__typename).toBe('NotFound');
    });

    it('goes on until late reactions have settled, and is taken up by any process', async () => {
      await run(DELETE, { password: PASSWORD }, ADA);
      await until(removed);
      expect(router.stored('users', 'ada')).toMatchObject({ erasure: { state: 'pending' } });
      const late = {
        movieId: 'film0',
        handle: 'ada',
        reaction: 'LIKE',
        createdAt: new Date(),
      } as const;
      router.load('user_interactions', [
        interactionDocument(late),
        summaryDocument('film0', { likeCount: 2, dislikeCount: 0 }),
      ]);
      await until(removed);
      await subgraph.close();
      subgraph = await startTestSubgraph(
        createUsersSubgraph({
          tokenPrivateKey: keys.privateKey,
          erasures: createErasures({ sweepEveryMs: 5, settleMs: 1_000 }),
        }),
        { router, now: () => nowMs },
      );
      nowMs += 1_000;
      await until(
        () =>
          (router.stored('users', 'ada') as unknown as { erasure: { state: string } }).erasure
            .state === 'done',
      );
      expect(router.stored('user_interactions', 'film0')).toMatchObject({ likeCount: 1 });
    });

    it('waits for a shard that is down', async () => {
      const other = slotOf('ada') < 512 ? 'b' : 'a';
      router.setShardDown(other);
      await run(DELETE, { password: PASSWORD }, ADA);
      nowMs += 10_000;
      const sweeps = () => router.calls.filter(({ method }) => method === 'list').length;
      const before = sweeps();
      await until(() => sweeps() > before + 10);
      expect(router.stored('users', 'ada')).toMatchObject({ erasure: { state: 'pending' } });
      router.setShardDown(undefined);
      await until(removed);
    });
  });
});
