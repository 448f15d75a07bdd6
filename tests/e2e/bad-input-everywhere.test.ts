import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, isErrorCode } from '@marquee/errors';
import { buildSchema } from 'graphql';
import { badInputAttempts, type Attempt } from './bad-input-attempts.ts';
import { anonymous, signedIn, type GraphAnswer, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

/** Requests under way at once: a busy client, not an attack. */
const AT_ONCE = 4;

/** Far above what any of them takes on a busy machine: a walk through everything would not end here. */
const ANSWER_MAX_MS = 15_000;

/** What a busy machine may answer once, but not again and again. */
const BUSY = new Set<string>(['SHARD_UNAVAILABLE', 'OVERLOADED', 'DEADLINE_EXCEEDED']);
const TRIES = 4;

const ALL_MAX_MS = 240_000;

const file = fileURLToPath(new URL('../../gateway/api.graphql', import.meta.url));
const PASSWORD = 'a password for this test';

const BY_ANYBODY = new Set(['signIn', 'signUp', 'refreshSession', 'signOut']);
const BY_THEMSELVES = new Set([
  'likeMovie',
  'dislikeMovie',
  'removeReaction',
  'updateProfile',
  'changePassword',
  'deleteAccount',
]);

// Whatever is created here is refused for another field than the one that is tried: storing is tried
// by the updates, of things that end with the test.
const REFUSED = { title: '', name: '', handle: 'No Handle', displayName: '' } as const;

describe('bad input at every argument of the API', () => {
  const suffix = randomBytes(4).toString('hex');
  let endpoints: Endpoints;
  let admin: GraphClient;
  let owner: GraphClient;
  let attempts: readonly Attempt[];
  const made: { movie: string[]; person: string[]; user: string[] } = {
    movie: [],
    person: [],
    user: [],
  };

  const create = async (kind: 'movie' | 'person' | 'user', name: string): Promise<string> => {
    const type = kind[0]!.toUpperCase() + kind.slice(1);
    const input = {
      movie: { title: name },
      person: { name },
      user: { handle: `${name}-${suffix}`, displayName: name, password: PASSWORD },
    }[kind];
    const { it } = await admin.ask(
      `mutation ($input: Create${type}Input!) { it: create${type}(input: $input) {
        ... on ${type}Saved { saved: ${kind} { id } } } }`,
      { input },
    );
    made[kind].push(it.saved.id);
    return it.saved.id;
  };

  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    admin = await signedIn(endpoints, { role: 'ADMIN' });
    const of = {
      movie: await create('movie', 'kept'),
      person: await create('person', 'kept'),
      user: await create('user', 'kept'),
    };
    // Deleting and restoring has its own, so that the others are there all the time.
    const fleeting = {
      movie: await create('movie', 'fleeting'),
      person: await create('person', 'fleeting'),
      user: await create('user', 'fleeting'),
    };
    const { it } = await anonymous(endpoints).ask(
      `mutation ($handle: String!, $password: String!) { it: signIn(handle: $handle, password: $password) { token } }`,
      { handle: await create('user', 'owner'), password: PASSWORD },
    );
    owner = anonymous(endpoints, { authorization: `Bearer ${it.token}` });

    attempts = badInputAttempts(buildSchema(readFileSync(file, 'utf8')), (field, path) => {
      const name = path.split('.').at(-1)!;
      if (name === 'movieId') return of.movie;
      if (name === 'personId') return of.person;
      if (name === 'userId') return of.user;
      if (path === 'handle') return `nobody-${suffix}`;
      if (/^(create|signUp)/.test(field)) return REFUSED[name as keyof typeof REFUSED];
      if (path !== 'id') return undefined;
      const [kind] = /movie|person|user/.exec(field.toLowerCase()) ?? [];
      const those = /^(update|movie|person|user)/.test(field) ? of : fleeting;
      return kind && those[kind as keyof typeof of];
    });
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    for (const [kind, ids] of Object.entries(made)) {
      const type = kind[0]!.toUpperCase() + kind.slice(1);
      for (const id of ids) {
        await admin.send(`mutation ($id: ID!) { delete${type}(id: $id) { __typename } }`, { id });
      }
    }
  }, ALL_MAX_MS);

  const clientFor = ({ root, query }: Attempt): GraphClient => {
    if (!query.startsWith('mutation')) return admin;
    if (BY_ANYBODY.has(root)) return anonymous(endpoints);
    return BY_THEMSELVES.has(root) ? owner : admin;
  };

  /** What is wrong with an answer; the rest is an outcome, a page, or an error that says what is wrong. */
  const faultsOf = ({ status, errors }: GraphAnswer, { variables }: Attempt): string[] => [
    ...(status >= 500 ? [`HTTP ${status}`] : []),
    ...errors.flatMap(({ message, path, extensions: { code } }) => {
      // The test's own documents are good: it is the values that are to be refused.
      const isClear = isErrorCode(code) && CATALOGUE[code].httpStatus < 500;
      if (isClear && code !== 'GRAPHQL_VALIDATION_FAILED') return [];
      const index = /^it(\d+)$/.exec(
        String(path?.find((step) => /^it\d+$/.test(String(step)))),
      )?.[1];
      const given = Object.entries(variables).filter(([name]) => !index || name.endsWith(index));
      return [`${code}: ${message} ${JSON.stringify(Object.fromEntries(given)).slice(0, 300)}`];
    }),
    ...(/127\.0\.0\.1|mongodb|ECONN|node_modules/.test(JSON.stringify(errors)) ? ['a leak'] : []),
  ];

  /** What is wrong in the end: what may be sent again is, since the machine may be busy. */
  const tryOut = async (attempt: Attempt, triesLeft = TRIES): Promise<string[]> => {
    const startedAt = performance.now();
    const answer = await clientFor(attempt).send(attempt.query, attempt.variables);
    const tookMs = Math.round(performance.now() - startedAt);
    noteCreated(answer.data);
    const mayBeSentAgain = answer.errors.some(({ extensions: { code } }) => BUSY.has(code));
    if (mayBeSentAgain && triesLeft > 1) return tryOut(attempt, triesLeft - 1);
    return [...faultsOf(answer, attempt), ...(tookMs > ANSWER_MAX_MS ? [`${tookMs} ms`] : [])];
  };

  const noteCreated = (data: unknown): void => {
    for (const outcome of Object.values((data ?? {}) as Record<string, unknown>)) {
      const { movie, person } = (outcome ?? {}) as Record<string, { id?: string } | undefined>;
      if (movie?.id && !made.movie.includes(movie.id)) made.movie.push(movie.id);
      if (person?.id && !made.person.includes(person.id)) made.person.push(person.id);
    }
  };

  it('is tried at arguments of all kinds', () => {
    const places = new Set(attempts.map(({ place }) => place));
    for (const place of [
      'Query.movies(filter.genres.any.0)',
      'Query.people(query)',
      'Query.users(after)',
      'Movie.credits(after)',
      'Person.filmography(job)',
      'User.interactions(reaction)',
      'Mutation.signUp(input.password)',
      'Mutation.createPerson(input.alsoKnownAs.0)',
      'Mutation.updateMovie(input.credits.0.job)',
      'Mutation.updateMovie(expectedRevision)',
      'Mutation.likeMovie(operationId)',
    ]) {
      expect(places).toContain(place);
    }
  });

  it(
    'is answered in time with an outcome, a page, or a clear error',
    async () => {
      const faults: string[] = [];
      const waiting = [...attempts];
      const askAll = async (): Promise<void> => {
        for (let attempt = waiting.pop(); attempt !== undefined; attempt = waiting.pop()) {
          faults.push(...(await tryOut(attempt)).map((fault) => `${attempt.place}: ${fault}`));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, askAll));
      expect(faults).toEqual([]);
    },
    ALL_MAX_MS,
  );
});
