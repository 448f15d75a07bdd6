import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MarqueeError } from '@marquee/errors';
import {
  createHttpService,
  createLogger,
  parseEnvironment,
  readClusterAddresses,
  secretFile,
  ServiceEnvironment,
  urlList,
} from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'service-kit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, content: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

describe('parseEnvironment', () => {
  const schema = ServiceEnvironment.extend({ NAMENODE_URLS: urlList, SECRET_FILE: secretFile });

  it('reads, converts, defaults and freezes', () => {
    const SECRET_FILE = file('secret', 'abc\n');
    const config = parseEnvironment(schema, {
      PORT: '81',
      NAMENODE_URLS: 'http://a:1/, http://b:2',
      SECRET_FILE,
      LOG_LEVEL: '',
    });
    expect(config).toMatchObject({
      PORT: 81,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      SECRET_FILE: 'abc',
      NAMENODE_URLS: ['http://a:1', 'http://b:2'],
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every variable that is wrong, and repeats no value', () => {
    const bad = () =>
      parseEnvironment(schema, {
        PORT: 'hunter2',
        NAMENODE_URLS: 'ftp://hunter2',
        SECRET_FILE: '/hunter2',
      });
    expect(bad).toThrow(/PORT.*NAMENODE_URLS.*SECRET_FILE/);
    expect(bad).not.toThrow(/hunter2/);
  });
});

describe('readClusterAddresses', () => {
  const cluster = { name: 'shard-a', shard: 'a', role: 'owner', uri: 'mongodb://u:hunter2@h' };
  it('answers the clusters', async () => {
    const path = file('good.json', { clusters: [cluster], metadata: { uri: 'mongodb+srv://m' } });
    expect((await readClusterAddresses(path)).clusters).toEqual([cluster]);
  });
  it.each([
    ['a repeated name', { clusters: [cluster, cluster], metadata: { uri: 'mongodb://m' } }],
    [
      'another protocol',
      { clusters: [{ ...cluster, uri: 'http://hunter2' }], metadata: { uri: 'mongodb://m' } },
    ],
    ['no metadata cluster', { clusters: [cluster] }],
    ['no JSON', '{'],
  ])('refuses %s without showing an address', async (_, content) => {
    const error: unknown = await readClusterAddresses(file('bad.json', content)).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'CONFIGURATION_INVALID' });
    expect((error as Error).message).not.toContain('hunter2');
  });
});

describe('createHttpService', () => {
  const logger = createLogger({ service: 'test', level: 'silent' });

  it('is ready only while every check holds', async () => {
    let up = false;
    const { app } = createHttpService({ logger, readiness: { map: () => up } });
    const before = await app.inject('/readyz');
    expect(before.statusCode).toBe(503);
    expect(before.json()).toMatchObject({ code: 'NOT_READY', facts: { failing: ['map'] } });
    up = true;
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/metrics')).body).toContain('process_cpu_seconds_total');
    await app.close();
  });

  it('drains: what is under way is answered, and its connection ends with the answer', async () => {
    const { app } = createHttpService({ logger, readiness: {} });
    let begun = (): void => undefined;
    let finish = (): void => undefined;
    const underWay = new Promise<void>((resolve) => (begun = resolve));
    app.get('/slow', async () => {
      begun();
      await new Promise<void>((resolve) => (finish = resolve));
      return 'done';
    });
    const draining = new Promise<void>((resolve) => {
      app.addHook('preClose', async () => resolve());
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = fetch(`${url}/slow`);
    await underWay;
    const closed = app.close();
    await draining;
    finish();
    const response = await answer;
    expect(await response.text()).toBe('done');
    expect(response.headers.get('connection')).toBe('close');
    await closed;
  });

  it('drains at once although a client holds a connection over which nothing has come', async () => {
    const { app } = createHttpService({ logger, readiness: {} });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const accepted = new Promise((resolve) => app.server.once('connection', resolve));
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await accepted;
    await app.close();
    await closed;
  });

  it('answers errors as problem documents and hides what it does not know', async () => {
    const { app } = createHttpService({ logger, readiness: {} });
    app.get('/known', () => {
      throw new MarqueeError('FORBIDDEN');
    });
    app.get('/bug', () => {
      throw new Error('hunter2');
    });
    app.post(
      '/body',
      { schema: { body: { type: 'object', properties: { a: { type: 'number' } } } } },
      () => 'ok',
    );
    const known = await app.inject('/known');
    expect(known.statusCode).toBe(403);
    expect(known.headers['content-type']).toContain('application/problem+json');
    const bug = await app.inject('/bug');
    expect(bug.statusCode).toBe(500);
    expect(bug.body).not.toContain('hunter2');
    expect(
      (await app.inject({ method: 'POST', url: '/body', payload: { a: 'x' } })).json(),
    ).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await app.inject('/nowhere')).json()).toMatchObject({ code: 'NOT_FOUND' });
    await app.close();
  });
});
