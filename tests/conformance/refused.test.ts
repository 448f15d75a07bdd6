import { type Document, Long } from 'mongodb';
import { expectCode } from './expectations.ts';
import { onEmbedded, useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

// What a real server may well do: the embedded engine says no with MongoDB's own codes, never a wrong answer.
onEmbedded('the embedded engine refuses', () => {
  it.each<readonly [Document, number]>([
    [{ foo: 1 }, 59],
    [{ mapReduce: 'c' }, 59],
    [{ bulkWrite: 1 }, 59],
    [{ createSearchIndexes: 'c' }, 59],
    [{ collMod: 'c' }, 59],
    [{ saslStart: 1 }, 59],
    [{ createUser: 'u' }, 59],
  ])('the command %j with %i', async (command, code) => {
    const error = await expectCode(scratch.db.command(command), code);
    expect(error.codeName).toBe('CommandNotFound');
    expect(error.message).toContain(`no such command: '${Object.keys(command)[0] ?? ''}'`);
  });

  it.each<readonly [Document, number]>([
    [{ $where: 'true' }, 2],
    [{ $text: { $search: 'a' } }, 2],
    [{ $jsonSchema: {} }, 2],
    [{ a: { $near: [0, 0] } }, 2],
    [{ a: { $geoWithin: { $center: [[0, 0], 1] } } }, 2],
  ])('the filter %j with %i', async (filter, code) => {
    const collection = await scratch.collection([{ a: 1 }]);
    await expectCode(collection.find(filter).toArray(), code);
    await expectCode(collection.deleteMany(filter), code);
    await expectCode(collection.updateMany(filter, { $set: { b: 1 } }), code);
    expect(await collection.countDocuments({ a: 1 })).toBe(1);
  });

  it.each([
    '$lookup',
    '$graphLookup',
    '$facet',
    '$bucket',
    '$out',
    '$merge',
    '$sample',
    '$geoNear',
    '$changeStream',
    '$unionWith',
    '$setWindowFields',
    '$sortByCount',
    '$indexStats',
    '$search',
    '$densify',
  ])('the stage %s', async (name) => {
    const collection = await scratch.collection([{ a: 1 }]);
    const error = await expectCode(collection.aggregate([{ [name]: {} }]).toArray(), 40324);
    expect(error.message).toBe(`Unrecognized pipeline stage name: '${name}'`);
  });

  it('collations that are not simple', async () => {
    const collection = await scratch.collection([{ a: 'A' }]);
    const collation = { locale: 'en', strength: 2 };
    for (const refused of [
      collection.find({}).collation(collation).toArray(),
      collection.countDocuments({}, { collation }),
      collection.updateOne({}, { $set: { b: 1 } }, { collation }),
      collection.createIndex({ a: 1 }, { collation }),
    ]) {
      const error = await refused.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toHaveProperty('code', 115);
    }
    expect(
      await collection.find({ a: 'A' }).collation({ locale: 'simple' }).toArray(),
    ).toHaveLength(1);
  });

  it('special collections and indexes', async () => {
    const create = (options: Document): Promise<Document> =>
      scratch.db.command({ create: 'special', ...options });
    for (const options of [
      { capped: true, size: 4096 },
      { viewOn: 'c', pipeline: [] },
      { timeseries: { timeField: 't' } },
      { validator: { a: 1 } },
    ]) {
      await expect(create(options)).rejects.toHaveProperty('code');
    }
    const collection = await scratch.collection();
    for (const key of [
      { a: '2dsphere' },
      { a: 'text' },
      { a: 'hashed' },
      { '$**': 1 },
    ] as Document[]) {
      await expect(collection.createIndex(key as never)).rejects.toHaveProperty('code');
    }
    await expect(
      collection.createIndex({ a: 1 }, { expireAfterSeconds: 1 }),
    ).rejects.toHaveProperty('code');
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });

  it('options that would otherwise be taken and ignored', async () => {
    const collection = await scratch.collection([{ a: 1 }]);
    const name = collection.collectionName;
    const index = { key: { b: 1 }, name: 'b_1' };
    for (const [command, code] of [
      [{ create: 'new', storageEngine: { wiredTiger: {} } }, 115],
      [{ create: 'new', indexOptionDefaults: { storageEngine: {} } }, 115],
      [{ create: 'new', temp: true }, 115],
      [{ create: 'new', flags: 1 }, 115],
      [{ create: 'new', autoIndexId: false }, 115],
      [{ create: 'new', idIndex: { key: { _id: 1 }, name: '_id_', collation: {} } }, 115],
      [{ createIndexes: name, indexes: [{ ...index, storageEngine: {} }] }, 115],
      [{ createIndexes: name, indexes: [{ ...index, dropDups: true }] }, 115],
      [{ createIndexes: name, indexes: [index], commitQuorum: 2 }, 115],
      [{ insert: name, documents: [{}], stmtIds: [1] }, 40415],
      [{ delete: name, deletes: [{ q: {}, limit: 0 }], stmtIds: [1] }, 40415],
    ] as const) {
      await expectCode(scratch.db.command(command), code);
    }
    expect((await collection.indexes()).map((made) => made.name)).toEqual(['_id_']);
    expect(await collection.countDocuments()).toBe(1);
    await scratch.db.command({ createIndexes: name, indexes: [index], commitQuorum: 'majority' });
    await scratch.db.command({ create: 'new', idIndex: { key: { _id: 1 }, name: '_id_' } });
  });

  it('a transaction at another time than the present', async () => {
    const collection = await scratch.collection([{ a: 1 }]);
    const read = await scratch.db.command({
      find: collection.collectionName,
      readConcern: { level: 'snapshot' },
    });
    const { atClusterTime } = read.cursor as { atClusterTime: unknown };
    const session = scratch.client.startSession();
    const start = scratch.db.command({
      find: collection.collectionName,
      lsid: session.id,
      txnNumber: Long.fromNumber(1),
      startTransaction: true,
      autocommit: false,
      readConcern: { level: 'snapshot', atClusterTime },
    });
    await expectCode(start, 115);
    await session.endSession();
  });

  // New in 8.0, and the engine answers as a 7.0 does.
  it('the sort of an update', async () => {
    const collection = await scratch.collection([{ a: 1 }]);
    const sorted = { q: {}, u: { $set: { a: 2 } }, sort: { a: 1 } };
    const update = scratch.db.command({ update: collection.collectionName, updates: [sorted] });
    await expectCode(update, 40415);
    expect(await collection.countDocuments({ a: 1 })).toBe(1);
  });

  it('change streams', async () => {
    const collection = await scratch.collection();
    const stream = collection.watch();
    await expectCode(stream.next(), 40324);
    await stream.close();
  });
});
