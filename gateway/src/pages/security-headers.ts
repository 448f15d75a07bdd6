import type { FastifyInstance } from 'fastify';

const policy = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

const STRICT = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};

/** For the web clients: nothing from elsewhere, nothing inline. */
export const CLIENT_POLICY = policy(STRICT);

/** For GraphiQL, which writes its own styles and brings its fonts inside them. */
export const GRAPHIQL_POLICY = policy({
  ...STRICT,
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self' data:",
});

/** On every answer, whatever it is. */
export const addSecurityHeaders = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    });
  });
};
