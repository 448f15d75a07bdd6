import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { readExamples } from './examples.ts';
import { GRAPHIQL_POLICY } from './security-headers.ts';

// Their packages export less than the files that browsers need, but each is beside its package.json.
const require = createRequire(import.meta.url);
const GRAPHIQL_FOLDER = dirname(require.resolve('graphiql/package.json'));
const REACT_FOLDER = dirname(require.resolve('react/package.json'));
const REACT_DOM_FOLDER = dirname(require.resolve('react-dom/package.json'));
const OWN_FOLDER = fileURLToPath(new URL('../../graphiql', import.meta.url));
const GALLERY_FOLDER = fileURLToPath(new URL('../../../docs/queries', import.meta.url));

/** Path below /graphiql → file. All of it is on disk: the page works without a network. */
const FILES: Readonly<Record<string, string>> = {
  '': join(OWN_FOLDER, 'index.html'),
  '/start.js': join(OWN_FOLDER, 'start.js'),
  '/start.css': join(OWN_FOLDER, 'start.css'),
  '/graphiql.js': join(GRAPHIQL_FOLDER, 'graphiql.min.js'),
  '/graphiql.css': join(GRAPHIQL_FOLDER, 'graphiql.min.css'),
  '/react.js': join(REACT_FOLDER, 'umd/react.production.min.js'),
  '/react-dom.js': join(REACT_DOM_FOLDER, 'umd/react-dom.production.min.js'),
};

/** GraphiQL at /graphiql, with the gallery of docs/queries to choose from. Needs `reply.sendFile`. */
export const addGraphiql = (app: FastifyInstance): void => {
  const examples = readExamples(GALLERY_FOLDER);
  app.get('/graphiql/examples.json', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(examples),
  );
  for (const [path, file] of Object.entries(FILES)) {
    app.get(`/graphiql${path}`, async (_request, reply) =>
      reply
        .headers({ 'content-security-policy': GRAPHIQL_POLICY, 'cache-control': 'no-cache' })
        .sendFile(file.slice(dirname(file).length + 1), dirname(file)),
    );
  }
};
