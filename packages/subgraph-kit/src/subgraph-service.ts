import { randomBytes } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { MarqueeError } from '@marquee/errors';
import {
  bearerToken,
  createHandedOnVerifier,
  createServiceTokenVerifier,
  VIEWER_HEADER,
  type TokenViewer,
} from '@marquee/identity';
import {
  createHttpService,
  READ_BUDGET_HEADER,
  ROUTING_HEADER,
  type Logger,
  type ReadinessCheck,
} from '@marquee/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Kind, parse, type GraphQLFieldResolver, type GraphQLScalarType } from 'graphql';
import { formatError } from './graphql-errors.ts';
import { RequestScope } from './request-scope.ts';
import { responsePlugin } from './response-plugin.ts';
import { scalars } from './scalars.ts';
import type { ReadDeadline, ShardRouter } from './data-layer.ts';

/** Longest document that a subgraph parses: the gateway's own are far below. */
export const DOCUMENT_TOKENS_MAX = 20_000;

/** What every resolver gets; `sources` are this request's data sources. */
export interface SubgraphContext<Sources> {
  readonly scope: RequestScope;
  readonly sources: Sources;
  readonly requestId: string;
}

// Of each resolver's arguments only the schema knows the types; resolvers state them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Resolver<Sources> = GraphQLFieldResolver<any, SubgraphContext<Sources>>;

export type Resolvers<Sources> = Readonly<
  Record<string, Readonly<Record<string, Resolver<Sources>>> | GraphQLScalarType>
>;

/** One subgraph: its schema, its resolvers, and the data sources that they ask. */
export interface SubgraphDefinition<Sources> {
  readonly name: string;
  /** The text of `schema.graphql`. */
  readonly typeDefs: string;
  readonly resolvers: Resolvers<Sources>;
  readonly createSources: (scope: RequestScope) => Sources;
  /** Work of the process beside its requests, from its start until it ends. */
  readonly startBackground?: (
    services: Pick<SubgraphServiceOptions, 'router' | 'logger' | 'now'>,
  ) => { close(): Promise<void> };
}

export interface SubgraphServiceOptions {
  readonly router: ShardRouter;
  readonly serviceSecret: string;
  readonly viewerPublicKey: Parameters<typeof createHandedOnVerifier>[0];
  readonly logger: Logger;
  readonly now: () => number;
  /** A deadline that begins now; `budgetMs` is what the gateway gives for reading, if it says so. */
  readonly newReadDeadline: (budgetMs: number | undefined) => ReadDeadline | undefined;
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
}

/**
 * The HTTP service of a subgraph, not yet listening: `POST /graphql` for whoever shows the service
 * token, on behalf of nobody or of a viewer whom the gateway has signed (else 401), beside the pages of every service.
 */
export const createSubgraphService = async <Sources>(
  definition: SubgraphDefinition<Sources>,
  options: SubgraphServiceOptions,
): Promise<FastifyInstance> => {
  const { app } = createHttpService({
    logger: options.logger,
    readiness: options.readiness ?? {},
    fastify: { requestIdHeader: 'x-request-id' },
  });
  const server = new ApolloServer<SubgraphContext<Sources>>({
    schema: schemaOf(definition),
    logger: options.logger,
    formatError,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    // `_service { sdl }`, by which federation asks for the schema, is not introspection.
    introspection: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    parseOptions: { maxLexicalTokens: DOCUMENT_TOKENS_MAX },
    stopOnTerminationSignals: false,
    plugins: [
      responsePlugin(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
  await server.start();
  app.addHook('onClose', () => server.stop());
  if (definition.startBackground !== undefined) {
    const background = definition.startBackground(options);
    app.addHook('onClose', () => background.close());
  }

  const verifyService = createServiceTokenVerifier(options.serviceSecret);
  const readViewer = createViewerReader(options);
  const viewers = new WeakMap<FastifyRequest, TokenViewer | undefined>();
  app.route({
    method: 'POST',
    url: '/graphql',
    // Before the body is read: who may not ask does not get to send much either.
    onRequest: async (request) => {
      const token = bearerToken(request.headers.authorization);
      if (token === undefined) throw new MarqueeError('UNAUTHENTICATED');
      await verifyService(token, options.now());
      viewers.set(request, await readViewer(request));
    },
    handler: fastifyApolloHandler(server, {
      context: async (request) => {
        const viewer = viewers.get(request);
        const budgetMs = readBudgetOf(request);
        const scope = new RequestScope({
          viewer,
          router: options.router,
          now: options.now,
          randomBytes,
          newReadDeadline: () => options.newReadDeadline(budgetMs),
          logger: options.logger.child({ requestId: request.id }),
          traceRouting: viewer?.role === 'ADMIN' && request.headers[ROUTING_HEADER] === '1',
        });
        return {
          scope,
          sources: definition.createSources(scope),
          requestId: request.id,
        };
      },
    }),
  });
  return app;
};

/** Only whoever shows the service token gets here; what is no number says nothing. */
const readBudgetOf = ({ headers }: FastifyRequest): number | undefined => {
  const header = headers[READ_BUDGET_HEADER];
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
};

const createViewerReader = (options: SubgraphServiceOptions) => {
  const verifier = createHandedOnVerifier(options.viewerPublicKey);
  return async (request: FastifyRequest): Promise<TokenViewer | undefined> => {
    const token = request.headers[VIEWER_HEADER];
    if (token === undefined) return undefined;
    if (typeof token !== 'string') throw new MarqueeError('UNAUTHENTICATED');
    return verifier.verify(token, options.now());
  };
};

const schemaOf = <Sources>({ typeDefs, resolvers }: SubgraphDefinition<Sources>) => {
  const document = parse(typeDefs);
  const declared = new Set(
    document.definitions.flatMap((node) =>
      node.kind === Kind.SCALAR_TYPE_DEFINITION ? [node.name.value] : [],
    ),
  );
  const ours = Object.fromEntries(Object.entries(scalars).filter(([name]) => declared.has(name)));
  return buildSubgraphSchema({ typeDefs: document, resolvers: { ...resolvers, ...ours } as never });
};
