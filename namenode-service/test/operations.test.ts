import { MongoClient } from 'mongodb';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

// Clusters are started, killed and waited for.
jest.setTimeout(120_000);

let deployment: TestDeployment;
let node: TestNameNode;
let admin: Record<string, string>;

beforeAll(async () => {
  deployment = await startDeployment(['a', 'b'], 1);
  await start();
});

const start = async (): Promise<void> => {
  node = await startNameNode(deployment.addresses);
  await ready(node);
  admin = {
    authorization: `Bearer ${await node.userToken('ADMIN')}`,
    'content-type': 'application/json',
  };
  await until(async () => (await shard('a')).members.every((m) => m.health === 'healthy'));
};

const safeModes = async (of: TestNameNode): Promise<Record<string, string | null>> => {
  const { body } = await of.get('/v1/shards');
  const each = body.shards.map((one: { name: string; safeMode: string }) => [
    one.name,
    one.safeMode,
  ]);
  return Object.fromEntries(each);
};

afterAll(async () => {
  await node.stop();
  await deployment.stop();
});

interface ShardAnswer {
  owner: string;
  busyWith: string | null;
  members: { cluster: string; status: string; health: string }[];
}

const shard = async (name: string): Promise<ShardAnswer> => {
  const { body } = await node.get('/v1/shards');
  return body.shards.find((each: { name: string }) => each.name === name);
};

const ended = (id: string) =>
  until(async () => {
    const { body } = await node.get(`/v1/operations/${id}`);
    return body.endedAtMs === null ? false : (body as { status: string; outcome: string });
  });

const fencesOf = async (cluster: string, state: string): Promise<number> => {
  const client = new MongoClient(deployment.clusters.uriOf(cluster));
  try {
    return await client.db('marquee_slots').collection('fences').countDocuments({ state });
  } finally {
    await client.close();
  }
};

describe('an order', () => {
  const failover = { kind: 'failover', shard: 'a' };

  it('is taken from an admin only', async () => {
    const byService = await node.post('/v1/operations', failover);
    expect(byService).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('can be tried without being carried out', async () => {
    const { status, body } = await node.post('/v1/operations?dryRun=true', failover, admin);
    expect(status).toBe(200);
    expect(body).toEqual({
      dryRun: true,
      plan: { kind: 'planned-failover', shard: 'a', to: 'replica-a-0' },
    });
    expect((await shard('a')).owner).toBe('owner-a');
  });

  it('that may lose writes shows what is lost before anybody agrees to it', async () => {
    const order = { kind: 'unclean-failover', shard: 'a', to: 'replica-a-0' };
    const answer = await node.post('/v1/operations?dryRun=true', order, admin);
    expect(answer).toMatchObject({
      status: 200,
      body: { dryRun: true, plan: order, loss: { slots: [], operations: 0, silent: [] } },
    });
  });

  it.each([
    ['an unknown shard', { kind: 'failover', shard: 'z' }, 404, 'NOT_FOUND'],
    ['a foreign cluster', { ...failover, to: 'replica-b-0' }, 409, 'NOT_IN_SYNC'],
    ['the owner itself', { ...failover, to: 'owner-a' }, 409, 'ALREADY_THERE'],
    ['an unknown kind', { kind: 'explode' }, 400, 'BAD_USER_INPUT'],
    ['the same shard', { kind: 'migrate', to: 'a', slots: [1] }, 409, 'ALREADY_THERE'],
    ['slots of two shards', { kind: 'migrate', to: 'a', slots: [1, 1000] }, 400, 'BAD_USER_INPUT'],
    ['no such slot', { kind: 'migrate', to: 'a', slots: [1024] }, 400, 'BAD_USER_INPUT'],
    [
      'a join of who is in',
      { kind: 'join', shard: 'a', cluster: 'replica-a-0' },
      409,
      'ALREADY_THERE',
    ],
    [
      'an unconfirmed loss',
      { kind: 'unclean-failover', shard: 'a', to: 'replica-a-0' },
      400,
      'BAD_USER_INPUT',
    ],
  ])('for %s is refused', async (_what, order, status, code) => {
    const answer = await node.post('/v1/operations', order, admin);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('to a shard whose fences are newer than the log is refused, and /v1/shards says so', async () => {
    const client = new MongoClient(deployment.clusters.uriOf('owner-b'));
    const fences = client.db('marquee_slots').collection<{ _id: number; edit: number }>('fences');
    const second = await startNameNode(deployment.addresses, { instance: 'second' });
    try {
      const before = await fences.findOneAndUpdate({ _id: 1000 }, { $set: { edit: 1_000_000 } });
      await node.stop();
      await ready(second);
      await until(async () => (await safeModes(second)).b === 'held');
      const headers = {
        ...admin,
        authorization: `Bearer ${await second.userToken('ADMIN')}`,
      };
      const order = { kind: 'failover', shard: 'b' };
      const answer = await second.post('/v1/operations', order, headers);
      expect(answer).toMatchObject({ status: 503, body: { code: 'NOT_READY' } });
      expect(answer.body.detail).toMatch(/b is in safe mode/);
      expect((await safeModes(second)).a).toBe('over');
      await fences.updateOne({ _id: 1000 }, { $set: { edit: before?.edit ?? 0 } });
      await until(async () => (await safeModes(second)).b === 'over');
    } finally {
      await second.stop();
      await client.close();
      await start();
    }
  });

  it('made for another version of the directory is refused', async () => {
    const answer = await node.post('/v1/operations', failover, { ...admin, 'if-match': '"1"' });
    expect(answer).toMatchObject({ status: 412, body: { code: 'VERSION_CONFLICT' } });
  });

  it('hands a shard over, once for an idempotency key', async () => {
    const headers = { ...admin, 'idempotency-key': 'failover-of-a-1' };
    const first = await node.post('/v1/operations', failover, headers);
    expect(first).toMatchObject({ status: 202, body: { status: 'queued', by: 'ann' } });
    expect(await ended(first.body.id)).toMatchObject({ status: 'completed' });
    const again = await node.post('/v1/operations', failover, headers);
    expect(again.body.id).toBe(first.body.id);
    const other = await node.post('/v1/operations', { ...failover, shard: 'b' }, headers);
    expect(other).toMatchObject({ status: 409, body: { code: 'OPERATION_ID_REUSED' } });
    expect((await shard('a')).owner).toBe('replica-a-0');
    expect(await fencesOf('replica-a-0', 'open')).toBe(512);
    expect(await fencesOf('owner-a', 'follower')).toBe(512);
    const { body } = await node.get('/v1/operations?limit=1');
    expect(body.operations[0]).toMatchObject({ id: first.body.id });
    expect(body.operations[0].steps.length).toBeGreaterThan(3);
  });

  it('moves slots to another shard', async () => {
    const slots = [0, 1, 2, 3];
    const { body } = await node.post('/v1/operations', { kind: 'migrate', to: 'b', slots }, admin);
    expect(await ended(body.id)).toMatchObject({ status: 'completed' });
    const map = await node.get('/v1/shard-map');
    expect(map.body.slots[0]).toMatchObject({ from: 0, shard: 'b' });
    expect(await fencesOf('owner-b', 'open')).toBe(516);
    expect(await fencesOf('replica-a-0', 'open')).toBe(508);
  });

  it('of which nobody knows is NOT_FOUND', async () => {
    expect(await node.get('/v1/operations/none')).toMatchObject({ status: 404 });
    const cancel = await node.post('/v1/operations/none/cancel', {}, admin);
    expect(cancel).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});

describe('automation', () => {
  it('is paused and resumed by an admin, and the log says who and why', async () => {
    const set = async (status: string) => {
      const response = await fetch(`${node.url}/v1/automation`, {
        method: 'PUT',
        headers: admin,
        body: JSON.stringify({ status, why: 'maintenance' }),
      });
      return (await response.json()) as { status: string; version: number };
    };
    expect(await set('paused')).toMatchObject({ status: 'paused' });
    const { version } = await set('active');
    const { body } = await node.get(`/v1/edits?after=${version - 1}`);
    expect(body.edits[0]).toMatchObject({
      by: 'ann',
      why: 'maintenance',
      change: { kind: 'automation-resumed' },
    });
  });
});

describe('without an order', () => {
  it('a replica that dies leaves, and joins again when it is back', async () => {
    const { owner } = await shard('b');
    await deployment.clusters.stop('replica-b-0');
    await until(async () => (await shard('b')).members.some(({ status }) => status === 'learner'));
    await deployment.clusters.restart('replica-b-0');
    await until(async () => (await shard('b')).members.every(({ status }) => status === 'in-sync'));
    expect((await shard('b')).owner).toBe(owner);
  });

  it('an owner that dies is replaced, and is a replica when it is back', async () => {
    await deployment.clusters.stop('owner-b');
    await until(async () => (await shard('b')).owner === 'replica-b-0');
    await until(async () => (await fencesOf('replica-b-0', 'open')) === 516);
    await deployment.clusters.restart('owner-b');
    await until(async () => (await shard('b')).members.every(({ status }) => status === 'in-sync'));
    expect(await fencesOf('owner-b', 'follower')).toBe(516);
  });
});

describe('a second instance', () => {
  it('passes orders on to the leader', async () => {
    const second = await startNameNode(deployment.addresses, { instance: 'second' });
    try {
      await ready(second);
      const headers = {
        ...admin,
        authorization: `Bearer ${await second.userToken('ADMIN')}`,
      };
      // Its admins are not the leader's: the two have different keys in this test.
      const answer = await second.post(
        '/v1/operations?dryRun=true',
        { kind: 'failover', shard: 'b' },
        headers,
      );
      expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    } finally {
      await second.stop();
    }
  });
});
