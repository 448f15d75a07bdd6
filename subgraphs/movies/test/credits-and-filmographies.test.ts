import { movieDocument } from '@marquee/subgraph-kit/documents';
import {
  createInMemoryShardRouter,
  startTestSubgraph,
  type InMemoryShardRouter,
  type Json,
  type TestSubgraph,
} from '@marquee/subgraph-kit/testing';
import { createMoviesSubgraph } from '../src/subgraph.ts';
import { FILMS } from './films.ts';

describe('credits and filmographies in the graph', () => {
  let router: InMemoryShardRouter;
  let subgraph: TestSubgraph;

  beforeAll(async () => {
    router = createInMemoryShardRouter();
    router.load('movies', FILMS.map(movieDocument));
    subgraph = await startTestSubgraph(createMoviesSubgraph(), { router });
  });
  afterAll(() => subgraph.close());
  afterEach(() => router.setShardDown(undefined));
  it('gives the cast in billing order, then the crew, in pages', async () => {
    const { data } = await subgraph.ask(`{ movie(id: "heat") {
      credits { totalCount nodes { kind name character billing job person { id } } }
      crew: credits(kind: CREW, first: 1) { totalCount edges { cursor node { job } } pageInfo { hasNextPage endCursor } } } }`);
    expect(data.movie.credits.totalCount).toBe(4);
    expect(data.movie.credits.nodes.map((node: Json) => node.person.id)).toEqual([
      'pacino',
      'deniro',
      'mann',
      'mann',
    ]);
    expect(data.movie.credits.nodes[1]).toEqual({
      kind: 'CAST',
      // Told by the film itself: it stays when the person is deleted.
      name: 'Robert De Niro',
      character: 'Neil McCauley',
      billing: 2,
      job: null,
      person: { id: 'deniro' },
    });
    const { endCursor } = data.movie.crew.pageInfo;
    expect(data.movie.crew.edges).toEqual([{ cursor: endCursor, node: { job: 'Director' } }]);
    const next = await subgraph.ask(
      `{ movie(id: "heat") { credits(kind: CREW, first: 1, after: "${endCursor}") { nodes { job } pageInfo { hasNextPage } } } }`,
    );
    expect(next.data.movie.credits).toEqual({
      nodes: [{ job: 'Writer' }],
      pageInfo: { hasNextPage: false },
    });
  });

  const person = (id: string, selection: string) =>
    subgraph.ask(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { ${selection} } } }`,
      { variables: { r: [{ __typename: 'Person', id }] } },
    );

  it('gives a filmography with one entry for each credit, the newest film first', async () => {
    const { data, errors } = await person(
      'mann',
      'filmography { totalCount nodes { movie { id } kind job } edges { cursor node { job } } pageInfo { endCursor } }',
    );
    expect(errors).toEqual([]);
    const { edges, pageInfo, ...listed } = data._entities[0].filmography;
    expect(edges.map(({ node }: Json) => node.job)).toEqual(['Director', 'Director', 'Writer']);
    expect(edges[2].cursor).toBe(pageInfo.endCursor);
    expect(listed).toEqual({
      totalCount: 3,
      nodes: [
        { movie: { id: 'insider' }, kind: 'CREW', job: 'Director' },
        { movie: { id: 'heat' }, kind: 'CREW', job: 'Director' },
        { movie: { id: 'heat' }, kind: 'CREW', job: 'Writer' },
      ],
    });
  });

  it('pages a filmography even between two credits of one film', async () => {
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 3; page += 1) {
      const { data } = await person(
        'mann',
        `filmography(first: 1${after}) { nodes { movie { id } job } pageInfo { hasNextPage endCursor } }`,
      );
      const { nodes, pageInfo } = data._entities[0].filmography;
      seen.push(`${nodes[0].movie.id} ${nodes[0].job}`);
      expect(pageInfo.hasNextPage).toBe(page < 2);
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(['insider Director', 'heat Director', 'heat Writer']);
  });

  it('filters a filmography by job', async () => {
    const { data } = await person(
      'mann',
      'filmography(job: "Writer") { totalCount nodes { movie { id } } }',
    );
    expect(data._entities[0].filmography).toEqual({
      totalCount: 1,
      nodes: [{ movie: { id: 'heat' } }],
    });
  });

  it('asks once what many people are known for', async () => {
    router.calls.length = 0;
    const ids = ['pacino', 'mann', 'deniro', 'nobody'];
    const { data } = await subgraph.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id knownFor(first: 2) { id } } } }',
      { variables: { r: ids.map((id) => ({ __typename: 'Person', id })) } },
    );
    expect(
      data._entities.map((entity: Json) => entity.knownFor.map((film: Json) => film.id)),
    ).toEqual([['heat', 'insider'], ['heat', 'insider'], ['heat', 'taxi'], []]);
    expect(router.calls.map(({ method }) => method)).toEqual(['list', 'findByIds']);
  });

  it('reads the entities of a page in one batch', async () => {
    router.calls.length = 0;
    const { data } = await subgraph.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Movie { id title } } }',
      { variables: { r: FILMS.slice(0, 20).map(({ id }) => ({ __typename: 'Movie', id })) } },
    );
    expect(data._entities).toHaveLength(20);
    expect(router.calls).toEqual([{ method: 'findByIds', collection: 'movies', size: 20 }]);
  });
});
