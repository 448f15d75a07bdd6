import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTempDir, startTestClusters, type TestClusters } from '@marquee/test-kit';
import { openClusters } from './clusters.ts';
import { anonymous, signedIn } from './graph-client.ts';
import { START_TIMEOUT_MS, type Endpoints } from './running-system.ts';
import { until } from './until.ts';

const START = fileURLToPath(new URL('../../packages/launcher/bin/start.mjs', import.meta.url));
const STOP_TIMEOUT_MS = 60_000;

describe('engine atlas, on five clusters that somebody else runs', () => {
  let clusters: TestClusters;
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let launcher: ChildProcess | undefined;
  let output = '';

  beforeAll(async () => {
    dir = await createTempDir();
    clusters = await startTestClusters({
      a: ['shard-a', 'replica-a'],
      b: ['shard-b', 'replica-b'],
      metadata: ['metadata'],
    });
  });
  afterAll(async () => {
    await stop();
    await clusters.close();
    await dir.remove();
  }, STOP_TIMEOUT_MS);

  const start = async (): Promise<Endpoints> => {
    output = '';
    const child = spawn(
      process.execPath,
      [START, '--engine', 'atlas', '--port-base', '0', '--data', dir.path],
      {
        env: {
          ...process.env,
          SHARD_A_URI: clusters.uriOf('shard-a'),
          SHARD_B_URI: clusters.uriOf('shard-b'),
          REPLICA_A_URI: clusters.uriOf('replica-a'),
          REPLICA_B_URI: clusters.uriOf('replica-b'),
          METADATA_URI: clusters.uriOf('metadata'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    launcher = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    const path = join(dir.path, 'endpoints.json');
    await until(() => existsSync(path) || child.exitCode !== null, {
      what: 'the system to be ready',
      timeoutMs: START_TIMEOUT_MS,
      explain: () => output,
    });
    if (child.exitCode !== null) throw new Error(`the system ended:\n${output}`);
    return JSON.parse(readFileSync(path, 'utf8')) as Endpoints;
  };

  const stop = async (): Promise<void> => {
    const child = launcher;
    launcher = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };

  it(
    'serves the graph from them, and finds its data there at the next start',
    async () => {
      const endpoints = await start();
      // Somebody else's clusters are not the launcher's to start, or to end.
      const own = new Set(endpoints.processes.map(({ name }) => name));
      for (const { name } of endpoints.clusters) expect(own).not.toContain(name);

      const user = await signedIn(endpoints, { role: 'USER' });
      const { movies } = await user.ask('{ movies(first: 20) { nodes { id likeCount } } }');
      expect(movies.nodes).toHaveLength(20);
      const [{ id, likeCount }] = movies.nodes;
      await user.ask(
        `mutation ($id: ID!) { removeReaction(movieId: $id) { __typename }
           likeMovie(movieId: $id) { __typename } }`,
        { id },
      );
      const { movie: liked } = await user.ask(
        'query ($id: ID!) { movie(id: $id) { likeCount viewerReaction } }',
        { id },
      );
      expect(liked.viewerReaction).toBe('LIKE');
      expect(liked.likeCount - likeCount).toBeLessThanOrEqual(1);
      const opened = await openClusters(endpoints);
      try {
        const stored = await Promise.all(
          opened.clusters.map(({ find }) => find('user_interactions', `${id}:${user.handle}`)),
        );
        expect(stored.filter((document) => document?.deleted === false)).toHaveLength(2);
      } finally {
        await opened.close();
      }
      await stop();

      const again = await start();
      const { movie } = await anonymous(again).ask(
        'query ($id: ID!) { movie(id: $id) { likeCount } }',
        { id },
      );
      expect(movie.likeCount).toBe(liked.likeCount);
    },
    2 * START_TIMEOUT_MS,
  );
});
