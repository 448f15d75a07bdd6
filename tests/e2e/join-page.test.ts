import { slotKeyOf, slotOf, type CollectionName } from '@marquee/topology';
import { shardsOf } from './clusters.ts';
import { anonymous, signedIn, type Film, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

const PAGE = `
  query ($after: String) {
    movies(first: 20, after: $after) {
      nodes {
        id title likeCount dislikeCount
        credits(kind: CAST, first: 5) { nodes { character person { id name } } }
      }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }`;
interface Page {
  readonly nodes: readonly Film[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

interface RoutingEntry {
  readonly subgraph: string;
  readonly collection: CollectionName;
  readonly key?: string;
  readonly slot?: number;
  readonly shard: string;
  readonly cluster: string;
  readonly statement: number;
}

/** What a list shows of each film: their cast with names, the counts, the viewer's own reaction. */
const SIZED_PAGE = `
  query ($first: Int) {
    movies(first: $first) {
      nodes {
        id title likeCount dislikeCount viewerReaction
        credits(kind: CAST, first: 5) { nodes { character person { id name } } }
      }
    }
  }`;

/**
 * Films, people and interactions of two shards, once more of a shard whose share of the films is larger than
 * was to be expected, and the viewer's account.
 */
const STATEMENTS_MAX = 3 * 2 + 2 + 1;

const ROUTING = { 'x-marquee-routing': '1' };

describe('a page of films with cast and likes', () => {
  let endpoints: Endpoints;
  let admin: GraphClient;
  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    admin = await signedIn(endpoints, { role: 'ADMIN' });
  }, START_TIMEOUT_MS);

  it('is joined from every collection', async () => {
    const { movies } = await anonymous(endpoints).ask(PAGE);
    expect(movies.nodes).toHaveLength(20);
    expect(movies.totalCount).toBeGreaterThan(3_000);
    const films: Film[] = movies.nodes;
    const cast = films.flatMap((film) => film.credits.nodes);
    expect(cast.length).toBeGreaterThan(20);
    for (const { person } of cast) expect(person.name).toEqual(expect.stringMatching(/\S/));
    for (const movie of films) {
      expect(movie.likeCount).toBeGreaterThanOrEqual(0);
      expect(movie.dislikeCount).toBeGreaterThanOrEqual(0);
    }
    expect(films.some((film) => film.likeCount > 0)).toBe(true);
  });

  it('shows an admin who asks that keys of every shard are in it', async () => {
    const { errors, extensions } = await admin.send(PAGE, {}, ROUTING);
    expect(errors).toEqual([]);
    const routing: RoutingEntry[] = extensions.routing;
    const keyed = routing.filter(({ key }) => key !== undefined);
    expect(new Set(keyed.map(({ subgraph }) => subgraph))).toEqual(
      new Set(['person', 'interactions']),
    );
    expect([...new Set(keyed.map(({ shard }) => shard))].sort()).toEqual(
      shardsOf(endpoints.clusters),
    );
    for (const { collection, key, slot, shard, cluster } of routing) {
      const known = endpoints.clusters.find(({ name }) => name === cluster);
      expect({ cluster, shard: known?.shard }).toEqual({ cluster, shard });
      if (key !== undefined) expect(slot).toBe(slotOf(slotKeyOf(collection, key)));
    }
  });

  it.each([5, 20, 100])(
    'costs as many statements for %i films as for any number',
    async (first) => {
      const { data, errors, extensions } = await admin.send(SIZED_PAGE, { first }, ROUTING);
      expect(errors).toEqual([]);
      expect(data.movies.nodes).toHaveLength(first);
      const routing: RoutingEntry[] = extensions.routing;
      const keysOf = (subgraph: string): number =>
        new Set(routing.filter((entry) => entry.subgraph === subgraph).map(({ key }) => key)).size;
      // Counts and reactions of all of them are in the trace, the viewer's account, and those who play in
      // them.
      expect(keysOf('interactions')).toBe(2 * first + 1);
      expect(keysOf('person')).toBeGreaterThan(first);
      const statements = new Set(
        routing.map(({ subgraph, statement }) => `${subgraph} ${statement}`),
      );
      expect(statements.size).toBeGreaterThanOrEqual(3);
      expect(statements.size).toBeLessThanOrEqual(STATEMENTS_MAX);
    },
  );

  it('says nothing of its routing to anybody else', async () => {
    const user = await signedIn(endpoints, { role: 'USER' });
    for (const client of [user, anonymous(endpoints)]) {
      const { extensions } = await client.send(PAGE, {}, ROUTING);
      expect(extensions?.routing).toBeUndefined();
    }
    expect((await admin.send(PAGE)).extensions?.routing).toBeUndefined();
  });

  it('goes on with the next page, without a film twice', async () => {
    const pageAfter = async (after: string | null): Promise<Page> =>
      (await anonymous(endpoints).ask(PAGE, { after })).movies;
    const ids: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 5; page += 1) {
      const { nodes, pageInfo } = await pageAfter(after);
      ids.push(...nodes.map(({ id }) => id));
      expect(pageInfo.hasNextPage).toBe(true);
      after = pageInfo.endCursor;
    }
    expect(new Set(ids).size).toBe(100);
  });
});
