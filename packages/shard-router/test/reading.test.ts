import type { ShardRouter } from '@marquee/shard-router';
import type { StoredDocument } from '@marquee/slot-protocol';
import { createFakeNameNode, startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import { createTestRouter, keyOf, load, putting, traced } from './router-harness.ts';

jest.setTimeout(30_000);

let deployment: TestDeployment;
let router: ShardRouter;

beforeAll(async () => {
  deployment = await startTestDeployment();
  router = createTestRouter(deployment);
}, 60_000);

afterAll(async () => {
  await router.close();
  await deployment.close();
});

const titles = (nodes: readonly unknown[]) => nodes.map((node) => (node as StoredDocument).title);

describe('findByIds', () => {
  let inA: string;
  let inB: string;

  beforeAll(async () => {
    inA = keyOf(deployment, 'a', 'key-');
    inB = keyOf(deployment, 'b', 'key-');
    await load(router, 'movies', [
      { _id: inA, title: 'A' },
      { _id: inB, title: 'B' },
      { _id: 'gone', title: 'gone', deleted: true },
    ]);
  });

  it('answers in the order of the ids, null where nothing or a tombstone is', async () => {
    const found = await router.findByIds('movies', [inB, 'nothing', inA, 'gone', inB]);
    expect(found).toEqual([
      expect.objectContaining({ title: 'B' }),
      null,
      expect.objectContaining({ title: 'A' }),
      null,
      expect.objectContaining({ title: 'B' }),
    ]);
  });

  it('answers tombstones to those who ask for them', async () => {
    const [found] = await router.findByIds('movies', ['gone'], { includeDeleted: true });
    expect(found).toMatchObject({ title: 'gone', deleted: true });
  });

  it('says for each key where it was read, and spreads over replicas, not over owners', async () => {
    const { entries, trace } = traced();
    await router.findByIds('movies', [inA, inB], { trace });
    expect(entries.sort((left, right) => left.shard.localeCompare(right.shard))).toEqual([
      expect.objectContaining({ key: inA, shard: 'a', cluster: 'replica-a', readFrom: 'in-sync' }),
      expect.objectContaining({ key: inB, shard: 'b', cluster: 'replica-b', readFrom: 'in-sync' }),
    ]);
  });

  it.each(['owner', 'strong'] as const)('reads from %s when asked to', async (readFrom) => {
    const { entries, trace } = traced();
    const [found] = await router.findByIds('movies', [inA], { readFrom, trace });
    expect(found).toMatchObject({ title: 'A' });
    expect(entries).toMatchObject([{ cluster: 'shard-a', readFrom }]);
  });

  it('projects, and keeps what everybody needs', async () => {
    const [found] = await router.findByIds('movies', [inA], { projection: { title: 1 } });
    expect(found).toMatchObject({ _id: inA, title: 'A', revision: 1, deleted: false });
  });

  it('puts a refusal in the place of a key that is none', async () => {
    const [bad, good] = await router.findByIds('movies', ['x'.repeat(513), inA]);
    expect(bad).toMatchObject({ code: 'KEY_INVALID' });
    expect(good).toMatchObject({ title: 'A' });
  });

  it('refuses a collection that does not exist', async () => {
    await expect(router.findByIds('film' as never, [inA])).rejects.toMatchObject({
      code: 'UNKNOWN_COLLECTION',
    });
  });

  it('shows a write at once, wherever it is read', async () => {
    await router.write(putting('movies', { _id: inA, title: 'A2' }));
    for (const readFrom of ['in-sync', 'owner', 'strong'] as const) {
      const [found] = await router.findByIds('movies', [inA], { readFrom });
      expect(found).toMatchObject({ title: 'A2' });
    }
  });

  it('does not trust what arrives after the lease has run out', async () => {
    let asked = 0;
    const nameNode = { ...deployment.nameNode, hasReadLease: () => ++asked === 1 };
    const other = createTestRouter(deployment, nameNode);
    const { entries, trace } = traced();
    expect(await other.findByIds('movies', [inB], { trace })).toMatchObject([{ title: 'B' }]);
    expect(entries).toMatchObject([{ cluster: 'shard-b', readFrom: 'strong' }]);
    const query = { queryName: 'test', filter: { title: 'B' }, sort: [], first: 1, trace };
    asked = 0;
    await other.list('movies', query);
    expect(entries.slice(1).map(({ stale }) => stale)).toContain('possible');
    await other.close();
  });

  it.each([
    ['a shard', { shards: true }],
    ['a slot', { shards: false }],
  ])('reads strongly where the map demands it of %s', async (_, { shards }) => {
    const { map } = deployment;
    const slot = slotOf(inA);
    const strong = shards
      ? { ...map, shards: map.shards.map((shard) => ({ ...shard, strongReadsOnly: true })) }
      : {
          ...map,
          slots: [
            ...(slot > 0 ? [{ ...map.slots[0]!, to: slot - 1 }] : []),
            { ...map.slots[0]!, from: slot, to: slot, strongReadsOnly: true },
            { ...map.slots[0]!, from: slot + 1 },
            map.slots[1]!,
          ],
        };
    const nameNode = createFakeNameNode(strong);
    const other = createTestRouter(deployment, nameNode);
    const { entries, trace } = traced();
    await other.findByIds('movies', [inA], { trace });
    await other.close();
    expect(entries).toMatchObject([{ cluster: 'shard-a', readFrom: 'strong' }]);
  });

  it('reads strongly where no lease makes the replicas safe', async () => {
    deployment.nameNode.setLease(false);
    try {
      const { entries, trace } = traced();
      const [found] = await router.findByIds('movies', [inB], { trace });
      expect(found).toMatchObject({ title: 'B' });
      expect(entries).toMatchObject([{ cluster: 'shard-b', readFrom: 'strong' }]);
    } finally {
      deployment.nameNode.setLease(true);
    }
  });
});

describe('list', () => {
  const films = Array.from({ length: 60 }, (_, i) => ({
    _id: `list-${i}`,
    group: 'list',
    title: `Title ${String(i).padStart(2, '0')}`,
    // Repeated, missing and null values, so that the order needs more than the field.
    ...(i % 7 === 0 ? {} : i % 7 === 1 ? { year: null } : { year: 1990 + (i % 5) }),
    releasedAt: new Date(2000, 0, 1 + (i % 10)),
    ...(i % 10 === 9 ? { deleted: true } : {}),
  }));
  const living = films.filter((film) => film.deleted !== true);

  beforeAll(() => load(router, 'movies', films));

  const walk = async (sort: { field: string; direction: 1 | -1 }[], first = 7) => {
    const nodes: StoredDocument[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await router.list('movies', {
        queryName: 'test',
        filter: { group: 'list' },
        sort,
        first,
        ...(after === undefined ? {} : { after }),
      });
      nodes.push(...page.nodes);
      expect(page.cursors).toHaveLength(page.nodes.length);
      if (!page.hasNextPage) return nodes;
      after = page.cursors.at(-1)!;
    }
  };

  it.each([
    ['by title', [{ field: 'title', direction: 1 }]],
    ['by title, backwards', [{ field: 'title', direction: -1 }]],
    ['by a field that may be missing', [{ field: 'year', direction: 1 }]],
    ['by a field that may be missing, backwards', [{ field: 'year', direction: -1 }]],
    [
      'by two fields in opposite directions',
      [
        { field: 'year', direction: -1 },
        { field: 'title', direction: 1 },
      ],
    ],
    ['by a date', [{ field: 'releasedAt', direction: -1 }]],
    ['by id alone', []],
  ] as [string, { field: string; direction: 1 | -1 }[]][])(
    'merges the shards %s: every document once, in order, page by page',
    async (_, sort) => {
      const nodes = await walk(sort);
      expect(nodes.map(({ _id }) => _id).sort()).toEqual(living.map(({ _id }) => _id).sort());
      const whole = await walk(sort, 1_000);
      expect(nodes.map(({ _id }) => _id)).toEqual(whole.map(({ _id }) => _id));
      const rank = (value: unknown) => (value instanceof Date ? value.getTime() : (value ?? -1));
      for (const [index, node] of nodes.entries()) {
        const before = nodes[index - 1];
        const [field] = sort;
        if (before === undefined || field === undefined) continue;
        const [left, right] = [rank(before[field.field]), rank(node[field.field])];
        const inOrder = field.direction === 1 ? left <= right : left >= right;
        expect([left, right, inOrder]).toEqual([left, right, true]);
      }
    },
  );

  it('goes on behind its cursor while documents are inserted and deleted', async () => {
    const query = {
      queryName: 'test',
      filter: { group: 'moving' },
      sort: [{ field: 'title', direction: 1 as const }],
      first: 3,
    };
    const film = (title: string, deleted = false) => ({
      _id: `moving-${title}`,
      group: 'moving',
      title,
      deleted,
    });
    await load(
      router,
      'movies',
      ['b', 'd', 'f', 'h', 'j'].map((title) => film(title)),
    );
    const page = await router.list('movies', query);
    expect(titles(page.nodes)).toEqual(['b', 'd', 'f']);
    await load(router, 'movies', [film('a'), film('e'), film('g'), film('f', true)]);
    const next = await router.list('movies', { ...query, after: page.cursors.at(-1)! });
    expect(titles(next.nodes)).toEqual(['g', 'h', 'j']);
    expect(next.hasNextPage).toBe(false);
  });

  it('leaves out what lies in a cluster but does not belong to its shard, and fills the page', async () => {
    await deployment
      .mongo('replica-a')
      .db('marquee')
      .collection<{ _id: string }>('movies')
      .insertMany(
        Array.from({ length: 7 }, (_, i) => ({
          _id: `a-stray-${i}`,
          slot: 1_000,
          group: 'stray',
          deleted: false,
        })),
      );
    const own = keyOf(deployment, 'a', 'own-');
    await load(router, 'movies', [{ _id: own, group: 'stray' }]);
    const query = { queryName: 'test', filter: { group: 'stray' }, sort: [], first: 2 };
    const page = await router.list('movies', query);
    expect(page.nodes.map(({ _id }) => _id)).toEqual([own]);
    expect(page.hasNextPage).toBe(false);
    expect(await router.count('movies', { group: 'stray' })).toBe(1);
  });

  it('counts exactly, over all shards', async () => {
    expect(await router.count('movies', { group: 'list' })).toBe(living.length);
    expect(await router.count('movies', { group: 'list' }, { includeDeleted: true })).toBe(60);
  });

  it('counts by the values of a field over all shards, each element of a list once', async () => {
    const tagged = Array.from({ length: 40 }, (_, i) => ({
      _id: `tagged-${i}`,
      group: 'tagged',
      ...(i % 4 === 0 ? {} : { tags: i % 2 ? ['odd', 'odd', 'all'] : ['all'] }),
      ...(i === 1 ? { deleted: true } : {}),
    }));
    await load(router, 'movies', tagged);
    const counts = await router.countBy('movies', { field: 'tags', filter: { group: 'tagged' } });
    expect(counts).toEqual(
      new Map<unknown, number>([
        ['all', 29],
        ['odd', 19],
        [null, 10],
      ]),
    );
  });

  it('counts nothing by value that is not, or no longer, the shard’s own', async () => {
    const id = keyOf(deployment, 'a', 'stray-tag-');
    const stray = { _id: id, group: 'stray-tag', tags: ['x'], slot: slotOf(id), deleted: false };
    for (const cluster of ['shard-b', 'replica-b']) {
      const films = deployment.mongo(cluster).db('marquee').collection('movies');
      await films.insertOne(stray as never);
    }
    const request = { field: 'tags', filter: { group: 'stray-tag' } };
    expect([...(await router.countBy('movies', request))]).toEqual([]);
  });

  it('knows whether there is more', async () => {
    const query = { queryName: 'test', filter: { group: 'list' }, sort: [] };
    const all = await router.list('movies', { ...query, first: living.length });
    expect(all.hasNextPage).toBe(false);
    expect((await router.list('movies', { ...query, first: living.length - 1 })).hasNextPage).toBe(
      true,
    );
  });

  it('refuses cursors that it has not made for this very query', async () => {
    const query = {
      queryName: 'test',
      filter: { group: 'list' },
      sort: [{ field: 'title', direction: 1 as const }],
      first: 2,
    };
    const { cursors } = await router.list('movies', query);
    const [after] = cursors;
    await expect(router.list('movies', { ...query, after: after! })).resolves.toBeDefined();
    const forged = (change: (parts: unknown[]) => unknown) =>
      Buffer.from(
        JSON.stringify(
          change(JSON.parse(Buffer.from(after!, 'base64url').toString()) as unknown[]),
        ),
      ).toString('base64url');
    const attempts = [
      { ...query, after: 'nonsense' },
      { ...query, after: '' },
      { ...query, after: `${after!}=` },
      { ...query, after: 'x'.repeat(10_000) },
      { ...query, after: forged(() => ({})) },
      { ...query, after: forged((parts) => [...parts, 'more']) },
      { ...query, after: forged(([binding, , id]) => [binding, { $gt: '' }, id]) },
      { ...query, after: forged(([binding, title]) => [binding, title, 7]) },
      { ...query, after: after!, queryName: 'other' },
      { ...query, after: after!, filter: { group: 'other' } },
      { ...query, after: after!, sort: [{ field: 'title', direction: -1 as const }] },
    ];
    for (const attempt of attempts) {
      await expect(router.list('movies', attempt)).rejects.toMatchObject({
        code: 'INVALID_CURSOR',
      });
    }
    await expect(router.list('person', { ...query, after: after! })).rejects.toMatchObject({
      code: 'INVALID_CURSOR',
    });
  });

  it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses a page of %p', async (first) => {
    const query = { queryName: 'test', filter: {}, sort: [], first };
    await expect(router.list('movies', query)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      facts: { argument: 'first' },
    });
  });
});

it('asks no NameNode on the steady path', async () => {
  const before = { ...deployment.nameNode.calls };
  const id = keyOf(deployment, 'a', 'steady-');
  await router.write(putting('movies', { _id: id, title: 'x' }));
  for (let i = 0; i < 20; i += 1) {
    await router.findByIds('movies', [id, keyOf(deployment, 'b', 'steady-')]);
    await router.list('movies', { queryName: 'test', filter: {}, sort: [], first: 5 });
    await router.count('movies', {});
  }
  expect(deployment.nameNode.calls).toEqual(before);
});
