import { type Collection, type Document, Int32, Long } from 'mongodb';
import { expectCode, expectTyped } from './expectations.ts';
import { AS_STORED, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

describe('cursors', () => {
  let collection: Collection<Document>;

  const run = async (command: Document): Promise<Document> =>
    (await scratch.db.command(command, { ...AS_STORED, promoteLongs: false })) as Document;

  const find = async (
    options: Document,
  ): Promise<{ id: Long; firstBatch: Document[]; ns: string }> =>
    (await run({ find: collection.collectionName, sort: { _id: 1 }, ...options })).cursor as never;

  const getMore = async (
    id: Long,
    batchSize?: number,
  ): Promise<{ id: Long; nextBatch: Document[] }> =>
    (
      await run({
        getMore: id,
        collection: collection.collectionName,
        ...(batchSize ? { batchSize } : {}),
      })
    ).cursor as never;

  beforeAll(async () => {
    collection = await scratch.collection(
      Array.from({ length: 250 }, (_, n) => ({ _id: n as never })),
    );
  });

  it('return 101 documents at first, then the rest, then end', async () => {
    const first = await find({});
    expect(first.firstBatch).toHaveLength(101);
    expect(first.ns).toBe(collection.namespace);
    expect(first.id.isZero()).toBe(false);
    const next = await getMore(first.id);
    expect(next.nextBatch).toHaveLength(149);
    expect(next.id.isZero()).toBe(true);
    await expectCode(getMore(first.id), 43);
  });

  it('keep to the batch size, also to none', async () => {
    const empty = await find({ batchSize: 0 });
    expect(empty.firstBatch).toEqual([]);
    expect(empty.id.isZero()).toBe(false);
    const some = await getMore(empty.id, 3);
    expectTyped(
      some.nextBatch,
      [0, 1, 2].map((_id) => ({ _id })),
    );
    expectTyped(
      (await getMore(empty.id, 2)).nextBatch,
      [3, 4].map((_id) => ({ _id })),
    );
  });

  it('keep to the limit across batches, and end with a single batch if asked', async () => {
    const limited = await find({ limit: 5, batchSize: 3 });
    expect(limited.firstBatch).toHaveLength(3);
    const rest = await getMore(limited.id, 3);
    expect(rest.nextBatch).toHaveLength(2);
    expect(rest.id.isZero()).toBe(true);
    const single = await find({ batchSize: 3, singleBatch: true });
    expect(single.firstBatch).toHaveLength(3);
    expect(single.id.isZero()).toBe(true);
  });

  it('can be killed', async () => {
    const { id } = await find({ batchSize: 2 });
    const unknown = Long.fromString('1234567890123456789');
    const reply = await run({ killCursors: collection.collectionName, cursors: [id, unknown] });
    expectTyped(reply.cursorsKilled, [id]);
    expectTyped(reply.cursorsNotFound, [unknown]);
    await expectCode(getMore(id), 43);
  });

  it('belong to their collection', async () => {
    const { id } = await find({ batchSize: 2 });
    await expectCode(run({ getMore: id, collection: 'another' }), 13);
    await run({ killCursors: collection.collectionName, cursors: [id] });
  });

  it('refuse negative sizes', async () => {
    await expectCode(run({ find: collection.collectionName, batchSize: -1 }), 51024);
    await expectCode(run({ find: collection.collectionName, skip: -1 }), 51024);
    await expectCode(run({ find: collection.collectionName, limit: -1 }), 51024);
  });

  it('return a large result in messages of bounded size', async () => {
    const large = await scratch.collection(
      Array.from({ length: 40 }, (_, n) => ({ _id: n as never, text: 'x'.repeat(1024 * 1024) })),
    );
    const found = await large.find({}, { projection: { _id: 1 } }).toArray();
    expect(found).toHaveLength(40);
    const { cursor } = await run({ find: large.collectionName, batchSize: 40 });
    expect(((cursor as Document).firstBatch as unknown[]).length).toBeLessThanOrEqual(17);
    let count = 0;
    for await (const { text } of large.find()) count += (text as string).length;
    expect(count).toBe(40 * 1024 * 1024);
  });

  it('go on past documents that others insert and delete', async () => {
    const moving = await scratch.collection(
      Array.from({ length: 30 }, (_, n) => ({ _id: n as never })),
    );
    const cursor = moving.find({ _id: { $lt: 1000 as never } }, { batchSize: 5 });
    const seen: number[] = [];
    for await (const { _id } of cursor) {
      seen.push(Number(_id));
      if (seen.length === 5)
        await moving.deleteMany({ _id: { $gte: 20 as never, $lt: 25 as never } });
    }
    for (const kept of [0, 10, 19, 25, 29])
      expect(seen.filter((one) => one === kept)).toHaveLength(1);
  });

  it('count int replies', async () => {
    expectTyped((await run({ count: collection.collectionName })).n, new Int32(250));
  });

  it('take a time limit for their next batch only where they wait for data', async () => {
    const collection = await scratch.collection([{}, {}, {}]);
    const { cursor } = await scratch.db.command(
      { find: collection.collectionName, batchSize: 1 },
      AS_STORED,
    );
    const { id } = cursor as { id: unknown };
    const getMore = { getMore: id, collection: collection.collectionName };
    await expectCode(scratch.db.command({ ...getMore, maxTimeMS: 100 }), 2);
    const rest = (await scratch.db.command(getMore)).cursor as { nextBatch: unknown[] };
    expect(rest.nextBatch).toHaveLength(2);
  });
});
