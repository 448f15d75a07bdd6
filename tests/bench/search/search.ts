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
const SLOWEST_SHOWN = 5;
const LOAD_BATCH = 1_000;
/** No part may take longer than this, whatever the machine. */
const PART_MAX_MS = 90_000;

/** What a search may take that somebody waits for at every letter: the bench fails above it. */
const SEARCH_P95_MAX_MS = 50;
/** The most that a count of genres may take, which the first to ask for one waits for. */
const GENRES_MAX_MS = 2_000;

const SHARDS = { a: ['shard-a'], b: ['shard-b'] } as const;
const OWNERS = ['shard-a', 'shard-b'];
const ownerOf = (id: string): string => (slotOf(id) < 512 ? 'shard-a' : 'shard-b');

const PAGE = `query ($query: String, $filter: MovieFilter) {
  movies(query: $query, filter: $filter, first: 20) { nodes { id title year genres } } }`;
const PAGE_AND_COUNT = `query ($query: String, $filter: MovieFilter) {
  movies(query: $query, filter: $filter, first: 20) { totalCount nodes { id title year genres } } }`;
const GENRES = '{ genres { genre movieCount } }';

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

interface Slow {
  readonly ms: number;
  readonly search: Search;
}

/** `slowest` is given those that took longest, to look into. */
const measure = async (
  searches: readonly Search[],
  ask: Ask,
  slowest: Slow[] = [],
): Promise<Map<string, number[]>> => {
  const taken = new Map<string, number[]>();
  const startedAtMs = performance.now();
  for (const search of searches) {
    const ms = await timed(() => ask(search));
    taken.set(search.kind, [...(taken.get(search.kind) ?? []), ms]);
    slowest.push({ ms, search });
    slowest.sort((left, right) => right.ms - left.ms).splice(SLOWEST_SHOWN);
    if (performance.now() - startedAtMs > PART_MAX_MS) break;
  }
  return taken;
};

const summary = (name: string, taken: readonly number[]): void => {
  const at = (share: number): string => quantile(taken, share).toFixed(1).padStart(8);
  console.log(`${name.padEnd(26)} p50${at(0.5)} ms   p95${at(0.95)} ms   (${taken.length})`);
};

/** The first count, and the searches that are asked meanwhile, one after the other. */
const countGenres = async (
  answer: (document: string, search?: Search) => Promise<unknown>,
  searches: readonly Search[],
): Promise<{ genresMs: number; meanwhile: number[] }> => {
  const progress = { counted: false };
  const meanwhile: number[] = [];
  const searching = async (): Promise<void> => {
    for (const search of searches) {
      if (progress.counted) return;
      meanwhile.push(await timed(() => answer(PAGE, search)));
    }
  };
  const searched = searching();
  const genresMs = await timed(async () => {
    const genres = await answer(GENRES);
    if (!Array.isArray(genres) || genres.length === 0) throw new Error('no genre was counted');
  });
  progress.counted = true;
  await searched;
  return { genresMs, meanwhile };
};

/** The process ends with 1, after everything is closed. */
const failAbove = (what: string, ms: number, maxMs: number): void => {
  if (ms <= maxMs) return;
  console.error(`${what} took ${ms.toFixed(1)} ms, more than ${maxMs}`);
  process.exitCode = 1;
};

/** Prints what it measures; the last line has the figures. Fails where a search or a count takes too long. */
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

    const answer = async (document: string, search?: Search): Promise<unknown> => {
      const { query, filter } = search ?? {};
      const { errors, result } = await subgraph.ask(document, { variables: { query, filter } });
      if (errors[0] === undefined) return result;
      throw new Error(`${document} of ${JSON.stringify(search)}: ${errors[0].message}`);
    };
    const asking =
      (document: string): Ask =>
      (search) =>
        answer(document, search);
    const byPattern: Ask = async ({ query = '' }) => {
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
    const slowest: Slow[] = [];
    const pages = await measure(searches, asking(PAGE), slowest);
    for (const [kind, taken] of pages) summary(kind, taken);
    for (const { ms, search } of slowest) {
      console.log(`  ${ms.toFixed(0)} ms: ${JSON.stringify(search)}`);
    }
    const all = [...pages.values()].flat();
    summary('all searches', all);
    const counted = await measure(searches.slice(-COUNTS), asking(PAGE_AND_COUNT));
    const withCount = [...counted.values()].flat();
    summary('with totalCount', withCount);
    const rare = searches.filter(({ kind }) => kind === 'typo').slice(0, BASELINE_SEARCHES);
    const patterns = [...(await measure(rare, byPattern)).values()].flat();
    summary('a pattern in every title', patterns);
    const { genresMs, meanwhile } = await countGenres(answer, searches);
    summary('while genres are counted', meanwhile);
    console.log(`genres, counted for the first time: ${genresMs.toFixed(0)} ms`);
    const p95Ms = quantile(all, 0.95);
    const figures = [
      `films ${count}`,
      `searches ${all.length}`,
      `p50-ms ${quantile(all, 0.5).toFixed(1)}`,
      `p95-ms ${p95Ms.toFixed(1)}`,
      `p95-with-count-ms ${quantile(withCount, 0.95).toFixed(1)}`,
      `pattern-p50-ms ${quantile(patterns, 0.5).toFixed(1)}`,
      `typo-p50/pattern-p50 ${(quantile(pages.get('typo') ?? [], 0.5) / quantile(patterns, 0.5)).toFixed(3)}`,
      `genres-ms ${genresMs.toFixed(0)}`,
    ];
    console.log(`bench search: ${figures.join(', ')}`);
    failAbove('the p95 of all searches', p95Ms, SEARCH_P95_MAX_MS);
    failAbove('the count of genres', genresMs, GENRES_MAX_MS);
  } finally {
    await subgraph.close();
    await deployment.close();
  }
};
