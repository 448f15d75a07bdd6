import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createLogger } from '@marquee/service-kit';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import { movieDocument, type Film } from '@marquee/subgraph-kit/documents';
import { loadDocuments, startTestSubgraph, type TestSubgraph } from '@marquee/subgraph-kit/testing';
import { startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { parse } from 'csv-parse/sync';
import { createMoviesSubgraph } from '../src/subgraph.ts';

jest.setTimeout(60_000);
const LOAD_TIMEOUT_MS = 240_000;

/** Data that must not enter the repository: beside it, where it is there at all. */
const FOLDER = join(__dirname, '../../../../shared/data/tmdb5000');
const isThere = existsSync(FOLDER);
if (!isThere) {
  process.stderr.write(
    '\n*** REAL FILMS SKIPPED: there is no ../shared/data/tmdb5000 beside this repository ***\n\n',
  );
}

type Row = Readonly<Record<string, string>>;
const rowsOf = (name: string): Row[] =>
  parse(gunzipSync(readFileSync(join(FOLDER, `${name}.csv.gz`))), { columns: true }) as Row[];

const readFilms = (): Film[] => {
  const names = new Map(rowsOf('person').map((row) => [row.person_id, row.person_name]));
  const casts = new Map<string | undefined, Row[]>();
  for (const row of rowsOf('movie_cast')) {
    casts.set(row.movie_id, [...(casts.get(row.movie_id) ?? []), row]);
  }
  return rowsOf('movie').map((row) => ({
    id: `tmdb${row.movie_id}`,
    title: row.title!,
    ...(row.release_date && {
      releaseDate: row.release_date,
      year: Number(row.release_date.slice(0, 4)),
    }),
    popularity: Number(row.popularity),
    credits: (casts.get(row.movie_id) ?? []).map((credit) => ({
      kind: 'CAST',
      personId: `person${credit.person_id}`,
      name: names.get(credit.person_id) ?? '',
      character: credit.character_name || null,
    })),
  }));
};

(isThere ? describe : describe.skip)('4,803 real films on two shards', () => {
  let deployment: TestDeployment;
  let router: ShardRouter;
  let subgraph: TestSubgraph;
  let films: Film[];

  beforeAll(async () => {
    films = readFilms();
    deployment = await startTestDeployment();
    router = createShardRouter({
      nameNodeClient: deployment.nameNode,
      addresses: async () => ({ clusters: deployment.clusters.addresses }),
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    await loadDocuments(router, { movies: films.map(movieDocument) });
    subgraph = await startTestSubgraph(createMoviesSubgraph(), { router });
  }, LOAD_TIMEOUT_MS);
  afterAll(async () => {
    await subgraph.close();
    await router.close();
    await deployment.close();
  });

  const found = async (query: string): Promise<string[]> => {
    const { data, errors } = await subgraph.ask(
      'query ($query: String) { movies(query: $query, first: 5) { nodes { title } } }',
      { variables: { query } },
    );
    expect(errors).toEqual([]);
    return (data.movies.nodes as { title: string }[]).map(({ title }) => title);
  };

  it.each([
    ['amelie', "Le fabuleux destin d'Amélie Poulain"],
    ['AMÉLIE', "Le fabuleux destin d'Amélie Poulain"],
    ['brutto', 'Il buono, il brutto, il cattivo'],
    ['buono cattivo', 'Il buono, il brutto, il cattivo'],
    ['bruto', 'Il buono, il brutto, il cattivo'],
  ])('%s finds %s', async (query, title) => {
    expect(await found(query)).toContain(title);
  });

  it('puts the exact title first', async () => {
    expect((await found('avatar'))[0]).toBe('Avatar');
    expect((await found('the matrix'))[0]).toBe('The Matrix');
  });

  it('answers Leonardo DiCaprio’s filmography complete and the newest film first', async () => {
    const played = films.filter(({ credits }) =>
      credits?.some(({ name }) => name === 'Leonardo DiCaprio'),
    );
    const [id] = played[0]!.credits!.filter(({ name }) => name === 'Leonardo DiCaprio');
    const { data, errors } = await subgraph.ask(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person {
        filmography(kind: CAST, first: 100) { totalCount nodes { movie { title year } } } } } }`,
      { variables: { r: [{ __typename: 'Person', id: id!.personId }] } },
    );
    expect(errors).toEqual([]);
    const { totalCount, nodes } = data._entities[0].filmography;
    const entries = nodes as { movie: { title: string; year: number } }[];
    expect(played.length).toBeGreaterThan(15);
    expect(totalCount).toBe(played.length);
    expect(entries.map(({ movie }) => movie.title).sort()).toEqual(
      played.map(({ title }) => title).sort(),
    );
    const years = entries.map(({ movie }) => movie.year);
    expect(years).toEqual([...years].sort((left, right) => right - left));
  });
});
