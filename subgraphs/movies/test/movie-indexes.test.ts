import { DOMAIN_INDEXES } from '@marquee/slot-protocol';
import { movieDocument } from '@marquee/subgraph-kit/documents';
import { startTestClusters, type TestClusters } from '@marquee/test-kit';
import { MongoClient, type Collection, type Document } from 'mongodb';
import { movieStages, type MovieFilterInput, type MovieOrderInput } from '../src/movie-query.ts';

jest.setTimeout(60_000);

/** More than the engine walks to find out which index is best. */
const FILMS = 3_000;
/** Films that fit the conditions which are not `none`. */
const RARE = 15;

/** Each filter, once so that few films fit and once so that none does. */
const FILTERS: readonly { readonly few?: MovieFilterInput; readonly none: MovieFilterInput }[] = [
  { few: { genres: { any: ['Rare'] } }, none: { genres: { any: ['Nothing', ''] } } },
  { few: { genres: { all: ['Rare', 'Drama'] } }, none: { genres: { all: ['Nothing', 'Drama'] } } },
  { few: { year: { from: 3_000 } }, none: { year: { to: 1_200 } } },
  { few: { runtimeMinutes: { from: 900 } }, none: { runtimeMinutes: { from: 5_000 } } },
  { none: { runtimeMinutes: { from: 200, to: 100 } } },
  { few: { rating: { from: 9.9 } }, none: { rating: { from: 11 } } },
  { few: { language: 'eo' }, none: { language: 'xx' } },
  { few: { country: 'VA' }, none: { country: '' } },
  { few: { personId: 'rare' }, none: { personId: 'nobody' } },
  { few: { language: 'eo', country: 'US' }, none: { language: 'en', country: 'XX' } },
];

const ORDERS: readonly (MovieOrderInput | undefined)[] = [
  undefined,
  ...(['TITLE', 'YEAR', 'RATING', 'POPULARITY'] as const).flatMap((field) => [
    { field, direction: 'ASC' as const },
    { field, direction: 'DESC' as const },
  ]),
];

describe('the indexes of films', () => {
  let clusters: TestClusters;
  let client: MongoClient;
  let films: Collection<Document & { _id: string }>;

  beforeAll(async () => {
    clusters = await startTestClusters({ a: ['shard-a'] });
    client = new MongoClient(clusters.uriOf('shard-a'));
    films = client.db('marquee').collection('movies');
    await films.createIndexes([...DOMAIN_INDEXES.movies]);
    await films.insertMany(
      Array.from({ length: FILMS }, (_, i) => {
        const rare = i % (FILMS / RARE) === 0;
        return movieDocument({
          id: `film${i}`,
          title: `Film ${i}`,
          year: rare ? 3_001 : 1950 + (i % 60),
          rating: rare ? 9.95 : (i % 90) / 10,
          popularity: i,
          runtimeMinutes: rare ? 901 : 60 + (i % 120),
          genres: rare ? ['Rare', 'Drama'] : ['Drama'],
          languages: [rare ? 'eo' : 'en'],
          countries: rare ? ['VA', 'US'] : ['US'],
          credits: [{ kind: 'CAST', personId: rare ? 'rare' : 'frequent', name: 'Somebody' }],
        });
      }),
    );
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await clusters.close();
  });

  /** How many films the engine looks at for a page, or for the count. */
  const examined = async (
    filter: MovieFilterInput,
    orderBy: MovieOrderInput | undefined,
    whole: 'page' | 'count',
  ): Promise<{ found: number; examined: number }> => {
    const [stage] = movieStages({ filter, orderBy: orderBy ?? null });
    const found = films.find({ ...stage!.filter, deleted: false });
    if (whole === 'page') {
      const { direction } = stage!.sort.at(-1)!;
      const fields = stage!.sort.map((one) => [one.field, one.direction] as const);
      found.sort(new Map([...fields, ['_id', direction]])).limit(21);
    }
    const { executionStats } = await found.explain('executionStats');
    return { found: executionStats.nReturned, examined: executionStats.totalDocsExamined };
  };

  const CASES = FILTERS.flatMap(({ few, none }) => [
    ...(few === undefined ? [] : [[JSON.stringify(few), few, RARE] as const]),
    [JSON.stringify(none), none, 0] as const,
  ]);

  it.each(CASES)('find what fits %s without looking at what does not', async (_, filter, fit) => {
    for (const orderBy of ORDERS) {
      const page = await examined(filter, orderBy, 'page');
      expect({ orderBy, ...page }).toEqual({ orderBy, found: fit, examined: fit });
    }
    expect(await examined(filter, undefined, 'count')).toEqual({ found: fit, examined: fit });
  });
});
