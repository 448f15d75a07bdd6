import { randomBytes } from 'node:crypto';
import { anonymous, signedIn, type GraphAnswer, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

interface Example {
  readonly name: string;
  readonly about: string;
  readonly signedInAs: 'nobody' | 'user' | 'admin';
  readonly query: string;
}

/** What the first field of a mutation answers when all is well. */
const OUTCOMES: Readonly<Record<string, string>> = {
  'sign-up': 'SignedUp',
  'edit-my-profile': 'UserSaved',
  'like-a-film': 'ReactionSaved',
  'dislike-a-film': 'ReactionSaved',
  'take-back-a-reaction': 'ReactionSaved',
  'add-a-film': 'MovieSaved',
  'edit-a-film': 'MovieSaved',
  'delete-a-film': 'MovieDeleted',
  'restore-a-film': 'MovieSaved',
  'set-an-interaction': 'InteractionSaved',
  'delete-an-interaction': 'InteractionDeleted',
};

/** A film is there before it is edited, and everything is as it was at the end. */
const IN_THIS_ORDER = [
  'dislike-a-film',
  'like-a-film',
  'take-back-a-reaction',
  'set-an-interaction',
  'delete-an-interaction',
  'add-a-film',
  'edit-a-film',
  'delete-a-film',
  'restore-a-film',
];

describe('the gallery of docs/queries', () => {
  let endpoints: Endpoints;
  let examples: readonly Example[];
  let people: Readonly<Record<Example['signedInAs'], GraphClient>>;

  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    examples = (await (await fetch(`${endpoints.graphiql}/examples.json`)).json()) as Example[];
    const users = endpoints.logins.filter(({ role }) => role === 'USER');
    people = {
      nobody: anonymous(endpoints),
      // The one whom the examples for admins are about too.
      user: await signedIn(endpoints, {
        role: 'USER',
        nth: users.findIndex(({ handle }) => handle === 'judy'),
      }),
      admin: await signedIn(endpoints, { role: 'ADMIN' }),
    };
  }, START_TIMEOUT_MS);

  const run = async (name: string, variables?: Record<string, unknown>): Promise<GraphAnswer> => {
    const { query, signedInAs } = examples.find((example) => example.name === name)!;
    const answer = await people[signedInAs].send(query, variables);
    expect({ name, errors: answer.errors }).toEqual({ name, errors: [] });
    return answer;
  };

  it('has at least twenty examples, each with its purpose', () => {
    expect(examples.length).toBeGreaterThanOrEqual(20);
    for (const { about } of examples) expect(about).toMatch(/^[A-Z].{20,}[.]$/);
  });

  it('has queries that run as they are and find something', async () => {
    const queries = examples.filter(({ query }) => /^query /m.test(query));
    expect(queries.length).toBeGreaterThanOrEqual(15);
    await run('like-a-film');
    for (const { name } of queries) {
      const { data } = await run(name);
      for (const [field, value] of Object.entries(data)) {
        if (field === 'unknown') continue;
        expect({ name, field, value }).not.toEqual({ name, field, value: null });
        const { nodes } = value as { nodes?: unknown[] };
        if (nodes) expect({ name, found: nodes.length > 0 }).toEqual({ name, found: true });
      }
    }
    await run('take-back-a-reaction');
  });

  it('has mutations that do what they say', async () => {
    let id: string | undefined;
    for (const name of IN_THIS_ORDER) {
      const aboutOwnFilm = /-a-film$/.test(name) && id !== undefined;
      const { data } = await run(name, aboutOwnFilm ? { id } : {});
      const [outcome] = Object.values<{ __typename: string; movie?: { id: string } }>(data);
      expect({ name, outcome: outcome?.__typename }).toEqual({ name, outcome: OUTCOMES[name] });
      if (name === 'add-a-film') id = outcome?.movie?.id;
    }
    const { data } = await run('edit-a-film', { id, expectedRevision: 1 });
    expect(data.updateMovie).toMatchObject({
      __typename: 'VersionConflict',
      current: { id, tagline: 'Now with a tagline' },
    });
    await run('delete-a-film', { id });
  });

  it('signs people in and up, and lets them edit their profile', async () => {
    expect((await run('sign-in')).data.signIn.viewer.id).toBe('alice');
    expect((await run('edit-my-profile')).data.updateProfile.__typename).toBe('UserSaved');
    const asItIs = (await run('sign-up')).data.signUp;
    // It runs once in the life of a system; after that the handle is taken, whoever had it.
    if (asItIs.__typename === 'SignedUp') await leave(asItIs.session.token, ownPassword());
    else expect(asItIs.problems).toMatchObject([{ path: 'input.handle' }]);
    const handle = `visitor-${randomBytes(4).toString('hex')}`;
    const input = { handle, displayName: 'Visitor', password: randomBytes(9).toString('base64') };
    const { data } = await run('sign-up', { input });
    expect(data.signUp.session.viewer.id).toBe(handle);
    await leave(data.signUp.session.token, input.password);
  });

  const leave = async (token: string, password: string): Promise<void> => {
    const own = anonymous(endpoints, { authorization: `Bearer ${token}` });
    const { deleteAccount } = await own.ask(
      'mutation ($password: String!) { deleteAccount(password: $password) { __typename } }',
      { password },
    );
    expect(deleteAccount.__typename).toBe('AccountDeleted');
  };

  const ownPassword = (): string => {
    const { query } = examples.find(({ name }) => name === 'sign-up')!;
    return /password: "([^"]+)"/.exec(query)![1]!;
  };

  it('leaves no mutation of the gallery untried', () => {
    const mutations = examples.filter(({ query }) => /^mutation /m.test(query));
    const tried = [...IN_THIS_ORDER, 'sign-in', 'sign-up', 'edit-my-profile'];
    expect(tried.sort()).toEqual(mutations.map(({ name }) => name).sort());
  });
});
