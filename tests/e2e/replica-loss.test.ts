import { openClusters } from './clusters.ts';
import { anonymous, signedIn } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type RunningSystem } from './running-system.ts';
import { untilInSync } from './until-in-sync.ts';
import { until } from './until.ts';

const PAGE = `{
  movies(first: 20) {
    nodes { id title likeCount credits(kind: CAST, first: 3) { nodes { person { name } } } }
  }
}`;
const LIKE = `mutation ($id: ID!) { likeMovie(movieId: $id) { ... on ReactionSaved { reaction } } }`;
const RETURN_TIMEOUT_MS = 60_000;

describe('a replica that dies', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await useRunningSystem();
  }, START_TIMEOUT_MS);
  afterAll(() => untilInSync(system.endpoints()), START_TIMEOUT_MS);

  it(
    'is not missed by queries, and comes back',
    async () => {
      const endpoints = system.endpoints();
      const client = anonymous(endpoints);
      const before = await client.ask(PAGE);
      const { name } = endpoints.clusters.find(({ role }) => role === 'replica')!;
      const pid = system.pidOf(name)!;

      process.kill(pid, 'SIGKILL');
      for (let query = 0; query < 20; query += 1) expect(await client.ask(PAGE)).toEqual(before);

      const options = { timeoutMs: RETURN_TIMEOUT_MS };
      await until(() => ![undefined, pid].includes(system.pidOf(name)), {
        ...options,
        what: `${name} to be started again`,
      });
      const { clusters, close } = await openClusters(system.endpoints());
      const replica = clusters.find((cluster) => cluster.name === name)!;
      await until(async () => (await replica.ping(), true), {
        ...options,
        what: `${name} to answer`,
      });
      expect(await client.ask(PAGE)).toEqual(before);
      expect(await replica.count('movies')).toBeGreaterThan(1_000);
      await close();
    },
    2 * RETURN_TIMEOUT_MS,
  );

  it(
    'takes part in writes again',
    async () => {
      const endpoints = system.endpoints();
      const user = await signedIn(endpoints, { role: 'USER', nth: 2 });
      const { movies } = await user.ask(`{ movies(first: 10) { nodes { id } } }`);
      for (const { id } of movies.nodes) {
        const { likeMovie } = await user.ask(LIKE, { id });
        expect(likeMovie.reaction).toBe('LIKE');
      }
    },
    RETURN_TIMEOUT_MS,
  );
});
