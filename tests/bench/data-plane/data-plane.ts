import { newOperationId } from '@marquee/test-kit';
import type { SlotOperation } from '@marquee/slot-protocol';
import { slotOf } from '@marquee/topology';
import { bareWrite, films } from './bare-driver.ts';
import { startBenchDeployment, type BenchDeployment } from '../bench-deployment.ts';
import { mediansInTurns, ratePerSecond, timed } from '../compare.ts';

/*
 * The router beside the same statements through the bare driver, in the same run: the machine, the
 * engine and the driver are most of every figure, so only the relations between them say something
 * about the data plane. Build first: the clusters run from dist.
 */

/** Documents of the key reads' large collection; `--documents N` takes others. */
const DOCUMENTS_LARGE = 1_000_000;
const DOCUMENTS_SMALL = 10_000;
/** No part may take longer than this, whatever the machine. */
const PART_MAX_MS = 15_000;
const LOAD_MAX_MS = 180_000;
const ROUNDS = 600;
const LIKERS = 64;
const FILMS = 2_000;
const REACTIONS = 4;

const PLOT = 'Somebody wants something and has to go through a lot to get it. '.repeat(6);

const film = (_id: string, rank: number) => ({
  _id,
  title: `Title of ${_id}`,
  titleSort: `title of ${_id}`,
  popularity: (rank * 7919) % 100_003,
  genres: ['Drama', `Genre ${rank % 20}`],
  search: ['title', 'of', _id],
  plot: PLOT,
});

const putting = (document: { _id: string }): SlotOperation => ({
  slotKey: document._id,
  operationId: newOperationId('bench'),
  requestHash: 'put',
  prefetch: [{ collection: 'movies', id: document._id }],
  apply: async (slot) => {
    slot.put('movies', document);
    return {};
  },
});

const liking = (movieId: string, handle: string): SlotOperation => ({
  slotKey: movieId,
  operationId: newOperationId(handle),
  requestHash: 'like',
  prefetch: [
    { collection: 'movies', id: movieId },
    { collection: 'user_interactions', id: movieId },
    { collection: 'user_interactions', id: `${movieId}:${handle}` },
  ],
  apply: async (slot) => {
    await slot.find('movies', movieId);
    const reaction = await slot.find('user_interactions', `${movieId}:${handle}`);
    const counts = await slot.find('user_interactions', movieId);
    const likes = Number(counts?.likeCount ?? 0) + (reaction?.reaction === 'LIKE' ? -1 : 1);
    slot.put('user_interactions', {
      _id: `${movieId}:${handle}`,
      kind: 'interaction',
      reaction: reaction?.reaction === 'LIKE' ? 'NONE' : 'LIKE',
    });
    slot.put('user_interactions', { _id: movieId, kind: 'summary', likeCount: likes });
    return { likes };
  },
});

const shardOf = (id: string): 'a' | 'b' => (slotOf(id) < 512 ? 'a' : 'b');

/** A film, the counts of its reactions and some reactions: what the demo data are made of. */
const filmWithReactions = (id: string, rank: number): SlotOperation => ({
  ...putting(film(id, rank)),
  apply: async (slot) => {
    slot.put('movies', film(id, rank));
    slot.put('user_interactions', {
      _id: id,
      kind: 'summary',
      movieId: id,
      likeCount: REACTIONS,
      dislikeCount: 0,
    });
    for (let i = 0; i < REACTIONS; i += 1) {
      const at = new Date(1_700_000_000_000 + rank * 1_000 + i);
      slot.put('user_interactions', {
        _id: `${id}:user${i}`,
        kind: 'interaction',
        movieId: id,
        handle: `user${i}`,
        reaction: 'LIKE',
        createdAt: at,
        updatedAt: at,
      });
    }
    return {};
  },
});

const bulk = async ({ router }: BenchDeployment): Promise<number> => {
  const load = (name: string) =>
    timed(() =>
      router.writeMany(
        Array.from({ length: FILMS }, (_, i) => filmWithReactions(`${name}-${i}`, i)),
      ),
    );
  // Code that has not run before is several times slower; a load is long enough not to notice.
  await load('warm-up');
  return (FILMS * (REACTIONS + 2) * 1000) / (await load('bulk'));
};

const keyRead = async ({ router, mongo }: BenchDeployment): Promise<number> => {
  const idOf = (round: number) => `bulk-${(round * 37) % FILMS}`;
  const [routed = NaN, bare = NaN] = await mediansInTurns(
    [
      (round) => router.findByIds('movies', [idOf(round)]),
      (round) => {
        const id = idOf(round);
        return films(mongo(`replica-${shardOf(id)}`))
          .find({ _id: { $in: [id] } })
          .toArray();
      },
    ],
    { rounds: ROUNDS, maxMs: PART_MAX_MS },
  );
  say('key read', `routed ${ms(routed)}, bare driver ${ms(bare)}`);
  return routed / bare;
};

const write = async ({ router, mongo }: BenchDeployment): Promise<number> => {
  const [routed = NaN, bare = NaN] = await mediansInTurns(
    [
      (round) => router.write(putting(film(`write-${round}`, round))),
      (round) => {
        const document = film(`bare-${round}`, round);
        const shard = shardOf(document._id);
        const [owner, replica] = [mongo(`shard-${shard}`), mongo(`replica-${shard}`)];
        return bareWrite(owner, replica, document, newOperationId('bench'));
      },
    ],
    { rounds: ROUNDS / 2, maxMs: PART_MAX_MS },
  );
  say('acknowledged write', `routed ${ms(routed)}, the same statements by hand ${ms(bare)}`);
  return routed / bare;
};

const listPage = async ({ router, mongo }: BenchDeployment): Promise<number> => {
  const single = mongo('shard-a').db('bench').collection<{ _id: string }>('movies');
  await single.createIndex({ popularity: 1, _id: 1 });
  const all = Array.from({ length: FILMS }, (_, i) => film(`bulk-${i}`, i));
  await single.insertMany(all.map((document) => ({ ...document, slot: 1, deleted: false })));
  const query = {
    queryName: 'bench',
    filter: {},
    sort: [{ field: 'popularity', direction: -1 as const }],
    first: 20,
  };
  const [routed = NaN, bare = NaN] = await mediansInTurns(
    [
      () => router.list('movies', query),
      () =>
        single
          .find({ deleted: false } as object)
          .sort({ popularity: -1, _id: -1 })
          .limit(21)
          .toArray(),
    ],
    { rounds: ROUNDS / 2, maxMs: PART_MAX_MS },
  );
  say('list page', `two shards ${ms(routed)}, one cluster by the bare driver ${ms(bare)}`);
  return routed / bare;
};

const likers = async ({ router }: BenchDeployment): Promise<number> => {
  const run = (movieOf: (caller: number) => string) =>
    ratePerSecond(LIKERS, PART_MAX_MS / 3, (caller) =>
      router.write(liking(movieOf(caller), `user${caller}`)),
    );
  await run((caller) => `bulk-${caller}`);
  const many = await run((caller) => `bulk-${caller}`);
  const one = await run(() => 'bulk-1000');
  say('64 likers', `of 64 films ${many.toFixed(0)}/s, of one film ${one.toFixed(0)}/s`);
  return one / many;
};

/** Key reads with few and with many documents in their collection. */
const growth = async (
  { router, mongo }: BenchDeployment,
  documents: number,
): Promise<{ ratio: number; loaded: number }> => {
  const read = async (loaded: number): Promise<number> => {
    const [routed = NaN] = await mediansInTurns(
      [(round) => router.findByIds('person', [`grow-${(round * 7919) % loaded}`])],
      { rounds: ROUNDS, maxMs: PART_MAX_MS },
    );
    return routed;
  };
  const startedAtMs = performance.now();
  let loaded = 0;
  const grow = async (to: number): Promise<void> => {
    while (loaded < to && performance.now() - startedAtMs < LOAD_MAX_MS) {
      const ids = Array.from(
        { length: Math.min(10_000, to - loaded) },
        (_, i) => `grow-${loaded + i}`,
      );
      await Promise.all(
        ['a', 'b'].map(async (shard) => {
          const mine = ids.filter((id) => shardOf(id) === shard);
          await mongo(`replica-${shard}`)
            .db('marquee')
            .collection<{ _id: string }>('person')
            .insertMany(
              mine.map((_id) => ({
                _id,
                slot: slotOf(_id),
                deleted: false,
                name: _id,
                revision: 1,
              })),
              { ordered: false },
            );
        }),
      );
      loaded += ids.length;
    }
  };
  await grow(Math.min(DOCUMENTS_SMALL, documents));
  const small = await read(loaded);
  await grow(documents);
  const large = await read(loaded);
  say('key read', `of ${DOCUMENTS_SMALL} documents ${ms(small)}, of ${loaded} ${ms(large)}`);
  return { ratio: large / small, loaded };
};

const ms = (value: number): string => `${value.toFixed(2)} ms`;
const say = (what: string, figures: string): void => console.log(`${what.padEnd(20)} ${figures}`);

/** Prints what it measures; the last line has the figures. */
export const main = async (options: readonly string[]): Promise<void> => {
  const wanted = options.indexOf('--documents');
  const documents = wanted === -1 ? DOCUMENTS_LARGE : Number(options[wanted + 1]);
  const deployment = await startBenchDeployment();
  try {
    const bulkRate = await bulk(deployment);
    say('bulk write', `${bulkRate.toFixed(0)} documents/s, replicas included`);
    const readRatio = await keyRead(deployment);
    const writeRatio = await write(deployment);
    const listRatio = await listPage(deployment);
    const likeRatio = await likers(deployment);
    const grown = await growth(deployment, documents);
    const figures = [
      `read/bare ${readRatio.toFixed(2)}`,
      `write/bare ${writeRatio.toFixed(2)}`,
      `list/one-cluster ${listRatio.toFixed(2)}`,
      `read-at-${grown.loaded}/read-at-${DOCUMENTS_SMALL} ${grown.ratio.toFixed(2)}`,
      `one-film/64-films ${likeRatio.toFixed(2)}`,
      `bulk-documents/s ${bulkRate.toFixed(0)}`,
    ];
    console.log(`bench data-plane: ${figures.join(', ')}`);
  } finally {
    await deployment.close();
  }
};
