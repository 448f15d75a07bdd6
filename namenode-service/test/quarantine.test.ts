import { MongoClient } from 'mongodb';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

// Slots are copied, and read leases waited for.
jest.setTimeout(180_000);

let deployment: TestDeployment;
let node: TestNameNode;
const clients = new Map<string, MongoClient>();

beforeAll(async () => {
  // Four shards: a quarter of the slots is copied faster than all of them.
  deployment = await startDeployment(['a', 'b', 'c', 'd'], 1);
  for (const { name, uri } of deployment.addresses.clusters)
    clients.set(name, new MongoClient(uri));
  node = await startNameNode(deployment.addresses, { detectionTimeMs: 600 });
  await ready(node);
  await until(async () => (await clusters()).every(({ health }) => health.status === 'healthy'));
  // Until a leader has raised the numbers a few times.
  await until(async () => (await stampOf('replica-a-0')).heartbeat > 2);
});

afterAll(async () => {
  await node.stop();
  await Promise.all([...clients.values()].map((client) => client.close()));
  await deployment.stop();
});

interface ClusterAnswer {
  name: string;
  role: string;
  status: string;
  health: { status: string };
  quarantine: { why: string; sinceEdit: number } | null;
}

const clusters = async (): Promise<ClusterAnswer[]> =>
  (await node.get('/v1/clusters')).body.clusters;
const cluster = async (name: string) => (await clusters()).find((each) => each.name === name)!;

const stamps = (name: string) =>
  clients
    .get(name)!
    .db('marquee_slots')
    .collection<{ _id: string; deployment: string; heartbeat: number }>('deployment');
const stampOf = async (name: string) => (await stamps(name).findOne({ _id: 'deployment' }))!;
const setStamp = (name: string, fields: object) =>
  stamps(name).updateOne({ _id: 'deployment' }, { $set: fields });

const kinds = async (): Promise<string[]> => {
  const { body } = await node.get('/v1/edits?limit=1000');
  return body.edits.map(
    ({ change }: { change: { kind: string; cluster?: string; why?: string } }) =>
      [change.kind, change.cluster, change.why].filter((each) => each !== undefined).join(' '),
  );
};

describe('a replica that was restored from a backup', () => {
  it('is found by its heartbeat, quarantined by an edit, and joins again with a copy', async () => {
    await setStamp('replica-a-0', { heartbeat: 1 });
    await until(async () => (await kinds()).includes('cluster-quarantined replica-a-0 restored'));
    await until(async () => (await cluster('replica-a-0')).status === 'in-sync');
    const log = await kinds();
    expect(log.filter((kind) => kind.startsWith('cluster-quarantined'))).toHaveLength(1);
    expect(log.indexOf('replica-joined')).toBeGreaterThan(
      log.indexOf('cluster-quarantined replica-a-0 restored'),
    );
    expect((await cluster('replica-a-0')).quarantine).toBeNull();
  });
});

describe('an owner that turns out to be the cluster of another deployment', () => {
  it('is used by nobody from then on: its replica takes over, and nothing is written there', async () => {
    await until(async () => (await cluster('replica-a-0')).status === 'in-sync');
    const { deployment: own } = await stampOf('owner-a');
    await setStamp('owner-a', { deployment: '00000000-0000-4000-8000-000000000000' });
    await until(async () => (await cluster('owner-a')).quarantine?.why === 'foreign');
    const fencesOf = () => clients.get('owner-a')!.db('marquee_slots').collection('fences');
    // One transaction may have been under way.
    const before = await until(async () => {
      const fences = await fencesOf().find().toArray();
      const again = await fencesOf().find().toArray();
      return JSON.stringify(fences) === JSON.stringify(again) ? again : false;
    });
    const { heartbeat } = await stampOf('owner-a');
    expect((await node.get('/v1/shard-map')).body.quarantined).toEqual(['owner-a']);
    await until(async () => (await cluster('replica-a-0')).role === 'owner');
    expect(await fencesOf().find().toArray()).toEqual(before);
    expect((await stampOf('owner-a')).heartbeat).toBe(heartbeat);

    // The address is put right again: it comes back as one that has everything to learn.
    await setStamp('owner-a', { deployment: own });
    await until(async () => (await cluster('owner-a')).status === 'in-sync');
    expect((await cluster('owner-a')).quarantine).toBeNull();
    expect(await kinds()).toContain('cluster-released owner-a');
    expect((await node.get('/v1/shard-map')).body.quarantined).toBeUndefined();
  });
});
