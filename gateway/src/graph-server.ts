import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { MarqueeError } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import { refuseApolloTelemetry } from './config.ts';
import { toClientError } from './errors/client-error.ts';
import type { GatewayContext } from './gateway-context.ts';
import { createAddressLimit, type AddressLimits } from './limits/address-limit.ts';
import type { OperationLimits } from './limits/limits.ts';
import { createShapeRule } from './limits/operation-shape.ts';
import { createShadowedKeyRule, keyFieldsOf } from './limits/shadowed-key.ts';
import { createSandboxPage } from './pages/sandbox-page.ts';
import { createRequestPlugin } from './request-plugin.ts';
import {
  createSubgraphClient,
  type SubgraphClient,
  type SubgraphClientLimits,
} from './subgraphs/subgraph-client.ts';
import { SubgraphDataSource } from './subgraphs/subgraph-data-source.ts';

export interface GraphServer {
  readonly apollo: ApolloServer<GatewayContext>;
  close(): Promise<void>;
}

/**
 * Apollo Server over the supergraph, started. It reaches out to its subgraphs and to nobody else,
 * whatever the environment holds of Apollo's variables.
 *
 * @throws CONFIGURATION_INVALID for the URL of a subgraph that the supergraph does not have.
 */
export const startGraphServer = async (options: {
  readonly supergraphSdl: string;
  readonly subgraphUrls: ReadonlyMap<string, string>;
  readonly subgraphLimits: SubgraphClientLimits;
  readonly operationLimits: OperationLimits;
  readonly openMutationsLimits: AddressLimits;
  readonly now: () => number;
  readonly introspection: boolean;
  readonly logger: Logger;
}): Promise<GraphServer> => {
  const { supergraphSdl, subgraphUrls, operationLimits, introspection, logger } = options;
  const clients = new Map<string, SubgraphClient>();
  refuseApolloTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: quietLogger(logger),
    // What is checked in was composed and checked; once more only delays the start.
    validateSupergraph: false,
    __exposeQueryPlanExperimental: false,
    buildService: ({ name, url }) => {
      const client = createSubgraphClient(
        subgraphUrls.get(name) ?? url ?? '',
        options.subgraphLimits,
      );
      clients.set(name, client);
      return new SubgraphDataSource(name, client, logger);
    },
  });
  const apollo = new ApolloServer<GatewayContext>({
    gateway,
    logger: quietLogger(logger),
    nodeEnv: 'production',
    introspection,
    // Suggestions give away no more than introspection does.
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: operationLimits.tokensMax },
    validationRules: [
      createShapeRule(operationLimits),
      createShadowedKeyRule(keyFieldsOf(supergraphSdl)),
    ],
    formatError: (formatted) => toClientError(formatted),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      createSandboxPage(),
      createRequestPlugin({
        complexityMax: operationLimits.complexityMax,
        openMutations: createAddressLimit(options.openMutationsLimits),
        now: options.now,
        logger,
      }),
    ],
  });
  await apollo.start();
  const unknown = [...subgraphUrls.keys()].filter((name) => !clients.has(name));
  if (unknown.length > 0) {
    const message = `The supergraph has no subgraph ${unknown.join(', ')}: expected ${[...clients.keys()].join(', ')}`;
    throw new MarqueeError('CONFIGURATION_INVALID', {}, { message });
  }
  return {
    apollo,
    close: async () => {
      await apollo.stop();
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
};

// Apollo's libraries tell of every schema that they load; that is no event of ours.
const quietLogger = (logger: Logger) => ({
  debug: (message?: unknown) => logger.debug(String(message)),
  info: (message?: unknown) => logger.debug(String(message)),
  warn: (message?: unknown) => logger.warn(String(message)),
  error: (message?: unknown) => logger.error(String(message)),
});
