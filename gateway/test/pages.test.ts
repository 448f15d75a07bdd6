import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeGraph, type FakeGraph } from './fake-graph.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('pages', () => {
  let folder: string;
  let graph: FakeGraph;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'marquee-pages-'));
    mkdirSync(join(folder, 'user/assets'), { recursive: true });
    writeFileSync(join(folder, 'user/index.html'), '<title>user</title>');
    writeFileSync(join(folder, 'user/assets/app-1a2b.js'), 'let user');
    writeFileSync(join(folder, 'user/logo.svg'), '<svg/>');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    graph = await startFakeGraph((config) => ({
      ...config,
      clients: { '/': join(folder, 'user'), '/admin': join(folder, 'admin') },
    }));
  });
  afterAll(async () => {
    await graph.close();
    rmSync(folder, { recursive: true });
  });

  const get = async (path: string, headers: Record<string, string> = HTML) => {
    const response = await fetch(`${graph.origin}${path}`, { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  // fetch tidies paths up and adds headers of its own to conditional requests.
  const getAsWritten = (path: string, headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(graph.origin);
      const call = request({ hostname, port, path, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => {
          resolve({ status: response.statusCode, text });
        });
      });
      call.on('error', reject).end();
    });

  it('serve the user’s client at every path that a browser navigates to', async () => {
    for (const path of ['/', '/movies/tt0133093', '/users/a.b']) {
      const { status, headers, text } = await get(path);
      expect({ path, status, text }).toEqual({ path, status: 200, text: '<title>user</title>' });
      expect(headers.get('content-type')).toMatch(/^text\/html/);
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'; /);
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|http/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('let browsers keep hashed files for ever, and ask again for the others', async () => {
    const hashed = await get('/assets/app-1a2b.js', {});
    expect(hashed.text).toBe('let user');
    expect(hashed.headers.get('cache-control')).toContain('immutable');
    const logo = await get('/logo.svg', {});
    expect(logo.headers.get('cache-control')).toBe('no-cache');
    const again = await getAsWritten('/logo.svg', { 'if-none-match': logo.headers.get('etag')! });
    expect(again.status).toBe(304);
  });

  it('answer 404 for a file that is not there', async () => {
    expect((await get('/assets/app-old.js')).status).toBe(404);
    expect((await get('/robots.txt', { accept: '*/*' })).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%00',
    '/%ff',
  ])('never lead out of the folder: %s', async (path) => {
    const { text } = await getAsWritten(path, HTML);
    expect(text).not.toContain('secret');
  });

  it('say so plainly where a client is not built', async () => {
    const { status, text } = await get('/admin/movies');
    expect(status).toBe(503);
    expect(text).toContain('npm run build --workspace clients/admin');
    expect((await get('/admin')).status).toBe(503);
  });

  it('show Apollo Sandbox to a browser at /graphql, with a way to the local GraphiQL', async () => {
    const { status, text } = await get('/graphql');
    expect(status).toBe(200);
    expect(text).toContain('embeddable-sandbox');
    expect(text).toContain('href="/graphiql"');
    const nonces = new Set(
      [...text.matchAll(/nonce-?="?([0-9a-f]{64})/g)].map(([, nonce]) => nonce),
    );
    expect(nonces.size).toBe(1);
  });

  it('serve GraphiQL from disk, under a policy that lets nothing else in', async () => {
    const { status, headers, text } = await get('/graphiql');
    expect(status).toBe(200);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/http|\*|unsafe-eval/);
    expect(text).not.toMatch(/https?:\/\//);
    const files = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
    expect(files).toHaveLength(6);
    for (const path of files) {
      const file = await get(path);
      expect({ path, status: file.status }).toEqual({ path, status: 200 });
      expect(file.headers.get('content-type')).toMatch(/javascript|css/);
    }
  });

  it('have the gateway ready while a subgraph is down', async () => {
    await graph.subgraphs.users.stop();
    expect((await get('/readyz', {})).status).toBe(200);
    expect((await get('/healthz', {})).status).toBe(200);
  });
});
