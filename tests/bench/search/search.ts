import { startTestSubgraph } from '@marquee/subgraph-kit/testing';
import { slotOf } from '@marquee/topology';
import { createMoviesSubgraph } from '../../../subgraphs/movies/src/subgraph.ts';
import { startBenchDeployment, type BenchDeployment } from '../bench-deployment.ts';
import { quantile, timed } from '../compare.ts';
import { madeUpFilms, type MadeUpFilm } from './made-up-films.ts';
import { makeSearches, type Search } from './searches.ts';

/*
 * Search as you type over two shards, asked of the movies subgraph over HTTP, beside what it would cost
 * without the fields that search is made of: a pattern in every title, by the bare driver, on the same
 * films in the same run. Build first: the clusters run from dist.
 */

/** `--films N` takes others. */
const FILMS = 100_000;
const SEARCHES = 600;
/** Patterns in every title take long: a few say enough. */
const BASELINE_SEARCHES = 30;
const COUNTS = 60;
const LOAD_BATCH = 1_000;
/** No part may take longer than this, whatever the machine. */
const PART_MAX_MS = 90_000;

const SHARDS = { a: ['shard-a'], b: ['shard-b'] } as const;
const OWNERS = ['shard-a', 'shard-b'];
const ownerOf = (id: string): string => (slotOf(id) < 512 ? 'shard-a' : 'shard-b');

const PAGE = `query ($query: String, $filter: MovieFilter) {
  movies(query: $query, filter: $filter, first: 20) { nodes { id title year genres } } }`;
const PAGE_AND_COUNT = `query ($query: String, $filter: MovieFilter) {
  movies(query: $query, filter: $filter, first: 20) { totalCount nodes { id title year genres } } }`;

interface StoredFilm {
  _id: string;
  [field: string]: unknown;
}
const filmsOn = ({ mongo }: BenchDeployment, cluster: string) =>
  mongo(cluster).db('marquee').collection<StoredFilm>('movies');

/** Past the protocol, as documents that it has written: this is no benchmark of writing. */
const load = async (deployment: BenchDeployment, count: number): Promise<string[]> => {
  const titles: string[] = [];
  let batches = new Map<string, StoredFilm[]>();
  const flush = async (): Promise<void> => {
    const full = batches;
    batches = new Map();
    await Promise.all(
      [...full].map(([cluster, films]) =>
        filmsOn(deployment, cluster).insertMany(films, { ordered: false }),
      ),
    );
  };
  for (const film of madeUpFilms(count)) {
    titles.push(film.title);
    const cluster = ownerOf(film._id);
    batches.set(cluster, [...(batches.get(cluster) ?? []), asStored(film)]);
    if (titles.length % LOAD_BATCH === 0) await flush();
  }
  await flush();
  return titles;
};

const asStored = (film: MadeUpFilm): StoredFilm => ({
  ...film,
  slot: slotOf(film._id),
  version: { epoch: 1, sequence: 1 },
  revision: 1,
  deleted: false,
});

type Ask = (search: Search) => Promise<unknown>;

const measure = async (searches: readonly Search[], ask: Ask): Promise<Map<string, number[]>> => {
  const taken = new Map<string, number[]>();
  const startedAtMs = performance.now();
  for (const search of searches) {
    const ms = await timed(() => ask(search));
    taken.set(search.kind, [...(taken.get(search.kind) ?? []), ms]);
    if (performance.now() - startedAtMs > PART_MAX_MS) break;
  }
  return taken;
};

const summary = (name: string, taken: readonly number[]): void => {
  const at = (share: number): string => quantile(taken, share).toFixed(1).padStart(8);
  console.log(`${name.padEnd(26)} p50${at(0.5)} ms   p95${at(0.95)} ms   (${taken.length})`);
};

/** Prints what it measures; the last line has the figures. */
export const main = async (options: readonly string[]): Promise<void> => {
  const wanted = options.indexOf('--films');
  const count = wanted === -1 ? FILMS : Number(options[wanted + 1]);
  const deployment = await startBenchDeployment(SHARDS);
  const subgraph = await startTestSubgraph(createMoviesSubgraph(), { router: deployment.router });
  try {
    const loadStartedAtMs = performance.now();
    const titles = await load(deployment, count);
    const seconds = (performance.now() - loadStartedAtMs) / 1_000;
    console.log(`${count} films loaded in ${seconds.toFixed(0)} s`);
    const searches = makeSearches(titles, SEARCHES);

    const asking =
      (document: string): Ask =>
      async ({ query, filter }) => {
        const { errors } = await subgraph.ask(document, { variables: { query, filter } });
        if (errors[0] !== undefined) throw new Error(`${query}: ${errors[0].message}`);
      };
    const byPattern: Ask = async ({ query }) => {
      const pattern = new RegExp(query.replace(/[^\p{L}\p{N}]+/gu, '.+'), 'iu');
      await Promise.all(
        OWNERS.map((cluster) =>
          filmsOn(deployment, cluster)
            .find({ title: pattern, deleted: false })
            .sort({ popularity: -1, _id: -1 })
            .limit(20)
            .toArray(),
        ),
      );
    };

    await measure(searches.slice(0, SEARCHES / 6), asking(PAGE));
    const pages = await measure(searches, asking(PAGE));
    for (const [kind, taken] of pages) summary(kind, taken);
    const all = [...pages.values()].flat();
    summary('all searches', all);
    const counted = await measure(searches.slice(-COUNTS), asking(PAGE_AND_COUNT));
    const withCount = [...counted.values()].flat();
    summary('with totalCount', withCount);
    const rare = searches.filter(({ kind }) => kind === 'typo').slice(0, BASELINE_SEARCHES);
    const patterns = [...(await measure(rare, byPattern)).values()].flat();
    summary('a pattern in every title', patterns);
    const genresMs = await timed(() => subgraph.ask('{ genres { name movieCount } }'));
    console.log(`genres, counted for the first time: ${genresMs.toFixed(0)} ms`);
    const figures = [
      `films ${count}`,
      `searches ${all.length}`,
      `p50-ms ${quantile(all, 0.5).toFixed(1)}`,
      `p95-ms ${quantile(all, 0.95).toFixed(1)}`,
      `p95-with-count-ms ${quantile(withCount, 0.95).toFixed(1)}`,
      `pattern-p50-ms ${quantile(patterns, 0.5).toFixed(1)}`,
      `typo-p50/pattern-p50 ${(quantile(pages.get('typo') ?? [], 0.5) / quantile(patterns, 0.5)).toFixed(3)}`,
    ];
    console.log(`bench search: ${figures.join(', ')}`);
  } finally {
    await subgraph.close();
    await deployment.close();
  }
};
