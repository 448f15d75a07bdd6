import { randomBytes } from 'node:crypto';
import { newOperationId } from '@marquee/subgraph-kit/operation-id';
import { openClusters, type Cluster } from './clusters.ts';
import { signedIn, type Film, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

const READ = `query ($id: ID!) { movie(id: $id) { likeCount dislikeCount viewerReaction } }`;
const reacting = (mutation: string): string => `
  mutation ($id: ID!, $operationId: ID) {
    result: ${mutation}(movieId: $id, operationId: $operationId) {
      __typename
      ... on ReactionSaved { reaction movie { id title likeCount dislikeCount viewerReaction } }
    }
  }`;

describe('a like', () => {
  let endpoints: Endpoints;
  let clusters: readonly Cluster[];
  let close: () => Promise<void>;
  let user: GraphClient & { readonly handle: string };
  /** One film of each shard. */
  let films: (Film & { shard: string })[];

  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    ({ clusters, close } = await openClusters(endpoints));
    user = await signedIn(endpoints, { role: 'USER', nth: 1 });
    const { movies } = await user.ask(`{ movies(first: 50) { nodes { id title } } }`);
    const placed = await Promise.all(
      (movies.nodes as Film[]).map(async (film) => ({ ...film, shard: await shardOf(film.id) })),
    );
    const shards = [...new Set(endpoints.clusters.map(({ shard }) => shard))];
    films = shards.map((shard) => placed.find((film) => film.shard === shard)!);
    for (const { id } of films) await user.ask(reacting('removeReaction'), { id });
  }, START_TIMEOUT_MS);
  afterAll(() => close());

  const countsOf = async (id: string): Promise<Film> => (await user.ask(READ, { id })).movie;
  const shardOf = async (id: string): Promise<string> => {
    for (const cluster of clusters.filter(({ role }) => role === 'owner')) {
      if (await cluster.find('movies', id)) return cluster.shard;
    }
    throw new Error(`${id} is on no shard`);
  };
  const storedIn = (shard: string, id: string) =>
    Promise.all(
      clusters
        .filter((cluster) => cluster.shard === shard)
        .map((cluster) => cluster.find('user_interactions', id)),
    );

  it('is read back at once, and stored in the owner and every replica', async () => {
    for (const { id, title, shard } of films) {
      const before = await countsOf(id);
      expect(before.viewerReaction).toBeNull();
      const after = {
        likeCount: before.likeCount + 1,
        dislikeCount: before.dislikeCount,
        viewerReaction: 'LIKE',
      };

      const { result } = await user.ask(reacting('likeMovie'), { id });
      expect(result).toEqual({
        __typename: 'ReactionSaved',
        reaction: 'LIKE',
        movie: { id, title, ...after },
      });
      // Acknowledged is stored everywhere: neither read waits for anything.
      const interactions = await storedIn(shard, `${id}:${user.handle}`);
      const summaries = await storedIn(shard, id);
      for (let read = 0; read < 10; read += 1) {
        expect(await countsOf(id)).toEqual(after);
      }

      expect(interactions.length).toBeGreaterThan(1);
      for (const interaction of interactions) {
        expect(interaction).toEqual(interactions[0]);
        expect(interaction).toMatchObject({
          movieId: id,
          handle: user.handle,
          reaction: 'LIKE',
          deleted: false,
        });
      }
      for (const summary of summaries) {
        expect(summary).toEqual(summaries[0]);
        expect(summary).toMatchObject({ likeCount: after.likeCount });
        expect(summary!.version).toEqual(interactions[0]!.version);
      }
    }
  });

  it('turns into a dislike and goes away, and the counts with it', async () => {
    const { id, shard } = films[0]!;
    await user.ask(reacting('removeReaction'), { id });
    const before = await countsOf(id);
    await user.ask(reacting('likeMovie'), { id });
    await user.ask(reacting('dislikeMovie'), { id });
    expect(await countsOf(id)).toEqual({
      likeCount: before.likeCount,
      dislikeCount: before.dislikeCount + 1,
      viewerReaction: 'DISLIKE',
    });
    await user.ask(reacting('removeReaction'), { id });
    expect(await countsOf(id)).toEqual(before);
    for (const interaction of await storedIn(shard, `${id}:${user.handle}`)) {
      expect(interaction === null || interaction.deleted).toBe(true);
    }
  });

  it('counts once however often it is sent with the same operation id', async () => {
    const { id } = films[0]!;
    await user.ask(reacting('removeReaction'), { id });
    const before = (await countsOf(id)).likeCount;
    const operationId = newOperationId({ now: Date.now, randomBytes });
    const send = () => user.ask(reacting('likeMovie'), { id, operationId });
    const answers = [await send(), ...(await Promise.all([send(), send(), send()]))];
    for (const { result } of answers) expect(result.reaction).toBe('LIKE');
    expect((await countsOf(id)).likeCount).toBe(before + 1);
    const { errors } = await user.send(reacting('dislikeMovie'), { id, operationId });
    expect(errors[0]?.extensions.code).toBe('OPERATION_ID_REUSED');
  });

  it('is counted exactly when many like a film at the same time', async () => {
    const { id } = films.at(-1)!;
    const logins = endpoints.logins.filter(({ role }) => role === 'USER');
    const people = await Promise.all(
      logins.map((_, nth) => signedIn(endpoints, { role: 'USER', nth })),
    );
    await Promise.all(people.map((person) => person.ask(reacting('removeReaction'), { id })));
    const before = (await countsOf(id)).likeCount;
    await Promise.all(people.map((person) => person.ask(reacting('likeMovie'), { id })));
    expect((await countsOf(id)).likeCount).toBe(before + people.length);
  });
});
