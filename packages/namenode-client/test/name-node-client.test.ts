import { createNameNodeClient, type NameNodeClient } from '@marquee/namenode-client';
import { serveMap, startScriptedNameNode, type ScriptedNameNode } from './scripted-name-node.ts';

let nodes: ScriptedNameNode[] = [];
let clients: NameNodeClient[] = [];

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(nodes.map((node) => node.close()));
  nodes = [];
  clients = [];
});

const nameNode = async (answer: ScriptedNameNode['answer']) => {
  const node = await startScriptedNameNode(answer);
  nodes.push(node);
  return node;
};

const clientOf = (...urls: string[]) => {
  const failures: unknown[] = [];
  const client = createNameNodeClient({
    urls,
    serviceToken: () => Promise.resolve('token'),
    onFailure: (error) => failures.push(error),
  });
  clients.push(client);
  return Object.assign(client, { failures });
};

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const refuse: ScriptedNameNode['answer'] = (_request, response) => {
  response.writeHead(503).end();
};

describe('the NameNode client', () => {
  it('has a map once it has started, shows its token, and follows newer versions', async () => {
    const node = await nameNode(serveMap(3, { delayMs: 5 }));
    const client = clientOf(node.url);
    expect(client.current()).toBeUndefined();
    await client.start();
    expect(client.current()?.version).toBe(3);
    expect(client.table()?.placementOf(7).shard.owner).toBe('shard-a');
    expect(node.requests[0]?.authorization).toBe('Bearer token');
    node.answer = serveMap(4, { delayMs: 5 });
    await until(() => client.current()?.version === 4);
    const [, poll] = node.requests;
    expect(poll?.url).toMatch(/\/v1\/shard-map\?after=3&waitMs=\d+$/);
  });

  it('asks nobody when the map is read', async () => {
    const node = await nameNode(serveMap(3));
    const client = clientOf(node.url);
    await client.start();
    node.answer = () => undefined; // The long poll stays open from here on.
    await until(() => node.requests.length > 1);
    const before = client.callCounts();
    for (let i = 0; i < 10_000; i++) {
      client.current();
      client.table()?.placementOf(i % 1024);
      client.hasReadLease();
    }
    expect(client.callCounts()).toEqual(before);
    expect(client.callCounts()).toMatchObject({ refresh: 0, report: 0 });
  });

  it('serves the last shard map while the NameNode is down, and lets the lease run out', async () => {
    const node = await nameNode(serveMap(3, { detectionTimeMs: 300 }));
    const client = clientOf(node.url);
    await client.start();
    expect(client.hasReadLease()).toBe(true);
    node.answer = refuse;
    await until(() => client.failures.length > 0 && !client.hasReadLease());
    expect(client.current()?.version).toBe(3);
    await expect(client.refresh()).rejects.toMatchObject({ code: 'NAMENODE_UNAVAILABLE' });
    node.answer = serveMap(5, { delayMs: 5 });
    await until(() => client.current()?.version === 5);
    expect(client.hasReadLease()).toBe(true);
  });

  it('has no lease from a NameNode that cannot confirm, but takes its map', async () => {
    const node = await nameNode(serveMap(3, { confirmed: false, delayMs: 5 }));
    const client = clientOf(node.url);
    await client.start();
    expect(client.current()?.version).toBe(3);
    expect(client.hasReadLease()).toBe(false);
    expect(client.confirmedAtMs()).toBeUndefined();
  });

  it('counts the lease from the sending of the request, not from its answer', async () => {
    const node = await nameNode(serveMap(3, { delayMs: 60 }));
    const client = clientOf(node.url);
    const beforeMs = performance.now();
    const started = client.start();
    await until(() => node.requests.length > 0);
    const arrivedMs = performance.now();
    await started;
    expect(client.confirmedAtMs()).toBeGreaterThanOrEqual(beforeMs);
    expect(client.confirmedAtMs()).toBeLessThanOrEqual(arrivedMs);
  });

  it('goes to the next NameNode when one does not answer', async () => {
    const dead = await nameNode(refuse);
    const alive = await nameNode(serveMap(3, { delayMs: 5 }));
    const client = clientOf(dead.url, alive.url);
    await client.start();
    expect(client.current()?.version).toBe(3);
    await until(() => alive.requests.length > 3);
    expect(dead.requests).toHaveLength(1);
  });

  it('keeps the newest map when another NameNode lags behind', async () => {
    const ahead = await nameNode(serveMap(9));
    const behind = await nameNode(serveMap(4, { delayMs: 5 }));
    const client = clientOf(ahead.url, behind.url);
    await client.start();
    ahead.answer = refuse;
    await until(() => behind.requests.length > 2);
    expect(client.current()?.version).toBe(9);
  });

  it('refuses a map of another deployment and stays with its own', async () => {
    const node = await nameNode(serveMap(3));
    const client = clientOf(node.url);
    await client.start();
    node.answer = serveMap(9, { deployment: 'other' });
    await until(() => client.failures.length > 0);
    expect(client.current()).toMatchObject({ deployment: 'd', version: 3 });
  });

  it('sends one request for refreshes at the same time, after those that came later too', async () => {
    const node = await nameNode(serveMap(3));
    const client = clientOf(node.url);
    await client.start();
    const open: (() => void)[] = [];
    node.answer = (request, response) => {
      open.push(() => serveMap(4)(request, response));
    };
    await until(() => open.length > 0); // The long poll.
    const first = client.refresh();
    const others = [client.refresh(), client.refresh(), client.refresh()];
    await until(() => open.length > 1);
    expect(client.callCounts().refresh).toBe(1);
    open[1]?.();
    await first;
    await until(() => open.length > 2);
    open[2]?.();
    await Promise.all(others);
    expect(client.callCounts().refresh).toBe(2);
    expect(client.current()?.version).toBe(4);
  });

  it('rejects a start without a NameNode in time, and goes on trying', async () => {
    const node = await nameNode(refuse);
    const client = clientOf(node.url);
    await expect(client.start({ maxMs: 50 })).rejects.toMatchObject({
      code: 'NAMENODE_UNAVAILABLE',
    });
    node.answer = serveMap(3, { delayMs: 5 });
    await until(() => client.current() !== undefined);
  });

  it('reports what a router has seen, and does not mind when nobody listens', async () => {
    const node = await nameNode(serveMap(3, { delayMs: 5 }));
    const client = clientOf(node.url);
    await client.report({ unreachable: ['shard-a'] });
    expect(node.requests[0]).toMatchObject({ method: 'POST', url: '/v1/reports' });
    node.answer = refuse;
    await client.report({ behind: [{ slot: 3, cluster: 'replica-a' }] });
    expect(client.callCounts().report).toBe(2);
  });

  it('answers nonsense with patience', async () => {
    const node = await nameNode((_request, response) => response.writeHead(200).end('{"a":1}'));
    const client = clientOf(node.url);
    const started = client.start();
    await until(() => client.failures.length > 1);
    node.answer = serveMap(3, { delayMs: 5 });
    await started;
    expect(client.current()?.version).toBe(3);
  });
});
