import { dirname } from 'node:path';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastifyStatic from '@fastify/static';
import { MarqueeError, toProblem } from '@marquee/errors';
import {
  createHandedOnSigner,
  createServiceTokenSource,
  createUserTokenVerifier,
  VIEWER_HEADER,
} from '@marquee/identity';
import { createHttpService, ROUTING_HEADER, type Logger } from '@marquee/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { GatewayConfig } from './config.ts';
import { toClientError } from './errors/client-error.ts';
import type { GatewayContext } from './gateway-context.ts';
import { startGraphServer, type GraphServer } from './graph-server.ts';
import { addGraphiql } from './pages/graphiql.ts';
import { addSecurityHeaders } from './pages/security-headers.ts';
import { addWebClient } from './pages/web-client.ts';
import { ReadBudget } from './subgraphs/read-budget.ts';
import { createViewerSessions } from './viewer/viewer-session.ts';

/**
 * The gateway, ready to listen: the graph at /graphql, GraphiQL at /graphiql, the web clients. A
 * subgraph that is down makes fields null, not the gateway unready: the others go on.
 */
export const createGateway = async (
  config: GatewayConfig,
  dependencies: {
    readonly supergraphSdl: string;
    readonly logger: Logger;
    readonly now: () => number;
  },
): Promise<{ app: FastifyInstance; close: () => Promise<void> }> => {
  const { logger } = dependencies;
  const graph = await startGraphServer({ ...config, ...dependencies });
  const { trustedProxies } = config;
  const { app } = createHttpService({
    logger,
    readiness: {},
    ...(trustedProxies.length === 0 ? {} : { fastify: { trustProxy: [...trustedProxies] } }),
  });
  addSecurityHeaders(app);
  await app.register(fastifyStatic, {
    root: dirname(config.supergraphFile),
    serve: false,
    cacheControl: false,
  });
  await app.register(async (scope) => {
    addGraph(scope, graph, createContext(config, dependencies.now));
  });
  addGraphiql(app);
  for (const [prefix, folder] of Object.entries(config.clients)) addWebClient(app, prefix, folder);
  return { app, close: () => graph.close() };
};

type CreateContext = (request: FastifyRequest) => Promise<GatewayContext>;

const createContext = (config: GatewayConfig, now: () => number): CreateContext => {
  const sessionOf = createViewerSessions({
    verifier: createUserTokenVerifier(config.userTokenPublicKey),
    signer: createHandedOnSigner(config.viewerPrivateKey),
    now,
  });
  const serviceToken = createServiceTokenSource({
    secret: config.serviceSecret,
    service: 'gateway',
    now,
  });
  return async (request) => {
    const session = await sessionOf(request.headers.authorization);
    const wantsRouting =
      session?.viewer.role === 'ADMIN' && request.headers[ROUTING_HEADER] === '1';
    return {
      requestId: request.id,
      address: request.ip,
      viewer: session?.viewer,
      routing: wantsRouting ? [] : undefined,
      readBudget: new ReadBudget(config.subgraphLimits.readBudgetMs, () => performance.now()),
      subgraphHeaders: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${await serviceToken.current()}`,
        'x-request-id': request.id,
        ...(session ? { [VIEWER_HEADER]: session.handedOn } : {}),
        ...(wantsRouting ? { [ROUTING_HEADER]: '1' } : {}),
      },
    };
  };
};

const addGraph = (
  scope: FastifyInstance,
  graph: GraphServer,
  createContext: CreateContext,
): void => {
  // What Fastify refuses (a body that is no JSON, or too large) is an answer of the graph as well.
  scope.setErrorHandler(async (error, request, reply) => {
    const { code, status, detail } = toProblem(fromFramework(error), request.id);
    const answer = toClientError({ message: detail, extensions: { code, requestId: request.id } });
    if (code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
    return reply.status(status).send({ errors: [answer] });
  });
  scope.addHook('preHandler', async (request) => {
    const variables = (request.body as { variables?: unknown } | null | undefined)?.variables ?? {};
    if (typeof variables === 'object' && !Array.isArray(variables)) return;
    throw new MarqueeError(
      'BAD_USER_INPUT',
      { argument: 'variables' },
      { message: '`variables`: expected an object' },
    );
  });
  scope.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: fastifyApolloHandler(graph.apollo, {
      context: async (request) => {
        try {
          return await createContext(request);
        } catch (error) {
          throw toGraphQLError(error);
        }
      },
    }),
  });
};

const toGraphQLError = (error: unknown): GraphQLError => {
  const { code, status, detail } = toProblem(error);
  const headers = new Map(code === 'UNAUTHENTICATED' ? [['www-authenticate', 'Bearer']] : []);
  return new GraphQLError(detail, { extensions: { code, http: { status, headers } } });
};

const fromFramework = (error: unknown): unknown => {
  const { statusCode, message } = error as { statusCode?: unknown; message: string };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return error;
  return new MarqueeError(
    statusCode === 413 ? 'DOCUMENT_TOO_LARGE' : 'BAD_USER_INPUT',
    {},
    { message },
  );
};
