import { MongoClient } from 'mongodb';
import { Deadline, DOMAIN_INDEXES, MongoDataCluster, systemClock } from '@marquee/slot-protocol';
import { startTestClusters, type TestClusters } from '@marquee/test-kit';

let clusters: TestClusters;
let cluster: MongoDataCluster;
let mongo: MongoClient;

beforeAll(async () => {
  clusters = await startTestClusters({ a: ['owner'] });
  const uri = clusters.uriOf('owner');
  cluster = new MongoDataCluster({ name: 'owner', uri }, { random: Math.random });
  mongo = new MongoClient(uri);
});

afterAll(async () => {
  await mongo.close();
  await cluster.close();
  await clusters.close();
});

const soon = () => Deadline.after(20_000, systemClock);

describe('a cluster', () => {
  it('that was never prepared lacks every declared index, and none afterwards', async () => {
    const before = await cluster.missingIndexes(soon());
    expect(before).toContain('movies {"titleSort":1,"_id":1}');
    expect(before).toContain('records {"operationId":1,"slot":1}');
    const declared = Object.values(DOMAIN_INDEXES).flat();
    expect(before.length).toBeGreaterThan(declared.length);
    await cluster.ensureIndexes(soon());
    expect(await cluster.missingIndexes(soon())).toEqual([]);
  });

  it('that has lost an index lacks that one until it is built again', async () => {
    await cluster.ensureIndexes(soon());
    await mongo.db('marquee').collection('person').dropIndex('popularity_1__id_1');
    expect(await cluster.missingIndexes(soon())).toEqual(['person {"popularity":1,"_id":1}']);
    await cluster.ensureIndexes(soon());
    expect(await cluster.missingIndexes(soon())).toEqual([]);
  });

  it('whose index was built with other options lacks the declared one', async () => {
    await cluster.ensureIndexes(soon());
    const records = mongo.db('marquee_slots').collection('records');
    await records.dropIndex('operationId_1_slot_1');
    await records.createIndex({ operationId: 1, slot: 1 });
    expect(await cluster.missingIndexes(soon())).toEqual(['records {"operationId":1,"slot":1}']);
    await records.dropIndex('operationId_1_slot_1');
    await cluster.ensureIndexes(soon());
  });

  it('lists an index whose build has not ended, and lacks it all the same', async () => {
    await cluster.ensureIndexes(soon());
    // As a leader leaves it that died in the middle: in the list, but nobody has seen its end.
    const name = 'movies {"year":1,"_id":1}';
    await mongo
      .db('marquee_slots')
      .collection<{ _id: string; built: string[] }>('deployment')
      .updateOne({ _id: 'indexes' }, { $pull: { built: name } });
    expect(await cluster.missingIndexes(soon())).toEqual([name]);
  });
});
