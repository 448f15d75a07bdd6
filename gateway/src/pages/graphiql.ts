import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { GRAPHIQL_POLICY } from './security-headers.ts';

const packageFolder = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

const OWN_FOLDER = fileURLToPath(new URL('../../graphiql', import.meta.url));

/** Path below /graphiql → file. All of it is on disk: the page works without a network. */
const files = (): Readonly<Record<string, string>> => ({
  '': join(OWN_FOLDER, 'index.html'),
  '/start.js': join(OWN_FOLDER, 'start.js'),
  '/start.css': join(OWN_FOLDER, 'start.css'),
  '/graphiql.js': join(packageFolder('graphiql'), 'graphiql.min.js'),
  '/graphiql.css': join(packageFolder('graphiql'), 'graphiql.min.css'),
  '/react.js': join(packageFolder('react'), 'umd/react.production.min.js'),
  '/react-dom.js': join(packageFolder('react-dom'), 'umd/react-dom.production.min.js'),
});

/** GraphiQL at /graphiql. Needs `reply.sendFile`. */
export const addGraphiql = (app: FastifyInstance): void => {
  for (const [path, file] of Object.entries(files())) {
    app.get(`/graphiql${path}`, async (_request, reply) =>
      reply
        .headers({ 'content-security-policy': GRAPHIQL_POLICY, 'cache-control': 'no-cache' })
        .sendFile(file.slice(dirname(file).length + 1), dirname(file)),
    );
  }
};
