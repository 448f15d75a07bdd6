import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

// The metadata cluster is stopped, and found to be down.
jest.setTimeout(60_000);

let deployment: TestDeployment;
let leader: TestNameNode;
let follower: TestNameNode;

beforeAll(async () => {
  deployment = await startDeployment(['a', 'b'], 1);
  leader = await startNameNode(deployment.addresses, { instance: 'one' });
  await ready(leader);
  follower = await startNameNode(deployment.addresses, { instance: 'two' });
  await ready(follower);
  await until(async () => (await follower.get('/v1/shards')).body.leader === 'one');
});

afterAll(async () => {
  await follower.stop();
  await leader.stop();
  await deployment.stop();
});

const health = async (node: TestNameNode, name: string): Promise<string> => {
  const { body } = await node.get('/v1/clusters');
  return body.clusters.find((each: { name: string }) => each.name === name).health.status;
};

describe('an instance that follows', () => {
  it('shows how far replicas lag, which the leader alone knows, from the beginning', async () => {
    const lag = await until(async () => {
      const { body } = await follower.get('/v1/shards');
      const all = body.shards.flatMap((shard: { members: { lag: number | null }[] }) =>
        shard.members.map((member) => member.lag),
      ) as (number | null)[];
      return all.every((each) => each !== null) ? all : false;
    });
    expect(lag).toEqual([0, 0, 0, 0]);
  });

  it('hands on what a router reports: the leader suspects a dead cluster at once', async () => {
    await until(async () => (await health(leader, 'replica-b-0')) === 'healthy');
    await deployment.clusters.stop('replica-b-0');
    const { status } = await follower.post('/v1/reports', { unreachable: ['replica-b-0'] });
    expect(status).toBe(204);
    await until(async () => (await health(leader, 'replica-b-0')) !== 'healthy');
    await deployment.clusters.restart('replica-b-0');
  });

  it('answers a report although no leader does', async () => {
    const passedOn = { 'x-marquee-passed-on': '1', 'content-type': 'application/json' };
    const authorization = `Bearer ${await follower.serviceToken()}`;
    const answer = await follower.post('/v1/reports', {}, { ...passedOn, authorization });
    expect(answer.status).toBe(204);
  });

  it('says with every answer which version of the directory it knows', async () => {
    for (const path of ['/v1/locate/movies/x', '/v1/operations', '/v1/clusters']) {
      const version = Number((await follower.get(path)).headers.get('x-directory-version'));
      expect([path, version]).toEqual([path, expect.any(Number)]);
      expect(version).toBeGreaterThan(2);
    }
  });
});

describe('while the metadata cluster is down', () => {
  it('a mutation is refused at once, by the leader and by whoever passes it on', async () => {
    await deployment.clusters.stop('metadata');
    const admin = async (node: TestNameNode) => ({
      authorization: `Bearer ${await node.userToken('ADMIN')}`,
      'content-type': 'application/json',
    });
    const headers = await admin(leader);
    const order = { kind: 'failover', shard: 'a' };
    const refused = await until(async () => {
      const sentAtMs = performance.now();
      const answer = await leader.post('/v1/operations', order, headers);
      // The first ones may have to find out; then it is known.
      return performance.now() - sentAtMs < 500 ? answer : false;
    });
    expect(refused).toMatchObject({ status: 503, body: { code: 'METADATA_UNAVAILABLE' } });
    expect((await leader.get('/v1/shard-map')).status).toBe(200);
    await deployment.clusters.restart('metadata');
    await until(async () => {
      const answer = await leader.post('/v1/operations?dryRun=true', order, headers);
      return answer.status === 200;
    });
  });
});
