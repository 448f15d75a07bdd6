import { openClusters, operationCounts, type Cluster } from './clusters.ts';
import { anonymous, signedIn, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

const FILM = 'tt0133093';
const ADMIN_MUTATIONS = [
  'createMovie(input: { title: "Mine" })',
  `updateMovie(id: "${FILM}", input: { title: "Mine" })`,
  `deleteMovie(id: "${FILM}")`,
  `restoreMovie(id: "${FILM}")`,
  'createPerson(input: { name: "Me" })',
  'updatePerson(id: "p", input: { name: "Me" })',
  'deletePerson(id: "p")',
  'restorePerson(id: "p")',
  'createUser(input: { handle: "eve", displayName: "Eve", role: ADMIN })',
  'updateUser(id: "bob", input: { role: ADMIN })',
  'deleteUser(id: "bob")',
  'restoreUser(id: "bob")',
  'eraseUser(id: "bob")',
  `setInteraction(input: { movieId: "${FILM}", userId: "bob", reaction: LIKE })`,
  `deleteInteraction(movieId: "${FILM}", userId: "bob")`,
];
const VIEWER_MUTATIONS = ['likeMovie', 'dislikeMovie', 'removeReaction'].map(
  (name) => `${name}(movieId: "${FILM}")`,
);
const ADMIN_QUERIES = ['users { nodes { id } }', 'interactions { nodes { id } }'];

describe('roles', () => {
  let endpoints: Endpoints;
  let clusters: readonly Cluster[];
  let close: () => Promise<void>;
  let user: GraphClient & { readonly handle: string };
  let admin: GraphClient;
  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    ({ clusters, close } = await openClusters(endpoints));
    user = await signedIn(endpoints, { role: 'USER' });
    admin = await signedIn(endpoints, { role: 'ADMIN' });
  }, START_TIMEOUT_MS);
  afterAll(() => close());

  const codeOf = async (client: GraphClient, text: string): Promise<unknown> => {
    const { data, errors } = await client.send(text);
    expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true);
    expect(errors).toHaveLength(1);
    return errors[0]!.extensions.code;
  };

  it('let only admins change what is everybody’s, and a refusal changes nothing', async () => {
    const before = await operationCounts(clusters);
    for (const mutation of ADMIN_MUTATIONS) {
      const text = `mutation { ${mutation} { __typename } }`;
      expect({ mutation, code: await codeOf(user, text) }).toEqual({ mutation, code: 'FORBIDDEN' });
      expect({ mutation, code: await codeOf(anonymous(endpoints), text) }).toEqual({
        mutation,
        code: 'UNAUTHENTICATED',
      });
    }
    for (const mutation of VIEWER_MUTATIONS) {
      const text = `mutation { ${mutation} { __typename } }`;
      expect(await codeOf(anonymous(endpoints), text)).toBe('UNAUTHENTICATED');
    }
    expect(await operationCounts(clusters)).toEqual(before);
  });

  it('let only admins see lists of people and what they did', async () => {
    for (const query of ADMIN_QUERIES) {
      expect(await codeOf(user, `{ ${query} }`)).toBe('FORBIDDEN');
      expect(await codeOf(anonymous(endpoints), `{ ${query} }`)).toBe('UNAUTHENTICATED');
      await admin.ask(`{ ${query} }`);
    }
  });

  it('show a person’s own e-mail and reactions to them and to admins', async () => {
    const query = `{ user(id: "${user.handle}") { id email interactions(first: 1) { totalCount } } }`;
    const other = await signedIn(endpoints, { role: 'USER', nth: 3 });
    expect((await other.ask(query)).user).toEqual({
      id: user.handle,
      email: null,
      interactions: null,
    });
    for (const client of [user, admin]) {
      expect((await client.ask(query)).user.interactions).not.toBeNull();
    }
    expect((await user.ask('{ me { id } }')).me).toEqual({ id: user.handle });
    expect((await anonymous(endpoints).ask('{ me { id } }')).me).toBeNull();
  });

  it('refuse a wrong password and a made-up token', async () => {
    const wrong = `mutation { signIn(handle: "${user.handle}", password: "wrong password") { token } }`;
    expect(await codeOf(anonymous(endpoints), wrong)).toBe('UNAUTHENTICATED');
    const stranger = anonymous(endpoints, { authorization: 'Bearer made.up.token' });
    const { status, errors } = await stranger.send('{ me { id } }');
    expect(status).toBe(401);
    expect(errors[0]!.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('let an admin add, change, delete and restore a film and a person', async () => {
    for (const [type, field, name] of [
      ['Movie', 'movie', 'title'],
      ['Person', 'person', 'name'],
    ] as const) {
      const saved = `... on ${type}Saved { ${field} { id revision ${name} } }`;
      const read = async (id: string) =>
        (await anonymous(endpoints).ask(`{ it: ${field}(id: "${id}") { ${name} revision } }`)).it;

      const { created } = await admin.ask(
        `mutation { created: create${type}(input: { ${name}: "First" }) { ${saved} } }`,
      );
      const { id } = created[field];
      expect(created[field]).toEqual({ id, revision: 1, [name]: 'First' });
      expect(await read(id)).toEqual({ revision: 1, [name]: 'First' });

      const { updated } = await admin.ask(
        `mutation { updated: update${type}(id: "${id}", input: { ${name}: "Second" }, expectedRevision: 1) { ${saved} } }`,
      );
      expect(updated[field].revision).toBe(2);
      const { late } = await admin.ask(
        `mutation { late: update${type}(id: "${id}", input: { ${name}: "Third" }, expectedRevision: 1) {
          ... on VersionConflict { currentRevision current { ... on ${type} { ${name} } } } } }`,
      );
      expect(late).toEqual({ currentRevision: 2, current: { [name]: 'Second' } });

      const { deleted } = await admin.ask(
        `mutation { deleted: delete${type}(id: "${id}") { ... on ${type}Deleted { id } } }`,
      );
      expect(deleted).toEqual({ id });
      expect(await read(id)).toBeNull();
      await admin.ask(`mutation { restore${type}(id: "${id}") { ${saved} } }`);
      expect(await read(id)).toMatchObject({ [name]: 'Second' });
      await admin.ask(`mutation { delete${type}(id: "${id}") { __typename } }`);
    }
  });

  it('let an admin add a user, who can then sign in, and delete them', async () => {
    const handle = `e2e-${Date.now().toString(36)}`;
    const password = 'a password of some length';
    await admin.ask(
      `mutation { createUser(input: { handle: "${handle}", displayName: "Eve", password: "${password}" }) {
        ... on UserSaved { user { id role } } } }`,
    );
    const login = { handle, password, role: 'USER' as const };
    const eve = await signedIn({ ...endpoints, logins: [login] }, { role: 'USER' });
    expect((await eve.ask('{ me { displayName } }')).me).toEqual({ displayName: 'Eve' });

    await admin.ask(
      `mutation { setInteraction(input: { movieId: "${FILM}", userId: "${handle}", reaction: DISLIKE }) {
        ... on InteractionSaved { interaction { id } } } }`,
    );
    expect((await eve.ask(`{ movie(id: "${FILM}") { viewerReaction } }`)).movie).toEqual({
      viewerReaction: 'DISLIKE',
    });
    await admin.ask(
      `mutation { deleteInteraction(movieId: "${FILM}", userId: "${handle}") { __typename } }`,
    );
    const { deleteUser } = await admin.ask(
      `mutation { deleteUser(id: "${handle}") { ... on UserDeleted { id } } }`,
    );
    expect(deleteUser).toEqual({ id: handle });
    expect((await anonymous(endpoints).ask(`{ user(id: "${handle}") { id } }`)).user).toBeNull();
  });
});
