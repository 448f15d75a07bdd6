import { stat } from 'node:fs/promises';
import { join, normalize, relative } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MarqueeError } from '@marquee/errors';
import { CLIENT_POLICY } from './security-headers.ts';

/** Files in here carry a hash of their content in their name: they never change. */
const HASHED = /^assets\//;
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Serves a built web client from `folder` under `prefix`: its files, and its index.html for every
 * other path that a browser navigates to. Needs `reply.sendFile`.
 */
export const addWebClient = (app: FastifyInstance, prefix: string, folder: string): void => {
  const base = prefix === '/' ? '' : prefix;
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    void reply.header('content-security-policy', CLIENT_POLICY);
    const file = decodedPath(request, base);
    if (file !== '' && (await isFile(join(folder, file)))) {
      void reply.header('cache-control', HASHED.test(file) ? FOREVER : 'no-cache');
      return reply.sendFile(file, folder);
    }
    if (!isNavigation(request) || HASHED.test(file)) throw new MarqueeError('NOT_FOUND');
    void reply.header('cache-control', 'no-cache');
    if (await isFile(join(folder, 'index.html'))) return reply.sendFile('index.html', folder);
    return reply.status(503).type('text/html; charset=utf-8').send(notBuilt(prefix));
  };
  app.get(prefix, serve);
  app.get(`${base}/*`, serve);
};

// Without `..`: what is left of it after normalising would lead out of the folder.
const decodedPath = (request: FastifyRequest, base: string): string => {
  const { pathname } = new URL(request.url, 'http://gateway');
  const path = decodePath(pathname.slice(base.length));
  const within = relative('/', normalize(join('/', path)));
  return path.includes('\0') ? '' : within;
};

const decodePath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
};

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );

const isNavigation = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').includes('text/html');

const notBuilt = (prefix: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Not built yet</title>
<h1>This web client is not built yet</h1>
<p>Build it with <code>npm run build --workspace ${prefix === '/' ? 'clients/user' : 'clients/admin'}</code>,
then load this page again. <code>npm start</code> does so by itself.</p>
<p>The graph is at <a href="/graphql">/graphql</a>, GraphiQL at <a href="/graphiql">/graphiql</a>.</p>
</html>
`;
