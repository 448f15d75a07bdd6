import { MongoClient } from 'mongodb';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

// Two NameNodes are started one after the other.
jest.setTimeout(60_000);

let deployment: TestDeployment;
let node: TestNameNode | undefined;
let replica: MongoClient;

beforeAll(async () => {
  deployment = await startDeployment(['a'], 1);
  replica = new MongoClient(deployment.clusters.uriOf('replica-a-0'));
  node = await startNameNode(deployment.addresses);
  await ready(node);
});

afterAll(async () => {
  await node?.stop();
  await replica.close();
  await deployment.stop();
});

const failBuilds = (mode: 'alwaysOn' | 'off') =>
  replica.db('admin').command({
    configureFailPoint: 'failCommand',
    mode,
    data: { failCommands: ['createIndexes'], errorCode: 14_031 },
  });

const isReadable = async (): Promise<boolean> => {
  const { body } = await (node as TestNameNode).get('/v1/shard-map');
  return body.shards[0].replicas[0].readable;
};

const problem = async (): Promise<string | null> => {
  const { body } = await (node as TestNameNode).get('/v1/clusters');
  return body.clusters.find((each: { name: string }) => each.name === 'replica-a-0').health.problem;
};

const indexNames = async (): Promise<string[]> => {
  const indexes = await replica.db('marquee').collection('movies').listIndexes().toArray();
  return indexes.map(({ name }) => name as string);
};

describe('a replica that lacks an index of the services', () => {
  it('is not readable from the next term on, until a leader has brought it there', async () => {
    expect(await isReadable()).toBe(true);
    await node?.stop();
    await replica.db('marquee').collection('movies').dropIndex('year_1__id_1');
    await failBuilds('alwaysOn');
    node = await startNameNode(deployment.addresses);
    await ready(node);
    await until(async () => !(await isReadable()));
    expect(await problem()).toBe('lacks indexes: movies {"year":1,"_id":1}');
    await failBuilds('off');
    await until(isReadable);
    expect(await indexNames()).toContain('year_1__id_1');
    expect(await problem()).toBeNull();
  });
});
