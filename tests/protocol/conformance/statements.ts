import type { ClusterTransaction, FenceMatch, StoredDocument } from '@marquee/slot-protocol';
import { digestOf, isClusterUnreachable, type FenceDigest } from '@marquee/slot-protocol';
import type { DataClusterTarget } from './data-cluster-target.ts';
import { fence, film, record, soon } from './sample-data.ts';

const idsOf = (documents: readonly StoredDocument[]): string[] => documents.map(({ _id }) => _id);

/** What each statement of a data cluster answers, whichever kind of cluster it is. */
export const statementsConform = (open: () => Promise<DataClusterTarget>): void => {
  let target: DataClusterTarget;

  beforeAll(async () => {
    target = await open();
    await target.cluster.ensureIndexes(soon());
  }, 60_000);

  afterAll(() => target.close());

  const run = <T>(work: (transaction: ClusterTransaction) => Promise<T>) =>
    target.cluster.transaction(work, soon());

  it('lacks no index once they were ensured', async () => {
    expect(await target.cluster.missingIndexes(soon())).toEqual([]);
  });

  describe('fences', () => {
    it('are created where they are missing, and left alone where they are not', async () => {
      const changed = fence(1, { sequence: 7, state: 'sealed' });
      await target.cluster.createFences([changed, fence(2)], soon());
      await target.cluster.createFences([fence(1), fence(2), fence(3)], soon());
      expect(await target.cluster.fences([1], soon())).toEqual([changed]);
      const all = await target.cluster.fences('all', soon());
      expect(all.map(({ slot }) => slot).sort()).toEqual([1, 2, 3]);
      expect(await target.cluster.fences([4], soon())).toEqual([]);
    });

    it('come to the same sums wherever they are added up', async () => {
      await target.cluster.createFences(
        [
          fence(120, { state: 'moved', sequence: 100 }),
          fence(121, { state: 'open', epoch: 7, sequence: 4_000_000_000, pushTo: ['x', 'y'] }),
          fence(122, { state: 'open', epoch: 9, sequence: 2, pushTo: ['y', 'x'] }),
          fence(1_023, { state: 'follower', epoch: 3, sequence: 9 }),
        ],
        soon(),
      );
      const byKey = (digest: FenceDigest) =>
        Object.fromEntries(digest.map((each) => [`${each.state} ${each.pushTo.join()}`, each]));
      const own = digestOf(await target.cluster.fences('all', soon()));
      expect(byKey(await target.cluster.fenceDigest(soon()))).toEqual(byKey(own));
      expect(byKey(own)['open x,y']).toMatchObject({ count: 2, slots: 243, epochs: 16 });
    });

    it('change only if they match, and answer what they were before', async () => {
      const before = fence(10, { edit: 5, epoch: 3, sequence: 8 });
      await target.cluster.createFences([before], soon());
      const matches: [FenceMatch, boolean][] = [
        [{ state: 'open' }, true],
        [{ state: ['sealed', 'open'] }, true],
        [{ state: ['sealed', 'moved'] }, false],
        [{ edit: 5 }, true],
        [{ edit: 4 }, false],
        [{ editAtMost: 5 }, true],
        [{ editAtMost: 4 }, false],
        [{ epoch: 3 }, true],
        [{ epochAtMost: 2 }, false],
        [{ sequence: 8 }, true],
        [{ sequence: 7 }, false],
        [{ sequenceBelow: 9 }, true],
        [{ sequenceBelow: 8 }, false],
        [{ state: 'open', epoch: 3, sequence: 9 }, false],
      ];
      for (const [match, fits] of matches) {
        const answered = await run((transaction) =>
          transaction.changeFence({ slot: 10, match, change: { edit: 5 } }),
        );
        expect([match, answered !== null]).toEqual([match, fits]);
      }
      const seen = await run((transaction) =>
        transaction.changeFence({
          slot: 10,
          match: { state: 'open', epoch: 3 },
          change: { state: 'follower', edit: 6, pushTo: [], purgedThrough: 2, advanceBy: 2 },
        }),
      );
      expect(seen).toEqual(before);
      expect(await target.cluster.fences([10], soon())).toEqual([
        fence(10, {
          edit: 6,
          epoch: 3,
          sequence: 10,
          state: 'follower',
          pushTo: [],
          purgedThrough: 2,
        }),
      ]);
    });

    it('change together, those that match, and answer how many', async () => {
      await target.cluster.createFences([fence(20), fence(21, { epoch: 9 }), fence(22)], soon());
      const count = await run((transaction) =>
        transaction.changeFences(
          [20, 21, 22, 23].map((slot) => ({
            slot,
            match: { epoch: 1 },
            change: { sequence: 4, refuseIdsBefore: 'x' },
          })),
        ),
      );
      expect(count).toBe(2);
      const fences = await run((transaction) => transaction.fences([20, 21, 22, 23]));
      const sequences = fences.map(({ slot, sequence }) => [slot, sequence]);
      expect(sequences.sort()).toEqual([
        [20, 4],
        [21, 0],
        [22, 4],
      ]);
      expect(await run((transaction) => transaction.changeFences([]))).toBe(0);
    });
  });

  describe('records', () => {
    beforeAll(async () => {
      await run(async (transaction) => {
        await transaction.insertRecords([5, 3, 4, 12].map((sequence) => record(30, sequence)));
        await transaction.insertRecords([record(31, 4)]);
        await transaction.insertRecords([]);
      });
    });

    it('come in the order of their numbers, from behind one through another', async () => {
      const between = (after: number, through: number, limit?: number) =>
        run((transaction) =>
          transaction.records(30, { after, through, ...(limit !== undefined && { limit }) }),
        ).then((found) => found.map(({ sequence }) => sequence));
      expect(await between(3, 12)).toEqual([4, 5, 12]);
      expect(await between(-1, 4)).toEqual([3, 4]);
      expect(await between(0, 100, 2)).toEqual([3, 4]);
      expect(await between(5, 5)).toEqual([]);
    });

    it('are given back as they were inserted', async () => {
      const [found] = await run((transaction) => transaction.records(31, { after: 0, through: 4 }));
      expect(found).toEqual(record(31, 4));
      expect(found?.at).toBeInstanceOf(Date);
    });

    it('are found by operation, in the slots that are asked for', async () => {
      const ids = ['somebody/30-4', 'somebody/31-4', 'nobody'];
      const found = await run((transaction) => transaction.recordsOf([30, 32], ids));
      expect(found.map(({ operationId }) => operationId)).toEqual(['somebody/30-4']);
      expect(await run((transaction) => transaction.recordsOf([30, 31], ids))).toHaveLength(2);
    });

    it('are deleted by range and by number, in their slot alone', async () => {
      await run(async (transaction) => {
        await transaction.insertRecords([1, 2, 3, 4].map((sequence) => record(33, sequence)));
        await transaction.insertRecords([1, 2].map((sequence) => record(34, sequence)));
      });
      await run((transaction) => transaction.deleteRecords(33, { after: 1, through: 3 }));
      await run((transaction) => transaction.deleteRecordsOf(34, [2, 9]));
      await run((transaction) => transaction.deleteRecordsOf(34, []));
      const left = await run(async (transaction) => [
        ...(await transaction.records(33, { after: 0, through: 9 })),
        ...(await transaction.records(34, { after: 0, through: 9 })),
      ]);
      expect(left.map(({ slot, sequence }) => [slot, sequence])).toEqual([
        [33, 1],
        [33, 4],
        [34, 1],
      ]);
    });
  });

  describe('documents', () => {
    it('are written whole, whether they were there or not', async () => {
      await run((transaction) =>
        transaction.replaceDocuments('movies', [film('whole', { title: 'first', year: 1999 })]),
      );
      const next = film('whole', { title: 'second', empty: undefined, made: new Date(5) });
      await run((transaction) => transaction.replaceDocuments('movies', [next, film('new')]));
      const found = await run((transaction) =>
        transaction.documents('movies', ['whole', 'new', 'absent']),
      );
      expect(idsOf(found).sort()).toEqual(['new', 'whole']);
      expect(found.find(({ _id }) => _id === 'whole')).toEqual(
        film('whole', { title: 'second', empty: null, made: new Date(5) }),
      );
    });

    it('that are known to be absent are refused as duplicates where they are not', async () => {
      const absent = new Set(['there', 'fresh']);
      const write = (ids: readonly string[]) =>
        run((transaction) =>
          transaction.replaceDocuments(
            'person',
            ids.map((id) => film(id)),
            absent,
          ),
        );
      await write(['there']);
      await expect(write(['fresh', 'there'])).rejects.toMatchObject({ code: 11_000 });
      expect(await run((transaction) => transaction.documents('person', ['fresh']))).toEqual([]);
      await write(['fresh', 'other']);
      const found = await run((transaction) =>
        transaction.documents('person', ['there', 'fresh', 'other']),
      );
      expect(found).toHaveLength(3);
    });

    it('belong to one collection', async () => {
      await run((transaction) => transaction.replaceDocuments('person', [film('someone')]));
      expect(await run((transaction) => transaction.documents('movies', ['someone']))).toEqual([]);
      await run((transaction) => transaction.deleteDocuments('movies', ['someone']));
      expect(await run((transaction) => transaction.documents('person', ['someone']))).toHaveLength(
        1,
      );
    });

    it('of a slot come in the order of their ids in UTF-8, in pages', async () => {
      const ids = ['b', 'a', 'Z', 'é', '\u{1F3AC}', '￰', 'ab'];
      const ordered = ['Z', 'a', 'ab', 'b', 'é', '￰', '\u{1F3AC}'];
      await run(async (transaction) => {
        await transaction.replaceDocuments(
          'users',
          ids.map((id) => film(id, { slot: 40 })),
        );
        await transaction.replaceDocuments('users', [film('aa', { slot: 41 })]);
      });
      const page = (bounds: { after?: string; through?: string; limit?: number }) =>
        run((transaction) => transaction.documentsOfSlot(40, 'users', bounds)).then(idsOf);
      expect(await page({})).toEqual(ordered);
      expect(await page({ after: 'ab', limit: 2 })).toEqual(['b', 'é']);
      expect(await page({ after: 'Z', through: 'b' })).toEqual(['a', 'ab', 'b']);
      expect(await page({ after: '￰' })).toEqual(['\u{1F3AC}']);
      await run((transaction) => transaction.deleteDocuments('users', ['a', 'absent']));
      expect(await page({ limit: 2 })).toEqual(['Z', 'ab']);
    });

    it('of several slots come together, those of each slot by id', async () => {
      await run((transaction) =>
        transaction.replaceDocuments('person', [
          film('q', { slot: 45 }),
          film('é', { slot: 44 }),
          film('p', { slot: 45 }),
          film('z', { slot: 44 }),
          film('x', { slot: 46 }),
        ]),
      );
      const found = await run((transaction) =>
        transaction.documentsOfSlots([44, 45, 47], 'person'),
      );
      const idsAt = (wanted: number) => idsOf(found.filter(({ slot }) => slot === wanted));
      expect(found).toHaveLength(4);
      expect([idsAt(44), idsAt(45)]).toEqual([
        ['z', 'é'],
        ['p', 'q'],
      ]);
      expect(await run((transaction) => transaction.documentsOfSlots([], 'person'))).toEqual([]);
    });

    it('of a slot are told by their versions alone', async () => {
      const [first, second] = [film('v1', { slot: 42 }), film('v2', { slot: 42, deleted: true })];
      await run((transaction) => transaction.replaceDocuments('movies', [second, first]));
      const versions = await run((transaction) => transaction.briefsOfSlot(42, 'movies'));
      expect(versions).toEqual(
        [first, second].map(({ _id, version, revision, deleted }) => ({
          _id,
          version,
          revision,
          deleted,
        })),
      );
    });

    it('that were rejected are kept', async () => {
      const lost = () => ({
        collection: 'movies' as const,
        slot: 1,
        edit: 2,
        document: { _id: 'lost' },
      });
      await expect(
        run((transaction) => transaction.keepRejected([lost(), lost()])),
      ).resolves.toBeUndefined();
      await run((transaction) => transaction.keepRejected([]));
    });
  });

  describe('outside of transactions', () => {
    beforeAll(async () => {
      await run((transaction) =>
        transaction.replaceDocuments(
          'movies',
          [1, 2, 3, 4, 5].map((number) =>
            film(`list${number}`, {
              slot: 50 + number,
              deleted: number === 4,
              ...(number !== 2 && { year: 2000 + (number % 3) }),
            }),
          ),
        ),
      );
    });

    const list = (filter: object, limit = 10) =>
      target.cluster
        .page(
          'movies',
          {
            filter: { $and: [{ slot: { $gt: 50, $lt: 60 } }, filter] },
            sort: [
              ['year', 1],
              ['_id', -1],
            ],
            limit,
          },
          soon(),
        )
        .then(idsOf);

    it('documents are read by id, with the fields that are asked for', async () => {
      const options = { deadline: soon(), projection: { year: 1 } };
      const found = await target.cluster.documents('movies', ['list1', 'absent'], options);
      expect(found).toEqual([{ _id: 'list1', year: 2001 }]);
      const without = { deadline: soon(), projection: { version: 0, slot: 0 } };
      const [other] = await target.cluster.documents('movies', ['list1'], without);
      expect(other).toEqual({ _id: 'list1', revision: 1, deleted: false, year: 2001 });
    });

    it('pages are filtered, ordered and cut', async () => {
      expect(await list({})).toEqual(['list2', 'list3', 'list4', 'list1', 'list5']);
      expect(await list({}, 2)).toEqual(['list2', 'list3']);
      expect(await list({ deleted: false, year: { $gte: 2001 } })).toEqual(['list1', 'list5']);
      expect(await list({ year: null })).toEqual(['list2']);
      expect(await list({ year: { $ne: null }, _id: { $in: ['list1', 'list2'] } })).toEqual([
        'list1',
      ]);
      const behind = { $or: [{ year: { $gt: 2001 } }, { year: 2001, _id: { $lt: 'list4' } }] };
      expect(await list(behind)).toEqual(['list1', 'list5']);
    });

    it('matches are counted', async () => {
      const filter = { slot: { $gt: 50, $lt: 60 }, deleted: false };
      expect(await target.cluster.count('movies', filter, soon())).toBe(4);
    });

    it('a deadline that has passed is kept', async () => {
      const late = soon().sooner(0);
      await expect(target.cluster.fences('all', late)).rejects.toMatchObject({
        code: 'DEADLINE_EXCEEDED',
      });
    });

    it('a cluster that answers answers a ping, and one that is gone cannot be reached', async () => {
      await target.cluster.ping(soon());
      await target.stop();
      const failures = await Promise.all([
        target.cluster.ping(soon()).catch((error: unknown) => error),
        run((transaction) => transaction.fences([1])).catch((error: unknown) => error),
      ]);
      expect(failures.map(isClusterUnreachable)).toEqual([true, true]);
    }, 60_000);
  });
};
