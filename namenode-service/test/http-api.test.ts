import { COLLECTIONS, SLOT_COUNT, slotOf, SlotTable, type ShardMap } from '@marquee/topology';
import { MongoClient } from 'mongodb';
import { ADMIN_TOKEN_MAX_AGE_MS } from '../src/http/authenticate.ts';
import {
  ready,
  startDeployment,
  startNameNode,
  until,
  type TestDeployment,
  type TestNameNode,
} from './name-node-harness.ts';

// Clusters are started before the first test.
jest.setTimeout(30_000);

let deployment: TestDeployment;
let node: TestNameNode;

beforeAll(async () => {
  deployment = await startDeployment(['a', 'b'], 1);
  node = await startNameNode(deployment.addresses);
  await ready(node);
});

afterAll(async () => {
  await node.stop();
  await deployment.stop();
});

describe('a new deployment', () => {
  it('gets its collections and one fence for each slot in every data cluster', async () => {
    for (const { name, shard, role, uri } of deployment.addresses.clusters) {
      const client = new MongoClient(uri);
      try {
        const collections = await client.db('marquee').listCollections().toArray();
        expect(collections.map((each) => each.name).sort()).toEqual([...COLLECTIONS].sort());
        const slots = client.db('marquee_slots');
        const fences = await slots
          .collection<{ _id: number; state: string }>('fences')
          .find()
          .toArray();
        expect(fences).toHaveLength(SLOT_COUNT);
        const own = fences.filter(
          ({ state }) => state === (role === 'owner' ? 'open' : 'follower'),
        );
        expect(own.map(({ _id }) => (_id < 512 ? 'a' : 'b'))).toEqual(
          Array.from({ length: 512 }, () => shard),
        );
        expect(fences.filter(({ state }) => state === 'moved')).toHaveLength(512);
        const stamp = await slots.collection('deployment').findOne();
        expect(stamp).toMatchObject({ cluster: name });
      } finally {
        await client.close();
      }
    }
  });
});

describe('GET /v1/locate/{collection}/{key}', () => {
  it('names slot, shard, owner, replicas, epoch and version', async () => {
    const { status, body } = await node.get('/v1/locate/movies/tt0133093');
    expect(status).toBe(200);
    expect(body).toEqual({
      collection: 'movies',
      key: 'tt0133093',
      slot: 61,
      shard: 'a',
      owner: 'owner-a',
      replicas: ['replica-a-0'],
      epoch: 1,
      version: expect.any(Number),
    });
  });

  it('puts an interaction where its movie is', async () => {
    const { body } = await node.get('/v1/locate/user_interactions/tt0133093:alice');
    expect(body).toMatchObject({ key: 'tt0133093:alice', slot: 61 });
  });

  it('takes keys that need encoding', async () => {
    const key = '七/人 "の"侍?%';
    const { body } = await node.get(`/v1/locate/person/${encodeURIComponent(key)}`);
    expect(body).toMatchObject({ key, slot: slotOf(key) });
  });

  it.each([
    ['/v1/locate/movie/x', 404, 'UNKNOWN_COLLECTION'],
    [`/v1/locate/movies/${'x'.repeat(513)}`, 400, 'KEY_INVALID'],
    ['/v1/locate/movies/a%00b', 400, 'KEY_INVALID'],
    ['/v1/locate/user_interactions/%3Aalice', 400, 'KEY_INVALID'],
    ['/v1/locate/movies/%E0%A4%A', 400, 'BAD_USER_INPUT'],
    ['/v1/nothing', 404, 'NOT_FOUND'],
  ])('refuses %s', async (path, status, code) => {
    const answer = await node.get(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('POST /v1/locate', () => {
  it('answers many keys in their order, of one version', async () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => ({ collection: 'users', key: `u${i}` }));
    const { status, body } = await node.post('/v1/locate', { keys });
    expect(status).toBe(200);
    expect(body.locations.map((each: { key: string }) => each.key)).toEqual(keys.map((k) => k.key));
    expect(new Set(body.locations.map((each: { version: number }) => each.version))).toEqual(
      new Set([body.version]),
    );
    const owners = new Set(body.locations.map((each: { owner: string }) => each.owner));
    expect(owners).toEqual(new Set(['owner-a', 'owner-b']));
  });

  it.each([
    ['a key that is no string', { keys: [{ collection: 'movies', key: 7 }] }, 'KEY_INVALID'],
    [
      'an unknown collection',
      { keys: [{ collection: 'constructor', key: 'x' }] },
      'UNKNOWN_COLLECTION',
    ],
    ['what is no list', { keys: 'x' }, 'BAD_USER_INPUT'],
    [
      'more than 1,000 keys',
      { keys: Array.from({ length: 1_001 }, () => ({ collection: 'users', key: 'x' })) },
      'BAD_USER_INPUT',
    ],
  ])('refuses %s', async (_what, payload, code) => {
    const { body } = await node.post('/v1/locate', payload);
    expect(body).toMatchObject({ code });
  });
});

describe('GET /v1/shard-map', () => {
  it('answers the whole map, confirmed, and 304 to whoever has it', async () => {
    const answer = await node.get('/v1/shard-map');
    const map = answer.body as ShardMap;
    expect(new SlotTable(map).slotsOf('b')).toHaveLength(512);
    expect(answer.headers.get('etag')).toBe(`"${map.version}"`);
    expect(answer.headers.get('x-directory-confirmed')).toBe('true');
    expect(answer.headers.get('x-detection-time-ms')).toBe('1500');
    const headers = { authorization: `Bearer ${await node.serviceToken()}` };
    const again = await node.get('/v1/shard-map', {
      ...headers,
      'if-none-match': `"${map.version}"`,
    });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers.get('x-directory-version')).toBe(String(map.version));
  });

  it('waits for a newer one, and answers what there is when the time is over', async () => {
    const { body } = await node.get('/v1/shard-map');
    const answer = await node.get(`/v1/shard-map?after=${body.version}&waitMs=50`);
    expect(answer.status).toBe(304);
    const old = await node.get(`/v1/shard-map?after=${body.version - 1}&waitMs=20000`);
    expect(old).toMatchObject({ status: 200, body: { version: body.version } });
  });

  it.each(['after=-1', 'after=x&waitMs=5', 'after=1&waitMs=999999'])(
    'refuses %s',
    async (query) => {
      const { status, body } = await node.get(`/v1/shard-map?${query}`);
      expect(status).toBe(400);
      expect(body.code).toBe('BAD_USER_INPUT');
    },
  );
});

describe('GET /v1/clusters', () => {
  it('names every cluster with its part and its health', async () => {
    const clusters = await until(async () => {
      const { body } = await node.get('/v1/clusters');
      const all = body.clusters as { name: string; health: { status: string } }[];
      return all.every(({ health }) => health.status === 'healthy') ? all : false;
    });
    expect(clusters).toHaveLength(4);
    expect(clusters).toContainEqual(
      expect.objectContaining({
        name: 'replica-a-0',
        shard: 'a',
        role: 'replica',
        status: 'in-sync',
      }),
    );
  });
});

describe('GET /v1/edits', () => {
  it('pages through what was changed, by whom and why', async () => {
    const first = await node.get('/v1/edits?after=0&limit=1');
    expect(first.body.edits).toMatchObject([
      {
        number: 1,
        by: 'namenode',
        why: expect.any(String),
        change: { kind: 'deployment-founded' },
      },
    ]);
    const rest = await node.get(`/v1/edits?after=${first.body.next}`);
    expect(rest.body.edits[0].number).toBe(2);
    expect(rest.body.next).toBeNull();
    const newest = await node.get('/v1/edits?limit=2');
    expect(newest.body.edits).toEqual(rest.body.edits.slice(-2));
    expect(newest.body.version).toBe(newest.body.edits[1].number);
  });
});

describe('GET /metrics', () => {
  it('shows who leads, the version, and how each cluster is', async () => {
    await until(async () => {
      const { text } = await node.get('/metrics');
      return text.includes('shard="a",cluster="replica-a-0",status="healthy"} 1');
    });
    const { text } = await node.get('/metrics');
    const { body } = await node.get('/v1/shards');
    const lines = text.split('\n');
    expect(lines).toContain('marquee_namenode_leader 1');
    expect(lines).toContain('marquee_namenode_metadata_reachable 1');
    expect(lines).toContain(`marquee_namenode_directory_version ${body.version}`);
    expect(lines).toContain('marquee_namenode_automation_paused 0');
    expect(lines).toContain('marquee_namenode_cluster_in_sync{shard="b",cluster="owner-b"} 1');
    expect(lines).toContain(
      'marquee_namenode_cluster_health{shard="a",cluster="owner-a",status="down"} 0',
    );
    await until(async () =>
      (await node.get('/metrics')).text.includes(
        'marquee_namenode_replica_lag_operations{shard="a",cluster="replica-a-0"} 0',
      ),
    );
  });
});

describe('credentials', () => {
  it('are needed for everything but health, readiness and the API description', async () => {
    for (const path of ['/v1/shard-map', '/v1/locate/movies/x', '/v1/clusters', '/v1/edits']) {
      expect(await node.get(path, {})).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHENTICATED' },
      });
    }
    for (const path of ['/healthz', '/readyz', '/openapi.json']) {
      expect((await node.get(path, {})).status).toBe(200);
    }
  });

  it('of a person are taken from an admin only', async () => {
    const as = async (role: 'USER' | 'ADMIN') =>
      node.get('/v1/clusters', { authorization: `Bearer ${await node.userToken(role)}` });
    expect((await as('ADMIN')).status).toBe(200);
    expect(await as('USER')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    const forged = await node.get('/v1/clusters', { authorization: 'Bearer x.y.z' });
    expect(forged.status).toBe(401);
  });

  it('of an admin are not believed for as long as the graph believes them', async () => {
    const aged = async (ageMs: number) => {
      const token = await node.userToken('ADMIN', Date.now() - ageMs);
      return node.get('/v1/clusters', { authorization: `Bearer ${token}` });
    };
    expect((await aged(ADMIN_TOKEN_MAX_AGE_MS / 2)).status).toBe(200);
    expect(await aged(ADMIN_TOKEN_MAX_AGE_MS + 1_000)).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
  });
});

/** A request to each mutation of the directory that would be carried out, or refused for what it is about. */
const MUTATIONS: Readonly<Record<string, object | undefined>> = {
  'POST /v1/operations': { kind: 'repair' },
  'POST /v1/operations/nobody/cancel': {},
  'PUT /v1/automation': { status: 'paused' },
  'POST /v1/shards': { name: 'x', owner: 'nobody' },
  'DELETE /v1/shards/a': undefined,
  'POST /v1/shards/a/clusters': { cluster: 'nobody' },
  'DELETE /v1/shards/a/clusters/replica-a-0': undefined,
  'PUT /v1/shards/a/configuration': { minInSync: 2 },
  'POST /v1/clusters/owner-a/release': { confirmCluster: 'owner-a' },
  'POST /v1/rebalance': {},
  'POST /v1/directory/rebuild': {},
};

describe('a mutation that was made for another version of the directory', () => {
  it.each(Object.entries(MUTATIONS))('is refused: %s', async (route, body) => {
    const [method = '', path = ''] = route.split(' ');
    const before = (await node.get('/v1/shards')).body;
    const response = await fetch(`${node.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await node.userToken('ADMIN')}`,
        'if-match': '"1"',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(await response.json()).toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(response.status).toBe(412);
    expect((await node.get('/v1/shards')).body.version).toBe(before.version);
  });

  it('can be one of all those that there are', async () => {
    const { body } = await node.get('/openapi.json', {});
    const described = Object.entries<Record<string, object>>(body.paths).flatMap(
      ([path, methods]) =>
        Object.keys(methods)
          .filter((method) => method !== 'get')
          .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`),
    );
    const tried = Object.keys(MUTATIONS).map((route) =>
      route
        .replace(/(operations|shards|clusters)\/[^/]+/, '$1/*')
        .replace(/\/clusters\/[^/*]+$/, '/clusters/*'),
    );
    const reads = ['POST /v1/locate', 'POST /v1/reports'];
    expect(described.filter((route) => !reads.includes(route)).sort()).toEqual(tried.sort());
  });
});

describe('GET /openapi.json', () => {
  it('describes every route in OpenAPI 3.1', async () => {
    const { body } = await node.get('/openapi.json', {});
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths).sort()).toEqual([
      '/v1/automation',
      '/v1/clusters',
      '/v1/clusters/{cluster}/release',
      '/v1/directory/rebuild',
      '/v1/edits',
      '/v1/findings',
      '/v1/leader',
      '/v1/locate',
      '/v1/locate/{collection}/{key}',
      '/v1/operations',
      '/v1/operations/{id}',
      '/v1/operations/{id}/cancel',
      '/v1/rebalance',
      '/v1/reports',
      '/v1/shard-map',
      '/v1/shards',
      '/v1/shards/{shard}',
      '/v1/shards/{shard}/clusters',
      '/v1/shards/{shard}/clusters/{cluster}',
      '/v1/shards/{shard}/configuration',
    ]);
  });
});
