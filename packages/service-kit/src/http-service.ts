import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { MarqueeError, toProblem } from '@marquee/errors';
import { fastify, LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Logger } from './logger.ts';
import { MetricsRegistry } from './metrics-registry.ts';

/** Largest body a service takes, in bytes: a bulk request of our own clients is far below. */
export const BODY_MAX_BYTES = 1_048_576;

/** How long a request may take to arrive whole; slower senders only hold a socket. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Keep-alive of idle connections; longer than that of our own clients, so that those close first. */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** Keeps a route out of the OpenAPI document of services that have one. */
const UNDOCUMENTED: Record<string, unknown> = { hide: true };

/** Something that must hold before the service takes traffic. Rejecting or `false` means: not ready. */
export type ReadinessCheck = () => boolean | Promise<boolean>;

export interface HttpServiceOptions {
  readonly logger: Logger;
  /** Name → check; `/readyz` answers 503 with the names of those that fail. */
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  readonly bodyMaxBytes?: number;
  readonly fastify?: FastifyServerOptions;
}

/**
 * The HTTP side that all services share: `/healthz` (the process lives), `/readyz` (it may take
 * traffic), `/metrics` (Prometheus), request ids, and problem documents (RFC 9457) for every error.
 * Once draining has begun, `/readyz` answers 503.
 */
export const createHttpService = (
  options: HttpServiceOptions,
): { app: FastifyInstance; metrics: MetricsRegistry } => {
  const metrics = new MetricsRegistry();
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyMaxBytes ?? BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    ...options.fastify,
  }) as unknown as FastifyInstance;

  app.setErrorHandler(async (error, request, reply) => {
    const known = fromFramework(error);
    if (toProblem(known).code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
    const problem = toProblem(known, request.id);
    return reply.status(problem.status).type('application/problem+json').send(problem);
  });
  app.setNotFoundHandler(async (request, reply) => {
    const problem = toProblem(new MarqueeError('NOT_FOUND'), request.id);
    return reply.status(404).type('application/problem+json').send(problem);
  });

  let draining = false;
  const silent = silentConnections(app.server);
  app.addHook('preClose', async () => {
    draining = true;
    for (const socket of silent) socket.destroy();
    return Promise.resolve();
  });
  // A client keeps its connection after its last answer, and a drain would wait for that: each answer
  // given while draining says that its connection ends.
  app.addHook('onSend', async (_request, reply) => {
    if (draining) void reply.header('connection', 'close');
    return Promise.resolve();
  });
  app.get('/healthz', { schema: UNDOCUMENTED }, () => ({ status: 'ok' }));
  app.get('/readyz', { schema: UNDOCUMENTED }, async (_request, reply) => {
    const failing = draining ? ['draining'] : await failingChecks(options.readiness);
    if (failing.length === 0) return { status: 'ready' };
    const problem = toProblem(new MarqueeError('NOT_READY', { failing }));
    return reply.status(503).type('application/problem+json').send(problem);
  });
  app.get('/metrics', { schema: UNDOCUMENTED }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  return { app, metrics };
};

// Clients open connections ahead. One over which nothing has come yet is not idle to Node: a drain would
// wait for it until the request that never comes is overdue.
const silentConnections = (server: Server): ReadonlySet<Socket> => {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => silent.delete(socket));
  return silent;
};

const failingChecks = async (
  checks: Readonly<Record<string, ReadinessCheck>>,
): Promise<string[]> => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return (await check()) ? undefined : name;
      } catch {
        return name;
      }
    }),
  );
  return results.filter((name) => name !== undefined);
};

// Fastify's own refusals of bad input carry a 4xx status and a message that is safe to show.
const fromFramework = (error: unknown): unknown => {
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return error;
  const { message } = error as { message: string };
  const code =
    status === 413 ? 'DOCUMENT_TOO_LARGE' : status === 404 ? 'NOT_FOUND' : 'BAD_USER_INPUT';
  return new MarqueeError(code, {}, { message });
};
