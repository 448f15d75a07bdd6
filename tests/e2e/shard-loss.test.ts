import { openClusters, shardsOf } from './clusters.ts';
import { anonymous, type GraphAnswer, type GraphClient } from './graph-client.ts';
import {
  START_TIMEOUT_MS,
  useRunningSystem,
  type Endpoints,
  type RunningSystem,
} from './running-system.ts';
import { untilInSync } from './until-in-sync.ts';
import { until } from './until.ts';

/** Two seconds are promised for the whole answer; a busy machine is given one more. */
const ANSWER_MAX_MS = 3_000;

const PAGE = `{ movies(first: 20) { nodes { id title likeCount } } }`;
/** Three subgraphs, one after the other: each of them meets the shard that does not answer. */
const PAGE_WITH_CAST = `{ movies(first: 20) { nodes { id title likeCount
  credits(kind: CAST, first: 3) { nodes { person { id name } } } } } }`;

describe('a shard that is wholly down', () => {
  let system: RunningSystem;
  let endpoints: Endpoints;
  let client: GraphClient;
  /** A film of the shard that goes down, and one of another. */
  let lost: string;
  let kept: string;
  const stopped: number[] = [];

  beforeAll(async () => {
    system = await useRunningSystem();
    endpoints = system.endpoints();
    client = anonymous(endpoints);
    const { clusters, close } = await openClusters(endpoints);
    const [keptShard, lostShard] = shardsOf(clusters);
    const { movies } = await client.ask(`{ movies(first: 50) { nodes { id } } }`);
    const filmOf = async (shard: string | undefined): Promise<string> => {
      const owner = clusters.find((each) => each.shard === shard && each.role === 'owner')!;
      for (const { id } of movies.nodes) if (await owner.find('movies', id)) return id;
      throw new Error(`no film of shard ${shard}`);
    };
    kept = await filmOf(keptShard);
    lost = await filmOf(lostShard);
    await close();
    for (const { name, shard } of endpoints.clusters) {
      if (shard !== lostShard) continue;
      const pid = system.pidOf(name)!;
      // Halted, not ended: nobody starts it again, and its connections hang, the hardest case.
      process.kill(pid, 'SIGSTOP');
      stopped.push(pid);
    }
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    await until(async () => (await client.send(PAGE)).errors.length === 0, {
      what: 'the shard to be back',
      timeoutMs: 60_000,
    });
    await untilInSync(endpoints);
  }, START_TIMEOUT_MS);

  const timed = async (query: string): Promise<GraphAnswer> => {
    const startedAtMs = performance.now();
    const answer = await client.send(query);
    expect(performance.now() - startedAtMs).toBeLessThan(ANSWER_MAX_MS);
    return answer;
  };

  it('leaves the films of the other shard, and names the paths that are missing', async () => {
    const { status, data, errors } = await timed(
      `{ lost: movie(id: "${lost}") { title likeCount } kept: movie(id: "${kept}") { title likeCount } }`,
    );
    expect(status).toBe(200);
    expect(data.lost).toBeNull();
    expect(data.kept).toEqual({ title: expect.any(String), likeCount: expect.any(Number) });
    expect(errors).toEqual([
      {
        message: expect.any(String),
        path: ['lost'],
        extensions: { code: 'SHARD_UNAVAILABLE', retryable: true, shard: expect.any(String) },
      },
    ]);
  });

  it('is waited for once, not by every subgraph that a query needs', async () => {
    const { data, errors } = await timed(PAGE_WITH_CAST);
    expect(data.movies.nodes).toHaveLength(20);
    const names = data.movies.nodes.flatMap(
      ({ credits }: { credits: { nodes: { person: { name: string } | null }[] } }) =>
        credits.nodes.flatMap(({ person }) => person?.name ?? []),
    );
    expect(names.length).toBeGreaterThan(0);
    const codes = errors.map(({ extensions }) => extensions.code);
    expect(new Set(codes)).toEqual(new Set(['SHARD_UNAVAILABLE']));
  });

  it('leaves a page of what there is, and says that it is not all', async () => {
    const { data, errors } = await timed(PAGE);
    expect(data.movies.nodes.length).toBeGreaterThan(0);
    expect(errors.length).toBeGreaterThan(0);
    for (const { path, extensions } of errors) {
      expect(path?.[0]).toBe('movies');
      expect(extensions.code).toBe('SHARD_UNAVAILABLE');
    }
    expect(data.movies.nodes).not.toContainEqual(expect.objectContaining({ id: lost }));
  });
});
